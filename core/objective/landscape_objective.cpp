#include "core/objective/landscape_objective.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/landscape/kernels.h"

namespace basin {
namespace {

/// Chains of a task: 64 KiB of theta and gradient.
constexpr std::size_t kGrain = 4096;

void check(const StartSpec& spec)
{
    for (std::size_t i = 0; i < spec.points.size(); ++i) {
        const std::vector<double>& point = spec.points[i];
        const bool finite = std::all_of(point.begin(), point.end(), [](double x) { return std::isfinite(x); });
        if (point.size() != 2 || !finite) {
            throw std::invalid_argument("start.points[" + std::to_string(i) +
                                        "]: must be two finite numbers, x and y, and has " +
                                        std::to_string(point.size()));
        }
    }
    if (!(spec.spread >= 0) || !std::isfinite(spec.spread)) {
        throw std::invalid_argument("start.spread: is " + format_number(spec.spread) + " and must be at least 0");
    }
}

class LandscapeValues : public PointValues {
public:
    explicit LandscapeValues(std::shared_ptr<const Landscape> landscape) : landscape_(std::move(landscape)) {}
    void at(std::span<const double> theta, std::span<double> values) override
    {
        values[0] = landscape_->value({theta[0], theta[1]});
    }

private:
    std::shared_ptr<const Landscape> landscape_;
};

}  // namespace

LandscapeObjective::LandscapeObjective(std::shared_ptr<const Landscape> landscape, double gradient_noise,
                                       Backend& backend)
    : landscape_(std::move(landscape)), gradient_noise_(static_cast<float>(gradient_noise)), backend_(&backend)
{
    layout_.append("x", {1}, BlockRole::coordinate);
    layout_.append("y", {1}, BlockRole::coordinate);
    if (backend.device() != Device::cpu) {
        device_ = backend.landscape(kernels().landscape);
        if (device_ == nullptr) {
            throw std::invalid_argument(std::string("objective.landscape: ") + kernels().landscape +
                                        " has no kernels for this GPU and runs on the CPU: choose the device cpu");
        }
    }
}

ParamSpec LandscapeObjective::gradient_noise_param()
{
    return {.key = "gradient_noise",
            .symbol = "s",
            .label = "Gradient noise",
            .help = "Standard deviation of the Gaussian noise on each component of the gradient, as from mini-batches.",
            .default_value = 0.0,
            .minimum = 0.0,
            .maximum = 1e6,
            .slider = {{0.0, 5.0}}};
}

void LandscapeObjective::start(std::span<float> theta, std::span<float>, std::size_t chains, const StartSpec& spec,
                               std::uint64_t seed)
{
    check(spec);
    std::vector<Point> points;
    for (const std::vector<double>& point : spec.points) {
        points.push_back({point[0], point[1]});
    }
    if (points.empty()) {
        points = landscape_->suggestion().starts;
    }
    for (std::size_t chain = 0; chain < chains; ++chain) {
        const Point& point = points[chain * points.size() / chains];
        theta[2 * chain] = static_cast<float>(point.x);
        theta[2 * chain + 1] = static_cast<float>(point.y);
    }
    if (spec.spread > 0) {
        backend_->host().perturb(theta.data(), theta.data(), 2 * chains, static_cast<float>(spec.spread),
                                 NoiseKind::normal, {.seed = seed, .stream = Stream::start});
    }
}

void LandscapeObjective::evaluate(const EvaluationArrays& arrays, BatchKey key, Want want)
{
    if (device_ != nullptr) {
        device_->evaluate(landscape_->functor(), arrays.theta, arrays.chains, want.losses ? arrays.losses : nullptr,
                          want.gradient ? arrays.gradient : nullptr);
    } else {
        const LandscapeKernels& table = kernels();
        backend_->for_blocks(arrays.chains, kGrain, [&](std::size_t first, std::size_t last) {
            table.evaluate(landscape_->functor(), arrays.theta + 2 * first, last - first,
                           want.losses ? arrays.losses + first : nullptr,
                           want.gradient ? arrays.gradient + 2 * first : nullptr);
        });
    }
    if (want.gradient && !want.full_data && gradient_noise_ > 0) {
        backend_->perturb(arrays.gradient, arrays.gradient, 2 * arrays.chains, gradient_noise_, NoiseKind::normal,
                          {.seed = key.seed,
                           .stream = Stream::gradient_noise,
                           .step = static_cast<std::uint32_t>(key.step),
                           .draw = key.draw,
                           .lane = key.lane});
    }
}

std::unique_ptr<PointValues> LandscapeObjective::point_values(std::span<const float>, const PointRequest& request)
{
    check_values(request, point_value_keys());
    return std::make_unique<LandscapeValues>(landscape_);
}

std::unique_ptr<Objective> LandscapeObjective::clone(Backend& backend) const
{
    return std::make_unique<LandscapeObjective>(landscape_, static_cast<double>(gradient_noise_), backend);
}

const LandscapeKernels& LandscapeObjective::kernels() const
{
    return landscape_->kernels(static_cast<int>(backend_->isa()));
}

EscapeBox LandscapeObjective::escape_box() const
{
    const Box view = landscape_->view();
    return {.center_x = static_cast<float>(0.5 * (view.x_min + view.x_max)),
            .center_y = static_cast<float>(0.5 * (view.y_min + view.y_max)),
            .reach_x = static_cast<float>(kEscapeReach * 0.5 * (view.x_max - view.x_min)),
            .reach_y = static_cast<float>(kEscapeReach * 0.5 * (view.y_max - view.y_min))};
}

LandscapeObjective::Totals LandscapeObjective::measure(float* theta, std::size_t chains, bool losses)
{
    const EscapeBox box = escape_box();
    if (device_ != nullptr) {
        return device_->measure(landscape_->functor(), box, theta, chains, losses);
    }
    const LandscapeKernels& table = kernels();
    const std::size_t blocks = (chains + kBlockChains - 1) / kBlockChains;
    std::vector<double> sums(blocks);
    std::vector<std::uint32_t> alive(blocks);
    backend_->for_blocks(chains, kBlockChains, [&](std::size_t first, std::size_t last) {
        const std::size_t block = first / kBlockChains;
        BlockJob job;
        job.functor = landscape_->functor();
        job.theta = theta + 2 * first;
        job.first_chain = first;
        job.chains = last - first;
        job.box = box;
        job.loss_sums = losses ? &sums[block] : nullptr;
        job.alive = &alive[block];
        table.measure(job);
    });
    Totals totals;
    for (std::size_t block = 0; block < blocks; ++block) {
        totals.alive += alive[block];
        totals.loss_sum += sums[block];
    }
    return totals;
}

}  // namespace basin
