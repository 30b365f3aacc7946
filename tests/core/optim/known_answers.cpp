#include "tests/core/optim/known_answers.h"

#include <cmath>
#include <limits>

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
    bool filter = false;  // sigma in units of |theta|
    double rho = 0;       // SAM on top
};

/// SAM's gradient, the plain one where rho is 0.
Point2 gradient(const Point2& at, double rho)
{
    const Point2 g = gradient(at);
    const double along = rho / (std::hypot(g[0], g[1]) + 1e-12);
    return gradient({at[0] + along * g[0], at[1] + along * g[1]});
}

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
            const double sigma = method.sigma * (method.filter ? std::hypot(theta[0], theta[1]) : 1.0);
            for (const double sign : {1.0, -1.0}) {
                if (sign < 0 && !method.antithetic) {
                    continue;
                }
                const Point2 g =
                    gradient({theta[0] + sign * sigma * eps[0], theta[1] + sign * sigma * eps[1]}, method.rho);
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
        {"nesterov and decay",
         "sam",
         {{"rho", 0.05}, {"momentum", 0.9}, {"nesterov", true}, {"weight_decay", 0.01}},
         {{{0.984244841607, -0.793546463380},
           {0.446108789391, -0.734892595110},
           {0.001702636394, -0.606705959101},
           {-0.276086449379, -0.412709786537},
           {-0.396289599974, -0.183364764128}}}},
        {"over adamw",
         "sam",
         {{"base", std::string("adamw")}, {"weight_decay", 0.01}},
         {{{1.398500000370, -0.699200038512},
           {1.297294552625, -0.701969947491},
           {1.196653321426, -0.662874445537},
           {1.096773404013, -0.600172015125},
           {0.997842947380, -0.529286321539}}}},
        {"plain",
         "asam",
         {},
         {{{1.089216918522, -0.832330222129},
           {0.806532952284, -0.825597359179},
           {0.616758823812, -0.788416007915},
           {0.493925275762, -0.729568499680},
           {0.412216796877, -0.661864456980}}}},
        {"momentum",
         "asam",
         {{"momentum", 0.9}},
         {{{1.089216918522, -0.832330222129},
           {0.436828178954, -0.854694559096},
           {-0.189855636821, -0.774354055361},
           {-0.653667626067, -0.575760724520},
           {-0.845659574669, -0.278838320690}}}},
        {"eta 0",
         "asam",
         {{"eta", 0.0}},
         {{{1.090213006341, -0.832087792935},
           {0.808146737545, -0.825311858907},
           {0.618626800701, -0.788324931146},
           {0.495767314583, -0.729835348102},
           {0.413963010792, -0.662493166589}}}},
        {"over adamw",
         "asam",
         {{"base", std::string("adamw")}, {"weight_decay", 0.01}},
         {{{1.398500000243, -0.899199996907},
           {1.297453540714, -0.987844611527},
           {1.197165515405, -1.040862654079},
           {1.097973155071, -1.042191212437},
           {1.000192957796, -1.007453170885}}}},
        {"defaults",
         "adamw",
         {},
         {{{1.398500000385, -0.699200020000},
           {1.297304714806, -0.631569468398},
           {1.196607792437, -0.602655448390},
           {1.096667525647, -0.574187459195},
           {0.997752639820, -0.528505429908}}}},
        {"short memory",
         "adamw",
         {{"beta1", 0.5}, {"beta2", 0.6}, {"epsilon", 0.01}, {"weight_decay", 0.2}},
         {{{1.370383141762, -0.700666666667},
           {1.243814443462, -0.623860831140},
           {1.120540479136, -0.573094250509},
           {1.000800523912, -0.517777723815},
           {0.884719377092, -0.454043116925}}}},
        {"amsgrad",
         "adamw",
         {{"beta1", 0.5}, {"beta2", 0.6}, {"epsilon", 0.01}, {"weight_decay", 0.2}, {"amsgrad", true}},
         {{{1.370383141762, -0.700666666667},
           {1.243814443462, -0.632172755232},
           {1.120558631112, -0.581400448385},
           {1.002817274715, -0.525579275055},
           {0.893484555168, -0.464142477467}}}},
    };
    return rows;
}

std::vector<KnownAnswer> langevin_answers(std::uint64_t seed)
{
    constexpr double no_noise = std::numeric_limits<double>::infinity();
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
        {"isotropic", "rwp", {{"scale", std::string("isotropic")}, {"sigma", 0.3}}, trajectory({no_noise, 0.3}, seed)},
        {"isotropic, momentum and decay",
         "rwp",
         {{"scale", std::string("isotropic")}, {"sigma", 0.3}, {"momentum", 0.9}, {"weight_decay", 0.2}},
         trajectory({.beta = no_noise, .sigma = 0.3, .momentum = 0.9, .weight_decay = 0.2}, seed)},
        {"filter-wise", "rwp", {{"sigma", 0.3}}, trajectory({.beta = no_noise, .sigma = 0.3, .filter = true}, seed)},
        {"over sgld",
         "sam",
         {{"base", std::string("sgld")}, {"beta", 4.0}, {"rho", 0.2}},
         trajectory({.beta = 4, .sigma = 0, .rho = 0.2}, seed)},
        {"over fsgld, antithetic", "sam",
         with({{"base", std::string("fsgld")}, {"perturbations", std::int64_t{2}}, {"antithetic", true}, {"rho", 0.2}}),
         trajectory({.beta = 4, .sigma = 0.3, .draws = 2, .antithetic = true, .rho = 0.2}, seed)},
        {"over rwp",
         "sam",
         {{"base", std::string("rwp")}, {"sigma", 0.3}, {"momentum", 0.9}, {"rho", 0.2}},
         trajectory({.beta = no_noise, .sigma = 0.3, .momentum = 0.9, .filter = true, .rho = 0.2}, seed)},
    };
}

}  // namespace basin::testing
