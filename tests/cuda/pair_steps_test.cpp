// What a GPU thread does, in a CPU loop: the bytes of the CPU's own fused kernels, for every landscape and method.
#include <QtTest>

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "core/landscape/cuda/pair_steps.h"
#include "core/landscape/kernels.h"
#include "core/landscape/landscape.h"

namespace {

using namespace basin;

constexpr std::uint64_t kChains = 1301;  // odd, and not a whole number of blocks
constexpr std::uint32_t kSteps = 40;
constexpr std::uint64_t kSeed = 2026;
constexpr EscapeBox kBox{.center_x = 0, .center_y = 0, .reach_x = 2.5F, .reach_y = 2.5F};  // small: some do escape

std::vector<float> start()
{
    std::vector<float> theta(2 * kChains);
    for (std::size_t i = 0; i < theta.size(); ++i) {
        theta[i] = philox::normal_at({.seed = 7, .stream = Stream::start}, i);
    }
    return theta;
}

/// Every number differs from its default, so that a method that forgets one is caught.
std::vector<BlockNumbers> numbers(NoiseKind kind)
{
    std::vector<BlockNumbers> rows(kSteps);
    for (std::uint32_t s = 0; s < kSteps; ++s) {
        rows[s] = {
            .step_size = 0.01F, .weight_decay = 0.001F, .perturbation = 0.2F, .noise_scale = 0.03F, .radius = 0.05F};
        rows[s].kind = kind;
        rows[s].record = s % 3 == 0;
    }
    return rows;
}

struct Outcome {
    std::vector<float> theta = start();
    std::vector<std::uint32_t> alive = std::vector<std::uint32_t>(kSteps);
};

template <class Method, class Functor>
Outcome in_pairs(const void* functor, NoiseKind kind)
{
    Outcome outcome;
    const std::vector<BlockNumbers> rows = numbers(kind);
    for (std::uint64_t first = 0; first < kChains; first += 2) {
        const std::uint64_t second = first + 1 < kChains ? first + 1 : first;
        float* theta = outcome.theta.data();
        cuda::Pair pair{{theta[2 * first], theta[2 * second]}, {theta[2 * first + 1], theta[2 * second + 1]}, {}};
        const cuda::PairNoise noise{kSeed, 3, first / 2};
        for (std::uint32_t s = 0; s < kSteps; ++s) {
            cuda::pair_step<Method>(*static_cast<const Functor*>(functor), rows[s], kBox, noise, 100 + s, pair);
            outcome.alive[s] += (pair.alive[0] ? 1U : 0U) + (second > first && pair.alive[1] ? 1U : 0U);
        }
        if (second > first) {
            theta[2 * second] = pair.x[1];
            theta[2 * second + 1] = pair.y[1];
        }
        theta[2 * first] = pair.x[0];
        theta[2 * first + 1] = pair.y[0];
    }
    return outcome;
}

Outcome in_blocks(const BlockKernel& kernel, const void* functor, NoiseKind kind)
{
    Outcome outcome;
    const std::vector<BlockNumbers> rows = numbers(kind);
    for (std::uint64_t first = 0; first < kChains; first += kBlockChains) {
        std::vector<std::uint32_t> alive(kSteps);
        std::vector<double> losses(kSteps);
        BlockJob job;
        job.functor = functor;
        job.compute = &compute_kernels(Isa::baseline);
        job.theta = outcome.theta.data() + 2 * first;
        job.first_chain = first;
        job.chains = std::min<std::uint64_t>(kBlockChains, kChains - first);
        job.seed = kSeed;
        job.lane = 3;
        job.first_step = 100;
        job.steps = kSteps;
        job.numbers = rows.data();
        job.box = kBox;
        job.loss_sums = losses.data();
        job.alive = alive.data();
        kernel.run(job);
        for (std::uint32_t s = 0; s < kSteps; ++s) {
            outcome.alive[s] += alive[s];
        }
    }
    return outcome;
}

using InPairs = Outcome (*)(const void* functor, NoiseKind kind);

template <class Functor>
InPairs in_pairs_of(const std::string& method)
{
#define BASIN_PAIR_METHOD(key, Method)     \
    if (method == #key) {                  \
        return &in_pairs<Method, Functor>; \
    }
    BASIN_BLOCK_METHODS(BASIN_PAIR_METHOD)
#undef BASIN_PAIR_METHOD
    return nullptr;
}

}  // namespace

#undef BASIN_LANDSCAPE_KERNELS
#define BASIN_LANDSCAPE_KERNELS(key, Functor)                  \
    static InPairs pairs_of_##key(const std::string& method)   \
    {                                                          \
        return in_pairs_of<Stretched<Functor<float>>>(method); \
    }

#include "basin_landscape_sources.h"

class PairStepsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gives_the_bytes_of_the_cpu_kernels_data()
    {
        QTest::addColumn<QString>("landscape");
        QTest::addColumn<QString>("method");
#define BASIN_PAIR_ROWS(key)                                                                                           \
    for (const BlockKernel* block = find_landscape(#key).make(Params(find_landscape(#key).schema))->kernels(0).blocks; \
         block->method != nullptr; ++block) {                                                                          \
        QTest::addRow("%s, %s", #key, block->method) << #key << block->method;                                         \
    }
        BASIN_LANDSCAPES(BASIN_PAIR_ROWS)
#undef BASIN_PAIR_ROWS
    }

    void gives_the_bytes_of_the_cpu_kernels()
    {
        QFETCH(QString, landscape);
        QFETCH(QString, method);
        const LandscapeEntry& entry = find_landscape(landscape.toStdString());
        const auto made = entry.make(Params(entry.schema));
        const BlockKernel* block = made->kernels(0).blocks;
        while (method != QLatin1String(block->method)) {
            ++block;
        }
        const std::string key = method.toStdString();
        InPairs pairs = nullptr;
#define BASIN_PAIR_FIND(name)         \
    if (landscape == #name) {         \
        pairs = pairs_of_##name(key); \
    }
        BASIN_LANDSCAPES(BASIN_PAIR_FIND)
#undef BASIN_PAIR_FIND
        QVERIFY(pairs != nullptr);
        for (const NoiseKind kind : {NoiseKind::normal, NoiseKind::rademacher}) {
            const Outcome expected = in_blocks(*block, made->functor(), kind);
            const Outcome actual = pairs(made->functor(), kind);
            QCOMPARE(actual.alive, expected.alive);
            QCOMPARE(std::memcmp(actual.theta.data(), expected.theta.data(), expected.theta.size() * sizeof(float)), 0);
            QVERIFY(expected.alive.front() > 1000U);
            QVERIFY(std::memcmp(expected.theta.data(), start().data(), expected.theta.size() * sizeof(float)) != 0);
        }
    }
};

QTEST_APPLESS_MAIN(PairStepsTest)
#include "pair_steps_test.moc"
