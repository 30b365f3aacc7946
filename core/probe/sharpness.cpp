// How sharp the place is: one time axis for every notion of it.
//
//   top_eigenvalue      largest eigenvalue of the Hessian; error: the true residual |Hx - theta x|
//   two_over_step_size  2/lambda, above which gradient descent on a quadratic diverges; NaN without a step size
//   trace               of the Hessian
//   sam_step            L(theta + rho g/|g|) - L(theta)
//   sam_ascent          L at the end of a projected ascent in the ball of radius rho, - L(theta); see sam_sharpness.h
//   average_sharpness   E L(theta + sigma eps) - L(theta), eps ~ N(0, I), = sigma^2/2 tr H + O(sigma^4); sigma is the
//                       probe's, not the lane's, so that lanes can be compared
//   gradient_norm, loss, products
//
// Networks: on a fixed sample; the trace by Hutchinson's probes, the average over antithetic pairs +-eps, which cancel
// all odd orders; its error is that of the pairs' mean. Landscapes: exact at no more than 4,096 particles, each value
// the mean over them with its standard error.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/landscape/minima.h"
#include "core/probe/curvature_at.h"
#include "core/probe/particle_sample.h"
#include "core/probe/probe.h"
#include "core/probe/sam_sharpness.h"
#include "core/spectrum/extreme_eigenvalues.h"
#include "core/spectrum/random_vector.h"
#include "core/spectrum/trace.h"

namespace basin {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kEigenProducts = 100;
constexpr std::size_t kTraceProducts = 100;

class Sharpness final : public Probe {
public:
    Sharpness(const Params& params, Objective& objective)
        : params_(params),
          objective_(objective),
          rho_(params.number("rho")),
          ascent_steps_(static_cast<std::size_t>(params.integer("ascent_steps"))),
          pairs_(static_cast<std::size_t>(params.integer("pairs")))
    {
    }

    ProbeCost cost(const ProbeInput& input) override
    {
        if (objective_.landscape() != nullptr) {
            return {.evaluations = ParticleSample::size(input) * (3 + sam_evaluations(ascent_steps_))};
        }
        ProbeCost cost{.products = most_eigen_products() + kTraceProducts,
                       .evaluations = 1 + sam_evaluations(ascent_steps_) + 2 * pairs_,
                       .bytes = own_bytes()};
        add_work(cost, objective_, params_, CurvatureMatrix::hessian, 1 + ascent_steps_, 3 + 2 * pairs_);
        return cost;
    }

    ProbeResult measure(const ProbeInput& input, std::stop_token stop,
                        const std::function<void(double)>& progress) override
    {
        return objective_.landscape() != nullptr ? of_particles(input, stop, progress)
                                                 : of_network(input, stop, progress);
    }

private:
    ExtremeRequest eigen_request(const ProbeInput& input) const
    {
        return {.top = 1,
                .tolerance = params_.number("tolerance"),
                .maximum_products = kEigenProducts,
                .bytes = std::max(memory_limit(params_) / 2, extreme_bytes_least(objective_.dim(), {.top = 1})),
                .seed = input.seed};
    }
    std::uint64_t most_eigen_products() const { return std::min<std::uint64_t>(kEigenProducts, 2 * objective_.dim()); }
    std::size_t own_bytes() const { return extreme_bytes(objective_.dim(), eigen_request({})); }
    static ProbeValue two_over(const ProbeInput& input)
    {
        return {"two_over_step_size", input.step_size > 0 ? 2 / input.step_size : kNan, kNan};
    }

    ProbeResult of_particles(const ProbeInput& input, const std::stop_token& stop, const Progress& progress) const
    {
        const Landscape& landscape = *objective_.landscape();
        const ParticleSample particles(input);
        const double sigma = params_.number("sigma");
        const LossAt loss_at = [&landscape](std::span<const double> at, std::span<double> gradient) {
            if (!gradient.empty()) {
                const Point slope = landscape.gradient({at[0], at[1]});
                gradient[0] = slope.x;
                gradient[1] = slope.y;
            }
            return landscape.value({at[0], at[1]});
        };
        RunningMean top, trace, step, ascent, average, steepness, loss;
        for (const Point at : particles.at) {
            if (stop.stop_requested()) {
                return stopped_result();
            }
            const Hessian2 h = landscape.hessian(at);
            const Point slope = landscape.gradient(at);
            const double value = landscape.value(at);
            top.add(eigenvalues(h)[1]);
            trace.add(h.trace());
            average.add(landscape.smoothed(at, sigma) - value);
            steepness.add(std::hypot(slope.x, slope.y));
            loss.add(value);
            if (slope.x != 0 || slope.y != 0) {
                const std::array<double, 2> theta{at.x, at.y};
                const std::array<double, 2> gradient{slope.x, slope.y};
                const SamSharpness sam = sam_sharpness(loss_at, theta, value, gradient, rho_, ascent_steps_);
                step.add(sam.step);
                ascent.add(sam.ascent);
            }
        }
        progress(1);
        ProbeResult result;
        result.values = {mean_value("top_eigenvalue", top),
                         two_over(input),
                         mean_value("trace", trace),
                         mean_value("sam_step", step),
                         mean_value("sam_ascent", ascent),
                         mean_value("average_sharpness", average),
                         mean_value("gradient_norm", steepness),
                         mean_value("loss", loss),
                         {"products", 0, kNan}};
        result.note = particles.note();
        if (step.count() < particles.at.size()) {
            result.note +=
                (result.note.empty() ? "" : " ") + std::to_string(particles.at.size() - step.count()) +
                " particles have no gradient, so no SAM direction, and are left out of sam_step and sam_ascent.";
        }
        return result;
    }

    ProbeResult of_network(const ProbeInput& input, const std::stop_token& stop, const Progress& progress)
    {
        check_memory(own_bytes(), params_, "a smaller network");
        const auto curvature = curvature_at(objective_, input, params_, own_bytes());
        SymmetricOperator matrix = curvature_operator(*curvature, CurvatureMatrix::hessian);
        const ProbeCost planned = cost(input);
        // A loss is about a third of a product; the progress bar needs no more than that.
        ProgressParts parts(progress, planned.products + planned.evaluations / 3 + 1);
        const ExtremeEigenvalues top =
            extreme_eigenvalues(matrix, eigen_request(input), stop, parts.next(most_eigen_products()));
        const TraceEstimate trace = hutchinson(matrix,
                                               {.relative_error = params_.number("relative_error"),
                                                .maximum_products = kTraceProducts,
                                                .seed = input.seed},
                                               stop, parts.next(kTraceProducts));
        if (top.stopped || trace.stopped) {
            return stopped_result();
        }
        ProbeResult result;
        const double loss = curvature->loss();
        const double steepness = gradient_norm(*curvature);
        SamSharpness sam{kNan, kNan};
        if (steepness > 0) {
            const std::vector<double> gradient(curvature->gradient().begin(), curvature->gradient().end());
            sam = sam_sharpness(
                [&](std::span<const double> at, std::span<double> slope) { return curvature->evaluate(at, slope); },
                curvature->theta(), loss, gradient, rho_, ascent_steps_);
        } else {
            result.note = "The gradient is zero, so SAM has no direction: sam_step and sam_ascent are not defined.";
        }
        const RunningMean average = average_sharpness(*curvature, input, stop, parts.next(planned.evaluations / 3 + 1));
        if (average.count() < pairs_) {
            return stopped_result();
        }
        progress(1);
        result.values = {{"top_eigenvalue", top.top[0].value, top.top[0].residual},
                         two_over(input),
                         {"trace", trace.value, trace.error},
                         {"sam_step", sam.step, kNan},
                         {"sam_ascent", sam.ascent, kNan},
                         mean_value("average_sharpness", average),
                         {"gradient_norm", steepness, kNan},
                         {"loss", loss, kNan},
                         {"products", static_cast<double>(matrix.products()), kNan}};
        if (!top.converged) {
            result.note += std::string(result.note.empty() ? "" : " ") +
                           "The top eigenvalue has not reached the wanted residual in " + std::to_string(top.products) +
                           " products.";
        }
        return result;
    }

    RunningMean average_sharpness(Curvature& curvature, const ProbeInput& input, const std::stop_token& stop,
                                  const Progress& progress) const
    {
        const double sigma = params_.number("sigma");
        const std::span<const double> theta = curvature.theta();
        std::vector<double> noise(theta.size());
        std::vector<double> at(theta.size());
        RunningMean average;
        while (average.count() < pairs_ && !stop.stop_requested()) {
            fill_random(noise, NoiseKind::normal,
                        probe_key(input.seed, ProbeDraw::perturbation, static_cast<std::uint32_t>(average.count())));
            double sum = 0;
            for (const double side : {sigma, -sigma}) {
                for (std::size_t i = 0; i < at.size(); ++i) {
                    at[i] = theta[i] + side * noise[i];
                }
                sum += curvature.evaluate(at, {});
            }
            if (!std::isfinite(sum)) {
                throw std::runtime_error("the loss is not finite at theta + sigma eps with sigma = " +
                                         format_number(sigma) + "; take a smaller sigma");
            }
            average.add(0.5 * sum - curvature.loss());
            progress(static_cast<double>(average.count()) / static_cast<double>(pairs_));
        }
        return average;
    }

    Params params_;
    Objective& objective_;
    double rho_;
    std::size_t ascent_steps_;
    std::size_t pairs_;
};

std::unique_ptr<Probe> make(const Params& params, Objective& objective)
{
    return std::make_unique<Sharpness>(params, objective);
}

ParamSpec length(std::string key, std::string symbol, std::string label, std::string help, double value)
{
    return {.key = std::move(key),
            .symbol = std::move(symbol),
            .label = std::move(label),
            .help = std::move(help),
            .default_value = value,
            .minimum = 0.0,
            .maximum = 1e3,
            .exclusive_minimum = true,
            .scale = ParamScale::log,
            .slider = {{1e-4, 1.0}}};
}

}  // namespace

const ProbeEntry& probe_entry_sharpness()
{
    static const ProbeEntry entry{
        .key = "sharpness",
        .label = "Sharpness",
        .help =
            "Top eigenvalue beside 2/λ, trace, SAM's sharpness, average sharpness and gradient norm, with their "
            "errors.",
        .reference =
            "P. Foret and others, ICLR 2021 (SAM); J. Cohen and others, ICLR 2021 (2/λ); Hutchinson 1990 (trace)",
        .schema =
            {length("rho", "ρ", "SAM radius", "Radius of the ball in which SAM's sharpness is taken.", 0.05),
             count_parameter("ascent_steps", "Ascent steps", "Steps of the projected ascent in that ball.", 5, 1, 1000),
             length(
                 "sigma", "σ", "Perturbation scale",
                 "Scale of the average sharpness: one for all lanes, so that they can be compared, whatever their own.",
                 0.01),
             count_parameter("pairs", "Pairs", "Antithetic pairs that a network's average sharpness is taken over.", 32,
                             2, 100000),
             {.key = "tolerance",
              .label = "Wanted residual",
              .help = "Of a network's top eigenvalue, relative to it.",
              .default_value = 1e-3,
              .minimum = 1e-10,
              .maximum = 1.0,
              .scale = ParamScale::log},
             {.key = "relative_error",
              .label = "Wanted error of the trace",
              .help = "Standard error of a network's trace relative to it; at most 100 products are spent on it.",
              .default_value = 0.05,
              .minimum = 0.0,
              .maximum = 1.0,
              .slider = {{0.0, 0.2}}},
             sample_parameter(),
             memory_parameter()},
        .make = &make};
    return entry;
}

}  // namespace basin
