#include "core/network/network_curvature.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/network/memory_meter.h"

namespace basin {

NetworkCurvature::NetworkCurvature(std::shared_ptr<const Model> model, NetworkLoss loss, Sample sample,
                                   std::span<const double> theta, std::span<const float> buffers,
                                   const Options& options)
    : model_(std::move(model)),
      loss_(loss),
      sample_(std::move(sample)),
      count_(static_cast<double>(sample_.inputs.size(0))),
      theta_(theta.begin(), theta.end()),
      options_(options)
{
    assert(theta_.size() == layout().size() && sample_.targets.size(0) == sample_.inputs.size(0));
    const TorchScope scope(options_.place);
    sample_.inputs = sample_.inputs.to(options_.scalar);
    if (sample_.targets.is_floating_point())
        sample_.targets = sample_.targets.to(options_.scalar);
    parameters_ = tensors(theta_, true);
    for (const LayoutBlock& block : model_->buffer_layout.blocks)
        buffers_.push_back(at::from_blob(const_cast<float*>(buffers.data() + block.offset), block.shape, at::kFloat)
                               .to(options_.place.device, options_.scalar, false, true));
    const std::int64_t count = sample_.inputs.size(0);
    const auto step = static_cast<std::int64_t>(std::max<std::size_t>(options_.chunk, 1));
    for (std::int64_t first = 0; first < count; first += step)
        parts_.push_back({first, std::min(step, count - first), {}});
}

/// Numbers of a flat array as tensors of the layout's shapes, in the type that everything is computed in.
NetworkCurvature::Tensors NetworkCurvature::tensors(std::span<const double> numbers, bool leaves) const
{
    Tensors all;
    for (const LayoutBlock& block : layout().blocks) {
        const at::Tensor view =
            at::from_blob(const_cast<double*>(numbers.data() + block.offset), block.shape, at::kDouble);
        all.push_back(view.to(options_.place.device, options_.scalar, false, true).requires_grad_(leaves));
    }
    return all;
}

/// Adds what is there (a block that nothing depends on has no tensor) to a flat array.
void NetworkCurvature::add(const Tensors& parts, std::span<double> sum) const
{
    const at::NoGradGuard guard;
    if (!options_.place.on_cpu()) {
        add_from_device(parts, sum);
        return;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const LayoutBlock& block = layout().blocks[i];
        if (parts[i].defined())
            at::from_blob(sum.data() + block.offset, block.shape, at::kDouble).add_(parts[i]);
    }
}

/// In one copy: each waits for the GPU.
void NetworkCurvature::add_from_device(const Tensors& parts, std::span<double> sum) const
{
    Tensors flat;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto size = static_cast<std::int64_t>(layout().blocks[i].size());
        flat.push_back(parts[i].defined() ? parts[i].flatten() : at::zeros({size}, parameters_[i].options()));
    }
    at::from_blob(sum.data(), {static_cast<std::int64_t>(sum.size())}, at::kDouble).add_(at::cat(flat).cpu());
}

Chunk NetworkCurvature::chunk(const Part& part, const Tensors& parameters) const
{
    return {.model = *model_,
            .loss = loss_,
            .inputs = sample_.inputs.narrow(0, part.first, part.count),
            .targets = sample_.targets.narrow(0, part.first, part.count),
            .parameters = parameters,
            .buffers = buffers_,
            .count = count_};
}

std::unique_ptr<ChunkProducts> NetworkCurvature::products(const Part& part) const
{
    const Chunk examples = chunk(part, parameters_);
    return options_.by_graph || model_->layers.empty() ? graph_products(examples) : layer_products(examples);
}

double NetworkCurvature::evaluate(std::span<const double> elsewhere, std::span<double> gradient)
{
    const TorchScope scope(options_.place);
    const at::AutoGradMode mode(!gradient.empty());
    const Tensors parameters = tensors(elsewhere, !gradient.empty());
    std::fill(gradient.begin(), gradient.end(), 0.0);
    double sum = 0;
    for (const Part& part : parts_) {
        const Chunk examples = chunk(part, parameters);
        const at::Tensor loss = summed_loss(loss_, examples.outputs(), examples.targets) / count_;
        sum += loss.item<double>();
        if (!gradient.empty())
            add(torch::autograd::grad({loss}, parameters), gradient);
    }
    return sum;
}

double NetworkCurvature::loss()
{
    if (!loss_at_theta_)
        loss_at_theta_ = evaluate(theta_, {});
    return *loss_at_theta_;
}

std::span<const double> NetworkCurvature::gradient()
{
    if (gradient_at_theta_.empty()) {
        gradient_at_theta_.resize(dim());
        loss_at_theta_ = evaluate(theta_, gradient_at_theta_);
    }
    return gradient_at_theta_;
}

/// A chunk is kept when it fits, and not even made when the one before shows that it will not.
void NetworkCurvature::keep()
{
    std::size_t expected = 0;
    for (Part& part : parts_) {
        if (kept_bytes_ + expected > options_.kept_bytes)
            break;
        const MemoryMeter meter;
        auto made = products(part);
        expected = static_cast<std::size_t>(std::max<std::int64_t>(meter.bytes(), 0));
        if (kept_bytes_ + expected > options_.kept_bytes)
            break;
        kept_bytes_ += expected;
        part.kept = std::move(made);
    }
    tried_to_keep_ = true;
}

void NetworkCurvature::product(CurvatureMatrix matrix, std::span<const double> v, std::span<double> out)
{
    assert(v.size() == dim() && out.size() == dim());
    const TorchScope scope(options_.place);
    if (!tried_to_keep_)
        keep();
    const Tensors direction = tensors(v, false);
    std::fill(out.begin(), out.end(), 0.0);
    for (const Part& part : parts_)
        add(part.kept ? part.kept->product(matrix, direction) : products(part)->product(matrix, direction), out);
}

}  // namespace basin
