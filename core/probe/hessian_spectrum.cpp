// The spectrum of the Hessian, or of a matrix that stands for it, at a copied theta.
//
// Networks, by products on a fixed sample, in this order:
//   top_<i> (descending), bottom_<i> (ascending; error of both: the true residual |A x - theta x|), trace (from the
//   density's probes, without them by Hutchinson), loss, gradient_norm, products, and with layers = each for every
//   block of the layout top_<block>, bottom_<block> (the extreme ones), trace_<block>: the block's diagonal block of
//   the matrix. Arrays, of the whole and with _<block> of each block: density_at, density, density_error (Gaussian
//   kernel of the deviation in spectrum/density.h), eigenvalues and residuals (descending: the largest `top`, then the
//   smallest `bottom`; in a small block each one once). Matrices, with eigenvectors = true: eigenvectors, of length 1,
//   a row for each of `eigenvalues`, as many columns as the matrix has.
// Landscapes, exact at no more than 4,096 particles: top_0, bottom_0, trace, loss, gradient_norm as means over them
// with standard errors, products = 0; the density is that of both eigenvalues over the particles, with its band.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <memory>
#include <stdexcept>

#include "core/landscape/minima.h"
#include "core/probe/curvature_at.h"
#include "core/probe/particle_sample.h"
#include "core/probe/probe.h"
#include "core/spectrum/density.h"
#include "core/spectrum/extreme_eigenvalues.h"
#include "core/spectrum/trace.h"

namespace basin {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
/// Ten times what a network takes at the default tolerance; who asks for more digits gets what this reaches.
constexpr std::size_t kProductsPerPair = 20;
constexpr std::size_t kFewestProducts = 100;
constexpr std::size_t kTraceProducts = 100;

class HessianSpectrum final : public Probe {
public:
    HessianSpectrum(const Params& params, Objective& objective)
        : params_(params),
          objective_(objective),
          matrix_(chosen_matrix(params)),
          probes_(static_cast<std::size_t>(params.integer("probes"))),
          steps_(static_cast<std::size_t>(params.integer("steps"))),
          top_(static_cast<std::size_t>(params.integer("top"))),
          bottom_(static_cast<std::size_t>(params.integer("bottom"))),
          each_(params.text("layers") == "each"),
          vectors_(params.flag("eigenvectors"))
    {
    }

    ProbeCost cost(const ProbeInput& input) override
    {
        if (objective_.landscape() != nullptr) {
            return {.evaluations = 3 * ParticleSample::size(input)};
        }
        std::uint64_t products = most_products(objective_.dim());
        if (each_) {
            for (const LayoutBlock& block : objective_.layout().blocks) {
                products += most_products(block.size());
            }
        }
        ProbeCost cost{.products = products, .evaluations = 1, .bytes = own_bytes()};
        cost.adaptive = top_ + bottom_ > 0 || probes_ == 0;
        add_work(cost, objective_, params_, matrix_, 1, 1);
        return cost;
    }

    ProbeResult measure(const ProbeInput& input, std::stop_token stop,
                        const std::function<void(double)>& progress) override
    {
        return objective_.landscape() != nullptr ? of_particles(input, stop, progress)
                                                 : of_network(input, stop, progress);
    }

private:
    struct Part {
        ExtremeEigenvalues extremes;
        NumberWithError trace;
        SpectralDensity density;  // empty without probes
        bool stopped = false;
    };

    ExtremeRequest request(std::uint64_t seed) const
    {
        return {.top = top_,
                .bottom = bottom_,
                .tolerance = params_.number("tolerance"),
                .maximum_products = std::max(kFewestProducts, kProductsPerPair * (top_ + bottom_)),
                .bytes = std::max((memory_limit(params_) - std::min(memory_limit(params_), vector_bytes())) / 2,
                                  least_bytes()),
                .seed = seed,
                .vectors = vectors_};
    }
    /// Eigenvectors in double, and as they are handed over in float: of the whole, and of all blocks together as much.
    std::size_t vector_bytes() const
    {
        const std::size_t parts = each_ ? 2 : 1;
        return vectors_ ? std::min(top_ + bottom_, objective_.dim()) * objective_.dim() *
                              (sizeof(double) + parts * sizeof(float))
                        : 0;
    }
    std::size_t least_bytes() const
    {
        const std::size_t n = objective_.dim();
        const std::size_t most = kFewestProducts + kProductsPerPair * (top_ + bottom_);
        const std::size_t pairs =
            top_ + bottom_ > 0 ? extreme_bytes_least(n, {.top = top_, .bottom = bottom_, .maximum_products = most})
                               : 2 * n * sizeof(double);
        return std::max(pairs, probes_ > 0 ? spectral_density_bytes(n, steps_) : 0);
    }
    std::size_t own_bytes() const
    {
        const std::size_t pairs = top_ + bottom_ > 0 ? extreme_bytes(objective_.dim(), request(0)) : 0;
        return std::max(least_bytes(), pairs) + vector_bytes();
    }
    static std::uint64_t eigen_products(std::size_t n, const ExtremeRequest& request)
    {
        // In a small matrix the space is used up before: at most a step and a look at the pairs for each row.
        const std::size_t pairs = std::min(request.top + request.bottom, n);
        return pairs == 0 ? 0 : std::min(request.maximum_products, n * (1 + pairs));
    }
    std::uint64_t trace_products(std::size_t n) const
    {
        return probes_ > 0 ? probes_ * std::min(steps_, n) : kTraceProducts;
    }
    std::uint64_t most_products(std::size_t n) const { return eigen_products(n, request(0)) + trace_products(n); }

    Part measure_part(SymmetricOperator& matrix, std::uint64_t seed, const std::stop_token& stop,
                      ProgressParts& parts) const
    {
        Part part;
        const ExtremeRequest wanted = request(seed);
        part.extremes = extreme_eigenvalues(matrix, wanted, stop, parts.next(eigen_products(matrix.dim(), wanted)));
        const Progress progress = parts.next(trace_products(matrix.dim()));
        if (part.extremes.stopped) {
            part.stopped = true;
        } else if (probes_ > 0) {
            part.density = spectral_density(matrix, {.probes = probes_, .steps = steps_, .seed = seed}, stop, progress);
            part.trace = part.density.trace;
            part.stopped = part.density.stopped;
        } else {
            const TraceEstimate trace =
                hutchinson(matrix, {.maximum_products = kTraceProducts, .seed = seed}, stop, progress);
            part.trace = {trace.value, trace.error};
            part.stopped = trace.stopped;
        }
        return part;
    }

    static void append_density(ProbeResult& result, const SpectralDensity& density, const std::string& suffix)
    {
        if (!density.at.empty()) {
            result.arrays["density_at" + suffix] = density.at;
            result.arrays["density" + suffix] = density.density;
            result.arrays["density_error" + suffix] = density.error;
        }
    }

    /// Descending, with their residuals; and what fell short, in words. `suffix`: "" or "_" and a block's name.
    void append_pairs(ProbeResult& result, const ExtremeEigenvalues& extremes, const std::string& suffix) const
    {
        if (top_ + bottom_ == 0) {
            return;
        }
        std::vector<double>& values = result.arrays["eigenvalues" + suffix];
        std::vector<double>& residuals = result.arrays["residuals" + suffix];
        std::vector<float> vectors;
        const auto append = [&](const EigenPair& pair) {
            values.push_back(pair.value);
            residuals.push_back(pair.residual);
            std::transform(pair.vector.begin(), pair.vector.end(), std::back_inserter(vectors),
                           [](double x) { return static_cast<float>(x); });
        };
        std::for_each(extremes.top.begin(), extremes.top.end(), append);
        std::for_each(extremes.bottom.rbegin(), extremes.bottom.rend(), append);
        if (vectors_ && !values.empty()) {
            result.matrices["eigenvectors" + suffix] = {values.size(), vectors.size() / values.size(),
                                                        std::make_shared<const std::vector<float>>(std::move(vectors))};
        }
        if (!extremes.converged) {
            result.note += std::string(result.note.empty() ? "" : " ") +
                           (suffix.empty() ? "The" : "Of " + suffix.substr(1) + " the") +
                           " worst relative residual is " + format_number(extremes.worst) + ", not " +
                           format_number(params_.number("tolerance")) + ", after " + std::to_string(extremes.products) +
                           " products.";
        }
    }

    void append_whole(ProbeResult& result, const Part& part) const
    {
        const auto append = [&result](const std::string& name, const std::vector<EigenPair>& pairs) {
            for (std::size_t i = 0; i < pairs.size(); ++i) {
                result.values.push_back({name + std::to_string(i), pairs[i].value, pairs[i].residual});
            }
        };
        append("top_", part.extremes.top);
        append("bottom_", part.extremes.bottom);
        result.values.push_back({"trace", part.trace.value, part.trace.error});
        append_density(result, part.density, "");
        append_pairs(result, part.extremes, "");
    }

    void append_block(ProbeResult& result, const Part& part, const std::string& block) const
    {
        const auto append = [&](const char* name, const std::vector<EigenPair>& pairs) {
            if (!pairs.empty()) {
                result.values.push_back({name + block, pairs.front().value, pairs.front().residual});
            }
        };
        append("top_", part.extremes.top);
        append("bottom_", part.extremes.bottom);
        result.values.push_back({"trace_" + block, part.trace.value, part.trace.error});
        append_density(result, part.density, "_" + block);
        append_pairs(result, part.extremes, "_" + block);
    }

    ProbeResult of_network(const ProbeInput& input, const std::stop_token& stop, const Progress& progress)
    {
        check_memory(own_bytes(), params_, "fewer steps");
        const auto curvature = curvature_at(objective_, input, params_, own_bytes());
        SymmetricOperator whole = curvature_operator(*curvature, matrix_);
        ProgressParts parts(progress, cost(input).products);
        ProbeResult result;
        const Part all = measure_part(whole, input.seed, stop, parts);
        if (all.stopped) {
            return stopped_result();
        }
        append_whole(result, all);
        result.values.push_back({"loss", curvature->loss(), kNan});
        result.values.push_back({"gradient_norm", gradient_norm(*curvature), kNan});
        const std::size_t counted = result.values.size();
        for (const LayoutBlock& block : curvature->layout().blocks) {
            if (!each_) {
                break;
            }
            SymmetricOperator matrix = restricted(whole, block.offset, block.size());
            const Part part = measure_part(matrix, input.seed, stop, parts);
            if (part.stopped) {
                return stopped_result();
            }
            append_block(result, part, block.name);
        }
        result.values.insert(result.values.begin() + static_cast<std::ptrdiff_t>(counted),
                             {"products", static_cast<double>(whole.products()), kNan});
        progress(1);
        return result;
    }

    ProbeResult of_particles(const ProbeInput& input, const std::stop_token& stop, const Progress& progress) const
    {
        const Landscape& landscape = *objective_.landscape();
        const ParticleSample particles(input);
        RunningMean top, bottom, trace, loss, steepness;
        SpectralDensity density;
        for (const Point at : particles.at) {
            if (stop.stop_requested()) {
                return stopped_result();
            }
            const std::array<double, 2> lambda = eigenvalues(landscape.hessian(at));
            const Point slope = landscape.gradient(at);
            bottom.add(lambda[0]);
            top.add(lambda[1]);
            trace.add(lambda[0] + lambda[1]);
            loss.add(landscape.value(at));
            steepness.add(std::hypot(slope.x, slope.y));
            density.quadratures.push_back({{lambda[0], lambda[1]}, {0.5, 0.5}});
        }
        ProbeResult result;
        result.values = {mean_value("top_0", top), mean_value("bottom_0", bottom),         mean_value("trace", trace),
                         mean_value("loss", loss), mean_value("gradient_norm", steepness), {"products", 0, kNan}};
        if (probes_ > 0) {
            smooth(density, steps_, 0);
            append_density(result, density, "");
        }
        result.note = particles.note();
        progress(1);
        return result;
    }

    Params params_;
    Objective& objective_;
    CurvatureMatrix matrix_;
    std::size_t probes_;
    std::size_t steps_;
    std::size_t top_;
    std::size_t bottom_;
    bool each_;
    bool vectors_;
};

std::unique_ptr<Probe> make(const Params& params, Objective& objective)
{
    return std::make_unique<HessianSpectrum>(params, objective);
}

}  // namespace

const ProbeEntry& probe_entry_hessian_spectrum()
{
    static const ProbeEntry entry{
        .key = "hessian_spectrum",
        .label = "Spectrum of the Hessian",
        .help =
            "Largest and smallest eigenvalues with their true residuals, and the density of all with its error band; "
            "of a landscape exact at its particles.",
        .reference =
            "C. Lanczos (1950); S. Ubaru, J. Chen, Y. Saad, SIAM J. Matrix Anal. 38 (2017); B. Ghorbani, "
            "S. Krishnan, Y. Xiao, ICML 2019",
        .schema = {count_parameter("top", "Largest eigenvalues",
                                   "How many of a network's largest eigenvalues are sought.", 5, 0, 100),
                   count_parameter("bottom", "Smallest eigenvalues",
                                   "How many of a network's smallest eigenvalues are sought.", 5, 0, 100),
                   {.key = "tolerance",
                    .label = "Wanted residual",
                    .help = "Of each eigenvalue, relative to the largest in modulus.",
                    .default_value = 1e-3,
                    .minimum = 1e-10,
                    .maximum = 1.0,
                    .scale = ParamScale::log},
                   count_parameter("probes", "Probes of the density",
                                   "Random vectors that the density and its band come from; 0: no "
                                   "density.",
                                   8, 0, 4096),
                   count_parameter("steps", "Steps a probe",
                                   "Lanczos steps a probe: products of a network; more resolve more.", 80, 1, 2000),
                   matrix_parameter(),
                   {.key = "layers",
                    .label = "Layers",
                    .help = "The whole network alone, or also the block of every weight and bias by itself: "
                            "eigenvalues, trace and density.",
                    .type = ParamType::choice,
                    .default_value = std::string("whole"),
                    .choices = {"whole", "each"}},
                   {.key = "eigenvectors",
                    .label = "Eigenvectors",
                    .help = "Also writes the eigenvectors of these eigenvalues, each as long as theta, into the run's "
                            "folder.",
                    .type = ParamType::boolean,
                    .default_value = false},
                   sample_parameter(),
                   memory_parameter()},
        .make = &make};
    return entry;
}

}  // namespace basin
