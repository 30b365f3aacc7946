// Hessian products over gradients of as many examples: many products on one sample, and one from scratch. A LeNet on
// Fashion-MNIST, and a ResNet-20 on images of CIFAR's shape.
#include <optional>
#include <string>
#include <vector>

#include "bench/image_set.h"
#include "bench/pairs.h"
#include "core/compute/backend.h"
#include "core/compute/philox.h"
#include "core/network/network.h"
#include "core/run/objectives.h"

namespace basin::bench {

namespace {

constexpr std::uint64_t kSeed = 1;

/// A training batch and a curvature's sample of one size, near a network's start.
class Network {
public:
    Network(Backend& backend, const std::string& name, std::size_t examples)
        : request_{.sample = examples, .seed = kSeed, .kept_bytes = std::size_t{4} << 30U}
    {
        const NetworkEntry& entry = find_network(name);
        Params params(network_schema(entry));
        params.set("train_size", std::int64_t{6000});
        params.set("batch_size", static_cast<std::int64_t>(examples));
        objective_ = name == "resnet" ? make_network_objective(entry, params, backend, cifar_shaped(examples, kSeed))
                                      : make_network_objective(entry, params, backend, kSeed);
        theta_.resize(objective_->dim());
        gradient_.resize(objective_->dim());
        buffers_.resize(objective_->buffer_layout().size());
        objective_->start(theta_, buffers_, 1, {}, kSeed);
        for (std::size_t i = 0; i < objective_->dim(); ++i)
            v_.push_back(static_cast<double>(philox::normal_at({kSeed, Stream::probe, 1, 0, 0}, i)));
        out_.resize(v_.size());
        kept_ = objective_->curvature(theta_, buffers_, request_);
        request_.kept_bytes = 0;
        anew_ = objective_->curvature(theta_, buffers_, request_);
    }

    void gradient()
    {
        EvaluationArrays arrays;
        arrays.theta = theta_.data();
        arrays.buffers = buffers_.data();
        arrays.gradient = gradient_.data();
        objective_->evaluate(arrays, {.seed = kSeed}, {});
    }
    void product(CurvatureMatrix matrix) { kept_->product(matrix, v_, out_); }
    void product_from_scratch() { anew_->product(CurvatureMatrix::hessian, v_, out_); }
    std::size_t kept_megabytes() const { return kept_->kept_bytes() >> 20U; }

private:
    CurvatureRequest request_;
    std::unique_ptr<Objective> objective_;
    std::unique_ptr<Curvature> kept_;
    std::unique_ptr<Curvature> anew_;
    std::vector<float> theta_;
    std::vector<float> buffers_;
    std::vector<float> gradient_;
    std::vector<double> v_;
    std::vector<double> out_;
};

/// The largest ratios wanted.
struct Wanted {
    std::optional<Bound> kept;
    std::optional<Bound> from_scratch;
};

std::vector<Line> measured(const std::string& name, const std::vector<std::size_t>& sizes, const Wanted& wanted,
                           std::size_t pairs)
{
    const auto backend = make_cpu_backend();
    std::vector<Line> lines;
    for (const std::size_t examples : sizes) {
        Network network(*backend, name, examples);
        // Enough of each that one measurement takes some 0.1 s.
        const std::size_t repeats = name == "lenet" ? 2048 / examples : 1;
        const auto repeated = [&](auto work) {
            return [work, repeats] {
                for (std::size_t i = 0; i < repeats; ++i)
                    work();
            };
        };
        const Contender gradient{"gradient", repeated([&] { network.gradient(); })};
        const auto line = [&](const std::string& text, auto work, std::optional<Bound> bound) {
            const Ratio ratio = time_pairs({text, repeated(work)}, gradient, pairs);
            lines.push_back({text + " over gradient, " + std::to_string(examples) + " images", ratio, bound,
                             std::to_string(backend->threads()) + " threads, " +
                                 std::to_string(network.kept_megabytes()) + " MiB kept"});
        };
        using enum CurvatureMatrix;
        line(
            "Hessian product, kept", [&] { network.product(hessian); }, wanted.kept);
        line(
            "Hessian product from scratch", [&] { network.product_from_scratch(); }, wanted.from_scratch);
        line("Gauss-Newton product, kept", [&] { network.product(gauss_newton); }, {});
    }
    return lines;
}

}  // namespace

Case curvature_case()
{
    return {"curvature", "LeNet: exact Hessian products, many on one sample and from scratch", [](std::size_t pairs) {
                return measured("lenet", {128, 1024},
                                {Bound{Bound::Kind::at_most, 2.4}, Bound{Bound::Kind::at_most, 3.5}}, pairs);
            }};
}

Case curvature_resnet_case()
{
    return {"curvature_resnet", "ResNet-20 on 3 x 32 x 32 images: exact Hessian products", [](std::size_t pairs) {
                return measured("resnet", {128, 512}, {}, pairs);
            }};
}

}  // namespace basin::bench
