#include "core/network/network_objective.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "core/compute/philox.h"
#include "core/network/curvature_cost.h"
#include "core/network/evaluation_memory.h"
#include "core/network/network_curvature.h"
#include "core/network/seeded_sample.h"
#include "core/network/threads.h"
#include "core/network/torch_cuda.h"

namespace basin {
namespace {

void require_one_chain(std::size_t chains)
{
    if (chains != 1)
        throw std::invalid_argument("chains: a network runs 1 chain, and " + std::to_string(chains) + " are asked for");
}

/// value = centre + spread * (2 u - 1), u from output i mod 4 of block i div 4 of Stream::initialisation.
void fill(std::span<float> values, const Layout& layout, const std::vector<BlockStart>& starts, std::uint64_t seed)
{
    const RngKey key{seed, Stream::initialisation, 0, 0, 0};
    for (std::size_t b = 0; b < layout.blocks.size(); ++b) {
        const LayoutBlock& block = layout.blocks[b];
        for (std::size_t i = block.offset; i < block.offset + block.size(); ++i) {
            const float u = starts[b].spread > 0 ? philox::uniform(philox::word_at(key, i)) : 0.5F;
            values[i] = starts[b].centre + starts[b].spread * (2 * u - 1);
        }
    }
}

}  // namespace

NetworkObjective::NetworkObjective(std::shared_ptr<const Model> model, std::shared_ptr<const TensorData> data,
                                   NetworkLoss loss, Sizes sizes, TorchPlace place)
    : model_(std::move(model)),
      data_(std::move(data)),
      loss_(loss),
      sizes_(sizes),
      place_(std::move(place)),
      batches_(data_, sizes.batch, place_),
      parameters_(model_->layout, true, place_.device),
      gradients_(model_->layout, false, place_.device),
      graphs_(place_.on_cpu() ? MakeStepGraph() : make_step_graph)
{
}

void NetworkObjective::start(std::span<float> theta, std::span<float> buffers, std::size_t chains,
                             const StartSpec& spec, std::uint64_t seed)
{
    require_one_chain(chains);
    if (!spec.points.empty())
        throw std::invalid_argument(
            "start.points: a network starts at its random initialisation; leave the points out");
    fill(theta, layout(), model_->starts, seed);
    fill(buffers, buffer_layout(), model_->buffer_starts, seed);
    if (spec.spread > 0) {
        const RngKey key{seed, Stream::start, 0, 0, 0};
        for (std::size_t i = 0; i < theta.size(); ++i)
            theta[i] += static_cast<float>(spec.spread) * philox::normal_at(key, i);
    }
}

std::size_t NetworkObjective::examples(BatchKey key, Want want) const
{
    return want.full_data ? data_->set.train.size() : batches_.order().batch_size(key.step);
}

at::Tensor NetworkObjective::logits(const at::Tensor& inputs, const EvaluationArrays& arrays, const BatchKey& key,
                                    Want want)
{
    std::vector<at::Tensor> buffers;
    if (const auto count = static_cast<std::int64_t>(buffer_layout().size()); count > 0) {
        at::Tensor all = place_.view(arrays.buffers, {count});
        if (!want.full_data && !want.update_buffers)
            all = all.clone();  // training writes to them
        for (const LayoutBlock& block : buffer_layout().blocks)
            buffers.push_back(
                all.narrow(0, static_cast<std::int64_t>(block.offset), static_cast<std::int64_t>(block.size()))
                    .view(block.shape));
    }
    const RngKey dropout{key.seed, Stream::dropout, static_cast<std::uint32_t>(key.step), key.draw, key.lane};
    return model_->forward({.examples = inputs,
                            .parameters = parameters_.of(const_cast<float*>(arrays.theta)),  // leaves, never written
                            .buffers = buffers,
                            .training = !want.full_data,
                            .dropout = dropout});
}

void NetworkObjective::evaluate(const EvaluationArrays& arrays, BatchKey key, Want want)
{
    require_one_chain(arrays.chains);
    const TorchScope scope(place_);
    spread_threads(place_.team());
    const at::AutoGradMode mode(want.gradient);
    in_words(
        place_,
        [&] {
            return (want.full_data ? "evaluating " : "a batch of ") +
                   std::to_string(want.full_data ? sizes_.evaluation : examples(key, want)) + " examples";
        },
        [&] {
            if (want.full_data)
                evaluate_all(arrays, key, want);
            else if (place_.on_cpu())
                evaluate_batch(batches_.gather(key), arrays, key, want);
            else
                queue_batch(arrays, key, want);
        });
}

/// Which examples they are changes with every step, all else is the same and can be recorded: but for dropout, whose
/// masks depend on the step.
void NetworkObjective::queue_batch(const EvaluationArrays& arrays, const BatchKey& key, Want want)
{
    const std::int64_t count = batches_.choose(key);
    const auto work = [&] { evaluate_batch(batches_.chosen(count), arrays, key, want); };
    if (model_->draws_dropout)
        work();
    else
        graphs_.run(arrays, want, count, work);
}

void NetworkObjective::give_loss(const EvaluationArrays& arrays, const at::Tensor& loss) const
{
    if (place_.on_cpu())
        *arrays.losses = loss.item<float>();
    else
        place_.view(arrays.losses, {}).copy_(loss.detach(), true);
}

void NetworkObjective::evaluate_batch(const Batch& batch, const EvaluationArrays& arrays, const BatchKey& key,
                                      Want want)
{
    const at::Tensor loss = [&] {
        const MixedPrecision mixed(place_);
        return mean_loss(loss_, logits(batch.inputs, arrays, key, want).to(at::kFloat), batch.labels);
    }();
    if (want.gradient) {
        const std::vector<at::Tensor> parts =
            torch::autograd::grad({loss}, parameters_.of(const_cast<float*>(arrays.theta)));
        at::_foreach_copy_(gradients_.of(arrays.gradient), parts);
    }
    if (want.losses)
        give_loss(arrays, loss);
}

void NetworkObjective::evaluate_all(const EvaluationArrays& arrays, const BatchKey& key, Want want)
{
    const std::size_t count = data_->set.train.size();
    if (want.gradient)
        place_.view(arrays.gradient, {static_cast<std::int64_t>(dim())}).zero_();
    double sum = 0;
    for (std::size_t first = 0; first < count; first += sizes_.evaluation) {
        const auto taken = static_cast<std::int64_t>(std::min(sizes_.evaluation, count - first));
        const auto begin = static_cast<std::int64_t>(first);
        const at::Tensor loss = mean_loss(loss_, logits(data_->train_inputs.narrow(0, begin, taken), arrays, key, want),
                                          data_->train_labels.narrow(0, begin, taken));
        const double share = static_cast<double>(taken) / static_cast<double>(count);
        sum += share * static_cast<double>(loss.item<float>());
        if (!want.gradient)
            continue;
        const std::vector<at::Tensor> parts =
            torch::autograd::grad({loss}, parameters_.of(const_cast<float*>(arrays.theta)));
        const std::vector<at::Tensor>& to = gradients_.of(arrays.gradient);
        for (std::size_t i = 0; i < parts.size(); ++i)
            to[i].add_(parts[i], share);
    }
    if (want.losses)
        give_loss(arrays, at::scalar_tensor(sum).to(at::kFloat));
}

std::unique_ptr<Curvature> NetworkObjective::curvature(std::span<const float> theta, std::span<const float> buffers,
                                                       const CurvatureRequest& request)
{
    const TorchScope scope(place_);
    auto [inputs, labels] = seeded_sample(data_->train_inputs, data_->train_labels,
                                          {"sample", "training", request.sample, request.seed, kTrainingDraw});
    const std::vector<double> start(theta.begin(), theta.end());
    return std::make_unique<NetworkCurvature>(
        model_, loss_, NetworkCurvature::Sample{inputs, labels, data_}, start, buffers,
        NetworkCurvature::Options{.kept_bytes = request.kept_bytes, .place = place_});
}

MemoryNeed NetworkObjective::memory() const
{
    use_threads(1);  // a few examples
    MemoryNeed need;
    for (const at::Tensor& tensor : {data_->train_inputs, data_->train_labels, data_->test_inputs, data_->test_labels})
        need.data += tensor.nbytes();
    const auto bytes = [this](std::size_t examples, bool gradient) {
        return evaluation_bytes(*model_, loss_, data_->set.example_shape, static_cast<std::int64_t>(examples),
                                gradient);
    };
    need.evaluation = std::max(bytes(sizes_.batch, true), bytes(sizes_.evaluation, false));
    return need;
}

std::optional<CurvatureCost> NetworkObjective::curvature_cost(const CurvatureRequest& request,
                                                              CurvatureMatrix matrix) const
{
    const std::size_t all = data_->set.train.size();
    std::vector<std::int64_t> example = data_->batch_shape(1);
    example.erase(example.begin());
    return basin::curvature_cost(*model_, example, request.sample == 0 ? all : std::min(request.sample, all),
                                 NetworkCurvature::Options{}.chunk, request.kept_bytes, matrix);
}

std::unique_ptr<Objective> NetworkObjective::clone(Backend& backend) const
{
    const TorchPlace place = torch_place(backend, place_.precision);
    const TorchScope scope(place);
    return std::make_unique<NetworkObjective>(model_, data_, loss_, sizes_, place);
}

}  // namespace basin
