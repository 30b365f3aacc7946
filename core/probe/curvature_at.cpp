#include "core/probe/curvature_at.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace basin {
namespace {

constexpr double kMegabyte = 1e6;

std::string megabytes(std::size_t bytes)
{
    return format_number(std::ceil(static_cast<double>(bytes) / kMegabyte * 10) / 10) + " MB";
}

/// Of "memory", for the network.
std::size_t left_over(const Params& params, std::size_t own_bytes)
{
    const std::size_t limit = memory_limit(params);
    return limit - std::min(limit, own_bytes);
}

}  // namespace

ParamSpec sample_parameter()
{
    return {.key = "sample",
            .label = "Examples",
            .help = "Training examples that a network's curvature is taken over, drawn once by the run's seed; 0: all.",
            .type = ParamType::integer,
            .default_value = std::int64_t{1024},
            .minimum = 0.0,
            .slider = {{0.0, 8192.0}}};
}

ParamSpec matrix_parameter()
{
    return {.key = "matrix",
            .label = "Matrix",
            .help =
                "Of a network: the Hessian, its part without the network's own curvature (Gauss-Newton), or the "
                "empirical Fisher matrix.",
            .type = ParamType::choice,
            .default_value = std::string("hessian"),
            .choices = {"hessian", "gauss_newton", "empirical_fisher"}};
}

ParamSpec count_parameter(std::string key, std::string label, std::string help, std::int64_t value, double least,
                          double most)
{
    return {.key = std::move(key),
            .label = std::move(label),
            .help = std::move(help),
            .type = ParamType::integer,
            .default_value = value,
            .minimum = least,
            .maximum = most};
}

ParamSpec memory_parameter()
{
    return {.key = "memory",
            .label = "Memory",
            .help = "What a measurement may take; what it leaves over makes a network's products cheaper.",
            .default_value = 1024.0,
            .minimum = 1.0,
            .maximum = 1e6,
            .scale = ParamScale::log,
            .slider = {{64.0, 16384.0}},
            .unit = "MB"};
}

CurvatureMatrix chosen_matrix(const Params& params)
{
    const std::string& name = params.text("matrix");
    return name == "hessian"        ? CurvatureMatrix::hessian
           : name == "gauss_newton" ? CurvatureMatrix::gauss_newton
                                    : CurvatureMatrix::empirical_fisher;
}

std::size_t memory_limit(const Params& params)
{
    return static_cast<std::size_t>(params.number("memory") * kMegabyte);
}

void check_memory(std::size_t bytes, const Params& params, const char* smaller)
{
    if (bytes > memory_limit(params)) {
        throw std::invalid_argument("memory: is " + megabytes(memory_limit(params)) + " and this measurement needs " +
                                    megabytes(bytes) + "; allow as much, or take " + smaller);
    }
}

std::unique_ptr<Curvature> curvature_at(Objective& objective, const ProbeInput& input, const Params& params,
                                        std::size_t own_bytes)
{
    CurvatureRequest request;
    request.sample = static_cast<std::size_t>(params.integer("sample"));
    request.seed = input.seed;
    request.kept_bytes = left_over(params, own_bytes);
    const std::size_t dim = objective.dim();
    auto curvature =
        objective.curvature(std::span(input.theta).first(std::min(dim, input.theta.size())), input.buffers, request);
    if (!curvature) {
        throw std::invalid_argument("this objective offers no second derivatives, so its curvature cannot be measured");
    }
    const auto finite = [](double x) { return std::isfinite(x); };
    const bool lost = !finite(curvature->loss());
    const std::span<const double> gradient = lost ? std::span<const double>{} : curvature->gradient();
    if (lost || !std::all_of(gradient.begin(), gradient.end(), finite)) {
        throw std::runtime_error(std::string("the ") + (lost ? "loss" : "gradient") + " is not finite at step " +
                                 std::to_string(input.step) + ", so there is no curvature to measure");
    }
    return curvature;
}

void add_work(ProbeCost& cost, const Objective& objective, const Params& params, CurvatureMatrix matrix,
              std::uint64_t gradients, std::uint64_t losses)
{
    CurvatureRequest request;
    request.sample = static_cast<std::size_t>(params.integer("sample"));
    request.kept_bytes = left_over(params, cost.bytes);
    if (const auto known = objective.curvature_cost(request, matrix)) {
        cost.kept_bytes = cost.products > 0 ? known->kept_bytes : 0;
        cost.example_gradients =
            known->examples * (static_cast<double>(cost.products) * known->product + static_cast<double>(gradients) +
                               static_cast<double>(losses) * known->loss);
    }
}

SymmetricOperator curvature_operator(Curvature& curvature, CurvatureMatrix matrix)
{
    return {curvature.dim(), [&curvature, matrix](std::span<const double> v, std::span<double> out) {
                curvature.product(matrix, v, out);
            }};
}

double gradient_norm(Curvature& curvature)
{
    double sum = 0;
    for (const double g : curvature.gradient()) {
        sum += g * g;
    }
    return std::sqrt(sum);
}

ProbeResult stopped_result()
{
    return {{}, {}, "The measurement was stopped."};
}

Progress ProgressParts::next(std::uint64_t weight)
{
    const std::uint64_t begun = begun_;
    begun_ += weight;
    return [this, begun, weight](double share) {
        if (progress_ && total_ > 0) {
            const double done = static_cast<double>(begun) + share * static_cast<double>(weight);
            progress_(std::min(1.0, done / static_cast<double>(total_)));
        }
    };
}

}  // namespace basin
