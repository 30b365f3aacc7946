// What a network's state is worth, over whole data sets.
#include <algorithm>
#include <stdexcept>

#include "core/network/network_objective.h"
#include "core/network/threads.h"

namespace basin {

std::vector<std::string> NetworkObjective::metric_keys() const
{
    std::vector<std::string> keys{"train_loss", "test_loss", "test_accuracy", "clean_accuracy"};
    if (data_->set.flipped > 0)
        keys.insert(keys.end(), {"flipped_fitted", "flipped_corrected"});
    return keys;
}

NetworkObjective::Judgement NetworkObjective::judge(const at::Tensor& inputs, const at::Tensor& labels,
                                                    const EvaluationArrays& arrays,
                                                    const std::function<bool(std::size_t)>& go_on)
{
    Judgement result;
    const auto count = static_cast<std::size_t>(labels.numel());
    for (std::size_t first = 0; first < count && go_on(first); first += sizes_.evaluation) {
        const auto begin = static_cast<std::int64_t>(first);
        const auto taken = static_cast<std::int64_t>(std::min(sizes_.evaluation, count - first));
        const at::Tensor z = logits(inputs.narrow(0, begin, taken), arrays, {}, {.full_data = true});
        result.loss += summed_loss(loss_, z, labels.narrow(0, begin, taken)).item<double>();
        const at::Tensor classes = z.argmax(1).cpu();
        const auto* predicted = classes.const_data_ptr<std::int64_t>();
        result.classes.insert(result.classes.end(), predicted, predicted + taken);
    }
    result.loss /= static_cast<double>(count);
    return result;
}

/// The host's numbers on this place: a view on the CPU.
at::Tensor NetworkObjective::here(std::span<const float> numbers) const
{
    return place_.here(
        at::from_blob(const_cast<float*>(numbers.data()), {static_cast<std::int64_t>(numbers.size())}, at::kFloat));
}

std::optional<std::vector<double>> NetworkObjective::metrics(std::span<const float> theta,
                                                             std::span<const float> buffers,
                                                             const std::stop_token& stop,
                                                             const std::function<void(double)>& progress)
{
    const TorchScope scope(place_);
    spread_threads(place_.team());
    const at::NoGradGuard guard;
    Judgement train;
    Judgement test;
    const DataSet& set = data_->set;
    const auto all = static_cast<double>(set.train.size() + set.test.size());
    // Of the training examples first, then of the test examples.
    const auto go_on_after = [&](std::size_t before) {
        return [&, before](std::size_t done) {
            if (progress)
                progress(static_cast<double>(before + done) / all);
            return !stop.stop_requested();
        };
    };
    in_words(
        place_, [&] { return "metrics of " + std::to_string(sizes_.evaluation) + " examples at once"; },
        [&] {
            const at::Tensor here_theta = here(theta);
            const at::Tensor here_buffers = here(buffers);
            EvaluationArrays arrays;
            arrays.theta = here_theta.const_data_ptr<float>();
            arrays.buffers = const_cast<float*>(here_buffers.const_data_ptr<float>());  // no update is wanted
            train = judge(data_->train_inputs, data_->train_labels, arrays, go_on_after(0));
            if (!stop.stop_requested())
                test = judge(data_->test_inputs, data_->test_labels, arrays, go_on_after(set.train.size()));
        });
    if (train.classes.size() < set.train.size() || test.classes.size() < set.test.size())
        return std::nullopt;

    std::size_t right = 0;
    for (std::size_t i = 0; i < set.test.size(); ++i)
        right += test.classes[i] == set.test.labels[i] ? 1 : 0;
    std::size_t clean = 0;
    std::size_t fitted = 0;
    std::size_t corrected = 0;
    for (std::size_t i = 0; i < set.train.size(); ++i) {
        const bool flipped = set.train.labels[i] != set.true_labels[i];
        const bool as_given = train.classes[i] == set.train.labels[i];
        clean += !flipped && as_given ? 1 : 0;
        fitted += flipped && as_given ? 1 : 0;
        corrected += flipped && train.classes[i] == set.true_labels[i] ? 1 : 0;
    }
    const auto share = [](std::size_t part, std::size_t whole) {
        return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
    };
    std::vector<double> values{train.loss, test.loss, share(right, set.test.size()),
                               share(clean, set.train.size() - set.flipped)};
    if (set.flipped > 0)
        values.insert(values.end(), {share(fitted, set.flipped), share(corrected, set.flipped)});
    return values;
}

}  // namespace basin
