#include "tests/core/optim/known_answers.h"

#include <cmath>

#include "core/compute/philox.h"

namespace basin::testing {
namespace {

using Point2 = std::array<double, 2>;

Point2 gradient(const Point2& at)
{
    return {2 * at[0] + 0.5 * at[1], 0.5 * at[0] + at[1]};
}

/// Normals of chain 0: index 0 and 1 of the stream are words 0 and 1 of block 0, one Box-Muller pair.
Point2 normals(const RngKey& key)
{
    const auto u = [](std::uint32_t word) { return (static_cast<double>(word >> 8U) + 0.5) * 0x1p-24; };
    const double radius = std::sqrt(-2 * std::log(u(philox::word_at(key, 0))));
    const double angle = 2 * M_PI * u(philox::word_at(key, 1));
    return {radius * std::cos(angle), radius * std::sin(angle)};
}

Point2 signs(const RngKey& key)
{
    return {philox::word_at(key, 0) >> 31U ? -1.0 : 1.0, philox::word_at(key, 1) >> 31U ? -1.0 : 1.0};
}

struct Langevin {
    double beta, sigma;
    std::uint32_t draws = 1;
    bool antithetic = false;
    bool rademacher = false;
    double momentum = 0;
    double weight_decay = 0;
};

std::array<Point2, 5> trajectory(const Langevin& method, std::uint64_t seed)
{
    const double step_size = 0.1;
    std::array<Point2, 5> result;
    Point2 theta{1.5, -0.8};
    Point2 buffer{0, 0};
    for (std::uint32_t step = 0; step < 5; ++step) {
        Point2 mean{0, 0};
        double count = 0;
        for (std::uint32_t draw = 0; draw < method.draws; ++draw) {
            const RngKey key{seed, Stream::perturbation, step, draw, 0};
            const Point2 eps = method.rademacher ? signs(key) : normals(key);
            for (const double sign : {1.0, -1.0}) {
                if (sign < 0 && !method.antithetic) {
                    continue;
                }
                const Point2 g =
                    gradient({theta[0] + sign * method.sigma * eps[0], theta[1] + sign * method.sigma * eps[1]});
                mean = {mean[0] + g[0], mean[1] + g[1]};
                count += 1;
            }
        }
        const Point2 xi = normals({seed, Stream::langevin, step, 0, 0});
        for (std::size_t k = 0; k < 2; ++k) {
            const double direction = mean[k] / count + method.weight_decay * theta[k];
            buffer[k] = method.momentum * buffer[k] + direction;
            theta[k] += -step_size * buffer[k] + std::sqrt(2 * step_size / method.beta) * xi[k];
        }
        result[step] = theta;
    }
    return result;
}

}  // namespace

const std::vector<KnownAnswer>& stored_answers()
{
    static const std::vector<KnownAnswer> rows{
        {"plain",
         "sgd",
         {},
         {{{1.240000000000, -0.795000000000},
           {1.031750000000, -0.777500000000},
           {0.864275000000, -0.751337500000},
           {0.728986875000, -0.719417500000},
           {0.619160375000, -0.683925093750}}}},
        {"momentum",
         "sgd",
         {{"momentum", 0.9}},
         {{{1.240000000000, -0.795000000000},
           {0.797750000000, -0.773000000000},
           {0.278825000000, -0.715787500000},
           {-0.208183125000, -0.606658750000},
           {-0.574520875000, -0.437367843750}}}},
        {"nesterov",
         "sgd",
         {{"momentum", 0.9}, {"nesterov", true}},
         {{{1.006000000000, -0.790500000000},
           {0.488217500000, -0.731825000000},
           {0.051721475000, -0.612226412500},
           {-0.247670573813, -0.437072668000},
           {-0.399727019298, -0.225634697268}}}},
        {"dampening",
         "sgd",
         {{"momentum", 0.9}, {"dampening", 0.5}},
         {{{1.240000000000, -0.795000000000},
           {0.901875000000, -0.781750000000},
           {0.526918750000, -0.753284375000},
           {0.155598359375, -0.703174062500},
           {-0.176570476563, -0.626806037109}}}},
        {"weight decay",
         "sgd",
         {{"momentum", 0.9}, {"weight_decay", 0.01}},
         {{{1.238500000000, -0.794200000000},
           {0.793921500000, -0.770690800000},
           {0.272757168500, -0.711388824200},
           {-0.215545479509, -0.599804633161},
           {-0.581702989677, -0.428021319301}}}},
        {"momentum",
         "sam",
         {{"rho", 0.05}, {"momentum", 0.9}},
         {{{1.230049916635, -0.797403401779},
           {0.771214259950, -0.778878247046},
           {0.234305709924, -0.723630512953},
           {-0.258863725419, -0.608769110880},
           {-0.611394144456, -0.426373033451}}}},
        {"plain",
         "sam",
         {{"rho", 0.05}, {"momentum", 0.0}},
         {{{1.230049916635, -0.797403401779},
           {1.014169334978, -0.781215185445},
           {0.840946157311, -0.755442392743},
           {0.701465344958, -0.723123017412},
           {0.588754151267, -0.686554421501}}}},
    };
    return rows;
}

std::vector<KnownAnswer> langevin_answers(std::uint64_t seed)
{
    const double coupled = std::pow(4.0, -1.01 / 4);
    const Values free{{"beta", 4.0}, {"coupling", false}, {"sigma", 0.3}};
    const auto with = [&](Values more) {
        Values values = free;
        values.insert(values.end(), more.begin(), more.end());
        return values;
    };
    return {
        {"plain", "sgld", {{"beta", 4.0}}, trajectory({4, 0}, seed)},
        {"weight decay",
         "sgld",
         {{"beta", 4.0}, {"weight_decay", 0.2}},
         trajectory({.beta = 4, .sigma = 0, .weight_decay = 0.2}, seed)},
        {"coupled", "fsgld", {{"beta", 4.0}}, trajectory({4, coupled}, seed)},
        {"free", "fsgld", free, trajectory({4, 0.3}, seed)},
        {"three draws", "fsgld", with({{"perturbations", std::int64_t{3}}}), trajectory({4, 0.3, 3}, seed)},
        {"antithetic", "fsgld", with({{"perturbations", std::int64_t{2}}, {"antithetic", true}}),
         trajectory({4, 0.3, 2, true}, seed)},
        {"rademacher", "fsgld", with({{"noise", std::string("rademacher")}}),
         trajectory({4, 0.3, 1, false, true}, seed)},
        {"momentum and decay", "fsgld", with({{"momentum", 0.9}, {"weight_decay", 0.2}}),
         trajectory({4, 0.3, 1, false, false, 0.9, 0.2}, seed)},
    };
}

}  // namespace basin::testing
