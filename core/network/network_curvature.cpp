#include "core/network/network_curvature.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/network/memory_meter.h"
#include "core/network/threads.h"

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
    use_threads(options_.threads);
    sample_.inputs = sample_.inputs.to(options_.scalar);
    if (sample_.targets.is_floating_point())
        sample_.targets = sample_.targets.to(options_.scalar);
    parameters_ = tensors(theta_, true);
    for (const LayoutBlock& block : model_->buffer_layout.blocks)
        buffers_.push_back(at::from_blob(const_cast<float*>(buffers.data() + block.offset), block.shape, at::kFloat)
                               .to(options_.scalar, false, true));
    const std::int64_t count = sample_.inputs.size(0);
    const auto step = static_cast<std::int64_t>(std::max<std::size_t>(options_.chunk, 1));
    for (std::int64_t first = 0; first < count; first += step)
        chunks_.push_back({first, std::min(step, count - first), {}});
}

/// Numbers of a flat array as tensors of the layout's shapes, in the type that everything is computed in.
NetworkCurvature::Tensors NetworkCurvature::tensors(std::span<const double> numbers, bool leaves) const
{
    Tensors all;
    for (const LayoutBlock& block : layout().blocks) {
        const at::Tensor view =
            at::from_blob(const_cast<double*>(numbers.data() + block.offset), block.shape, at::kDouble);
        all.push_back(view.to(options_.scalar, false, true).requires_grad_(leaves));
    }
    return all;
}

/// Adds what is there (a block that nothing depends on has no tensor) to a flat array.
void NetworkCurvature::add(const Tensors& parts, std::span<double> sum) const
{
    const at::NoGradGuard guard;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const LayoutBlock& block = layout().blocks[i];
        if (parts[i].defined())
            at::from_blob(sum.data() + block.offset, block.shape, at::kDouble).add_(parts[i]);
    }
}

NetworkCurvature::Sample NetworkCurvature::examples(const Chunk& chunk) const
{
    return {
        sample_.inputs.narrow(0, chunk.first, chunk.count), sample_.targets.narrow(0, chunk.first, chunk.count), {}};
}

at::Tensor NetworkCurvature::outputs(const at::Tensor& inputs, const Tensors& parameters) const
{
    return model_->forward(
        {.examples = inputs, .parameters = parameters, .buffers = buffers_, .training = false, .dropout = {}});
}

double NetworkCurvature::evaluate(std::span<const double> elsewhere, std::span<double> gradient)
{
    use_threads(options_.threads);
    const at::AutoGradMode mode(!gradient.empty());
    const Tensors parameters = tensors(elsewhere, !gradient.empty());
    std::fill(gradient.begin(), gradient.end(), 0.0);
    double sum = 0;
    for (const Chunk& chunk : chunks_) {
        const Sample sample = examples(chunk);
        const at::Tensor loss = summed_loss(loss_, outputs(sample.inputs, parameters), sample.targets) / count_;
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

NetworkCurvature::Graph NetworkCurvature::build(const Chunk& chunk) const
{
    const Sample sample = examples(chunk);
    Graph graph;
    graph.outputs = outputs(sample.inputs, parameters_);
    graph.slope = loss_slope(loss_, graph.outputs, sample.targets) / count_;
    graph.gradient = torch::autograd::grad({graph.outputs}, parameters_, {graph.slope}, true, true);
    return graph;
}

/// A chunk's graph is kept when it fits, and not even built when the one before shows that it will not.
void NetworkCurvature::keep_graphs()
{
    std::size_t expected = 0;
    for (Chunk& chunk : chunks_) {
        if (kept_ + expected > options_.kept_bytes)
            break;
        const MemoryMeter meter;
        Graph graph = build(chunk);
        expected = static_cast<std::size_t>(std::max<std::int64_t>(meter.bytes(), 0));
        if (kept_ + expected > options_.kept_bytes)
            break;
        kept_ += expected;
        chunk.graph = std::move(graph);
    }
    tried_to_keep_ = true;
}

void NetworkCurvature::product(CurvatureMatrix matrix, std::span<const double> v, std::span<double> out)
{
    assert(v.size() == dim() && out.size() == dim());
    use_threads(options_.threads);
    const at::AutoGradMode mode(true);
    if (!tried_to_keep_)
        keep_graphs();
    const Tensors direction = tensors(v, false);
    std::fill(out.begin(), out.end(), 0.0);
    for (const Chunk& chunk : chunks_)
        add(product(chunk.graph ? *chunk.graph : build(chunk), matrix, direction), out);
}

/// One chunk's share of matrix * v. The graph stays as it is.
NetworkCurvature::Tensors NetworkCurvature::product(const Graph& graph, CurvatureMatrix matrix, const Tensors& v) const
{
    if (matrix == CurvatureMatrix::hessian)
        return torch::autograd::grad(graph.gradient, parameters_, v, true, false, true);
    const at::Tensor tangents = torch::autograd::grad(graph.gradient, {graph.slope}, v, true).front();  // row i: J_i v
    at::Tensor pulled;
    {
        const at::NoGradGuard guard;
        pulled = matrix == CurvatureMatrix::gauss_newton
                     ? loss_curvature(loss_, graph.outputs, tangents) / count_
                     : graph.slope * ((graph.slope * count_) * tangents).sum(1, true);
    }
    return torch::autograd::grad({graph.outputs}, parameters_, {pulled}, true, false, true);
}

}  // namespace basin
