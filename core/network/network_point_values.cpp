#include "core/network/network_point_values.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "core/network/network_objective.h"
#include "core/network/seeded_sample.h"

namespace basin {
namespace {

/// Examples at once: the activations of so many LeNet examples stay in a core's cache.
constexpr std::int64_t kBatch = 128;

}  // namespace

NetworkPointValues::NetworkPointValues(std::shared_ptr<const Model> model, std::shared_ptr<const TensorData> data,
                                       NetworkLoss loss, std::span<const float> buffers, const PointRequest& request,
                                       TorchPlace place)
    : model_(std::move(model)),
      data_(std::move(data)),
      loss_(loss),
      place_(std::move(place)),
      theta_(model_->layout.size())
{
    const TorchScope scope(place_);
    for (const std::string& key : request.values) {
        const std::size_t which = key.starts_with("test") ? 1 : 0;
        const bool accuracy = key.ends_with("accuracy");
        wanted_.push_back({which, accuracy});
        (accuracy ? samples_[which].accuracy : samples_[which].loss) = true;
    }
    const std::array<SampleDraw, 2> draws{
        SampleDraw{"train_sample", "training", request.train_sample, request.seed, kTrainingDraw},
        SampleDraw{"test_sample", "testing", request.test_sample, request.seed, kTestDraw}};
    for (std::size_t i = 0; i < samples_.size(); ++i) {
        Sample& sample = samples_[i];
        if (!sample.loss && !sample.accuracy)
            continue;
        const auto [inputs, labels] = seeded_sample(i == 0 ? data_->train_inputs : data_->test_inputs,
                                                    i == 0 ? data_->train_labels : data_->test_labels, draws[i]);
        const std::int64_t count = inputs.size(0);
        sample.count = static_cast<double>(count);
        for (std::int64_t first = 0; first < count; first += kBatch) {
            sample.inputs.push_back(inputs.narrow(0, first, std::min(kBatch, count - first)));
            sample.labels.push_back(labels.narrow(0, first, std::min(kBatch, count - first)));
        }
    }
    here_ = place_.here(at::from_blob(theta_.data(), {static_cast<std::int64_t>(theta_.size())}, at::kFloat));
    for (const LayoutBlock& block : model_->layout.blocks)
        parameters_.push_back(place_.view(here_.mutable_data_ptr<float>() + block.offset, block.shape));
    for (const LayoutBlock& block : model_->buffer_layout.blocks)
        buffers_.push_back(at::from_blob(const_cast<float*>(buffers.data() + block.offset), block.shape, at::kFloat)
                               .to(place_.device, at::kFloat, false, true));
}

NetworkPointValues::Answer NetworkPointValues::judge(const Sample& sample) const
{
    Answer answer;
    for (std::size_t i = 0; i < sample.inputs.size(); ++i) {
        const at::Tensor outputs = model_->forward({.examples = sample.inputs[i],
                                                    .parameters = parameters_,
                                                    .buffers = buffers_,
                                                    .training = false,
                                                    .dropout = {}});
        if (sample.loss)
            answer.loss += summed_loss(loss_, outputs, sample.labels[i]).item<double>();
        if (sample.accuracy)
            answer.accuracy += outputs.argmax(1).eq(sample.labels[i]).sum().item<double>();
    }
    return {answer.loss / sample.count, answer.accuracy / sample.count};
}

void NetworkPointValues::at(std::span<const double> theta, std::span<double> values)
{
    assert(theta.size() == theta_.size() && values.size() == wanted_.size());
    const TorchScope scope(place_);
    const c10::InferenceMode guard;
    std::transform(theta.begin(), theta.end(), theta_.begin(), [](double x) { return static_cast<float>(x); });
    std::array<Answer, 2> answers;
    in_words(
        place_, [] { return "a point of " + std::to_string(kBatch) + " examples at once"; },
        [&] {
            if (!place_.on_cpu())
                here_.copy_(at::from_blob(theta_.data(), here_.sizes(), at::kFloat));
            for (std::size_t i = 0; i < samples_.size(); ++i)
                if (!samples_[i].inputs.empty())
                    answers[i] = judge(samples_[i]);
        });
    for (std::size_t i = 0; i < wanted_.size(); ++i)
        values[i] = wanted_[i].accuracy ? answers[wanted_[i].sample].accuracy : answers[wanted_[i].sample].loss;
}

std::vector<std::string> NetworkObjective::point_value_keys() const
{
    return {"train_loss", "train_accuracy", "test_loss", "test_accuracy"};
}

std::unique_ptr<PointValues> NetworkObjective::point_values(std::span<const float> buffers, const PointRequest& request)
{
    check_values(request, point_value_keys());
    return std::make_unique<NetworkPointValues>(model_, data_, loss_, buffers, request, place_);
}

}  // namespace basin
