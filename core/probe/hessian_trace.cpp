// The trace of the Hessian (or of the matrix that stands for it): the sum of all curvatures, which fSGLD's second-order
// measure pays for with sigma^2/2 each.
//
// Networks: trace (error: one standard error over the probes), products. Landscapes: the mean of the exact traces over
// at most 4,096 particles with its standard error; no products.
#include <cmath>

#include "core/probe/curvature_at.h"
#include "core/probe/particle_sample.h"
#include "core/probe/probe.h"
#include "core/spectrum/trace.h"

namespace basin {
namespace {

class HessianTrace final : public Probe {
public:
    HessianTrace(const Params& params, Objective& objective)
        : params_(params),
          objective_(objective),
          matrix_(chosen_matrix(params)),
          sketched_(params.text("method") == "hutch_plus_plus"),
          products_(static_cast<std::size_t>(params.integer("maximum_products")))
    {
    }

    ProbeCost cost(const ProbeInput& input) override
    {
        if (objective_.landscape() != nullptr) {
            return {.evaluations = ParticleSample::size(input)};
        }
        const std::size_t n = objective_.dim();
        const std::uint64_t most = sketched_ && products_ / 3 >= n ? n : products_;
        ProbeCost cost{.products = most, .evaluations = 1, .bytes = own_bytes()};
        add_work(cost, objective_, params_, matrix_, 1, 1);
        return cost;
    }

    ProbeResult measure(const ProbeInput& input, std::stop_token stop,
                        const std::function<void(double)>& progress) override
    {
        return objective_.landscape() != nullptr ? of_particles(input, progress) : of_network(input, stop, progress);
    }

private:
    std::size_t own_bytes() const
    {
        const std::size_t n = objective_.dim();
        return sketched_ ? hutch_plus_plus_bytes(n, products_) : 2 * n * sizeof(double);
    }

    ProbeResult of_particles(const ProbeInput& input, const Progress& progress) const
    {
        const ParticleSample particles(input);
        RunningMean trace;
        for (const Point at : particles.at) {
            trace.add(objective_.landscape()->hessian(at).trace());
        }
        progress(1);
        return {{mean_value("trace", trace), {"products", 0, std::nan("")}}, {}, particles.note()};
    }

    ProbeResult of_network(const ProbeInput& input, const std::stop_token& stop, const Progress& progress) const
    {
        check_memory(own_bytes(), params_, "fewer products, or Hutchinson's method");
        const auto curvature = curvature_at(objective_, input, params_, own_bytes());
        SymmetricOperator matrix = curvature_operator(*curvature, matrix_);
        const TraceRequest request{
            .relative_error = params_.number("relative_error"), .maximum_products = products_, .seed = input.seed};
        const TraceEstimate estimate =
            sketched_ ? hutch_plus_plus(matrix, request, stop, progress) : hutchinson(matrix, request, stop, progress);
        if (estimate.stopped) {
            return stopped_result();
        }
        progress(1);
        ProbeResult result;
        result.values = {{"trace", estimate.value, estimate.error},
                         {"products", static_cast<double>(estimate.products), std::nan("")}};
        if (!estimate.converged) {
            result.note = "The wanted error was not reached in " + std::to_string(estimate.products) + " products.";
        }
        return result;
    }

    Params params_;
    Objective& objective_;
    CurvatureMatrix matrix_;
    bool sketched_;
    std::size_t products_;
};

std::unique_ptr<Probe> make(const Params& params, Objective& objective)
{
    return std::make_unique<HessianTrace>(params, objective);
}

}  // namespace

const ProbeEntry& probe_entry_hessian_trace()
{
    static const ProbeEntry entry{
        .key = "hessian_trace",
        .label = "Trace of the Hessian",
        .help =
            "The sum of all curvatures with its standard error: of a network by random probes, of a landscape exact "
            "at its particles.",
        .reference = "M. Hutchinson (1990); R. Meyer, C. Musco, C. Musco, D. Woodruff, \"Hutch++\", SOSA 2021",
        .schema = {{.key = "method",
                    .label = "Method",
                    .help = "Hutchinson's random probes, or Hutch++, which takes the largest curvatures out first.",
                    .type = ParamType::choice,
                    .default_value = std::string("hutchinson"),
                    .choices = {"hutchinson", "hutch_plus_plus"}},
                   {.key = "relative_error",
                    .label = "Wanted error",
                    .help = "It is enough when the standard error is this share of the trace.",
                    .default_value = 0.05,
                    .minimum = 0.0,
                    .maximum = 1.0,
                    .scale = ParamScale::linear,
                    .slider = {{0.0, 0.2}}},
                   {.key = "maximum_products",
                    .label = "Most products",
                    .help =
                        "Products with the matrix that it takes at most; Hutch++ spends two thirds of them at once.",
                    .type = ParamType::integer,
                    .default_value = std::int64_t{300},
                    .minimum = 12.0,
                    .maximum = 100000.0,
                    .slider = {{12.0, 1000.0}}},
                   sample_parameter(),
                   matrix_parameter(),
                   memory_parameter()},
        .make = &make};
    return entry;
}

}  // namespace basin
