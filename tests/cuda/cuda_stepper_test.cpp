// Every method on every landscape, stepped on the GPU and on the CPU: equal bytes of theta, states and records, fused
// and by verbs. That is more than the float tolerance a trajectory needs; ensembles are compared by themselves below.
#include "machines.h"

#include <cmath>
#include <cstring>
#include <vector>

#include "core/objective/landscape_objective.h"
#include "core/optim/stepper.h"

using namespace basin;
using namespace basin::testing;

namespace {

struct Setting {
    std::string landscape = "gaussian_wells";
    std::string optimizer = "fsgld";
    double gradient_noise = 0;
    bool fuse = true;
    std::vector<std::pair<std::string, ParamValue>> values{};
    StartSpec start{};
    std::uint64_t chains = 701;  // odd, and not a whole number of blocks
    std::uint64_t steps = 70;    // more than one launch
    std::uint64_t record_every = 3;
    std::uint64_t seed = 2026;
};

/// What a lane leaves: its arrays by name, and its records.
struct Left {
    std::vector<std::pair<std::string, std::vector<float>>> arrays;
    std::vector<StepRecord> records;
    std::string failure;
    Counts counts;
    std::uint64_t escaped = 0;
};

std::unique_ptr<const Landscape> make_landscape(const std::string& key)
{
    const LandscapeEntry& entry = find_landscape(key);
    return entry.make(Params(entry.schema));
}

Left run(Backend& backend, const Setting& setting)
{
    LandscapeObjective objective(make_landscape(setting.landscape), setting.gradient_noise, backend);
    const OptimizerEntry& optimizer = find_optimizer(setting.optimizer);
    Params params(optimizer.schema);
    for (const auto& [key, value] : setting.values) {
        params.set(key, value);
    }
    Stepper stepper(backend, objective, optimizer, params,
                    {.chains = setting.chains, .seed = setting.seed, .lane = 3, .fuse = setting.fuse});
    Left left;
    left.records.push_back(stepper.start(setting.start));
    try {
        stepper.advance(setting.steps, setting.record_every, left.records);
    } catch (const LaneFailed& failure) {
        left.failure = failure.what();
    }
    for (const StateArray& array : stepper.arrays()) {
        left.arrays.emplace_back(array.name, std::vector<float>(array.size));
        backend.download(left.arrays.back().second, array.data);
    }
    left.counts = stepper.counts();
    left.escaped = stepper.escaped();
    return left;
}

/// All NaNs are one: which bits one has is the machine's affair, but not where they are.
bool same(const std::vector<float>& a, const std::vector<float>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) {
        return std::memcmp(&x, &y, sizeof x) == 0 || (std::isnan(x) && std::isnan(y));
    });
}

void compare(const Left& actual, const Left& expected)
{
    QCOMPARE(actual.failure, expected.failure);
    QCOMPARE(actual.arrays.size(), expected.arrays.size());
    for (std::size_t i = 0; i < actual.arrays.size(); ++i) {
        QCOMPARE(actual.arrays[i].first, expected.arrays[i].first);
        QVERIFY2(same(actual.arrays[i].second, expected.arrays[i].second), actual.arrays[i].first.c_str());
    }
    QCOMPARE(actual.records.size(), expected.records.size());
    for (std::size_t i = 0; i < actual.records.size(); ++i) {
        QCOMPARE(actual.records[i].step, expected.records[i].step);
        QCOMPARE(actual.records[i].gradients, expected.records[i].gradients);
        QCOMPARE(actual.records[i].escaped, expected.records[i].escaped);
        QCOMPARE(std::memcmp(&actual.records[i].loss, &expected.records[i].loss, sizeof(double)), 0);
    }
    QVERIFY(actual.counts == expected.counts);
    QCOMPARE(actual.escaped, expected.escaped);
}

/// Landscapes, methods and the variants of a method that a parameter makes.
std::vector<Setting> settings()
{
    std::vector<Setting> all;
    for (const LandscapeEntry* landscape : landscape_entries()) {
        for (const OptimizerEntry* optimizer : optimizer_entries()) {
            for (const double noise : {0.0, 0.4}) {
                Setting setting;
                setting.landscape = landscape->key;
                setting.optimizer = optimizer->key;
                setting.gradient_noise = noise;
                setting.start.spread = 0.5;
                all.push_back(setting);
                if (optimizer->block != nullptr) {
                    all.back().fuse = false;
                    all.push_back(setting);
                }
            }
        }
    }
    const auto add = [&all](std::string optimizer, std::vector<std::pair<std::string, ParamValue>> values) {
        Setting setting;
        setting.optimizer = std::move(optimizer);
        setting.values = std::move(values);
        all.push_back(setting);
    };
    add("fsgld", {{"noise", std::string("rademacher")}});
    add("fsgld", {{"perturbations", std::int64_t{3}}, {"antithetic", true}, {"momentum", 0.5}});
    add("sgd", {{"momentum", 0.9}, {"nesterov", true}, {"weight_decay", 0.01}});
    add("adamw", {{"amsgrad", true}});
    add("sam", {{"base", std::string("fsgld")}});
    // Steps so long that many leave the box on the way, and in the last case all.
    for (const double step_size : {0.01, 0.06}) {
        Setting setting;
        setting.landscape = "himmelblau";
        setting.optimizer = "sgld";
        setting.values = {{"step_size", step_size}};
        setting.start.spread = 4;
        setting.record_every = 1;
        all.push_back(setting);
    }
    return all;
}

double mean(const std::vector<double>& values)
{
    double sum = 0;
    for (const double value : values) {
        sum += value;
    }
    return sum / static_cast<double>(values.size());
}

}  // namespace

class CudaStepperTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void every_method_on_every_landscape_gives_the_cpus_bytes_data()
    {
        add_machine_column();
        QTest::addColumn<int>("which");
        const std::vector<Setting> all = settings();
        for (const QString& machine : machine_names()) {
            for (std::size_t i = 0; i < all.size(); ++i) {
                QTest::addRow("%s, %s, %s, noise %g, %s, %zu", qPrintable(machine), all[i].landscape.c_str(),
                              all[i].optimizer.c_str(), all[i].gradient_noise, all[i].fuse ? "fused" : "verbs", i)
                    << machine << static_cast<int>(i);
            }
        }
    }
    void every_method_on_every_landscape_gives_the_cpus_bytes()
    {
        BASIN_MACHINE(machine);
        QFETCH(int, which);
        const Setting setting = settings()[static_cast<std::size_t>(which)];
        const Left expected = run(*make_cpu_backend(1), setting);
        const Left actual = run(*backend_of(machine), setting);
        compare(actual, expected);
        QVERIFY(expected.records.size() > 1 || !expected.failure.empty());
    }

    void particles_escape_in_the_settings_above()
    {
        const auto cpu = make_cpu_backend(1);
        std::vector<Setting> all = settings();
        const Left all_escape = run(*cpu, all.back());
        all.pop_back();
        const Left some_escape = run(*cpu, all.back());
        QVERIFY(all_escape.failure.find("every particle has escaped") != std::string::npos);
        QVERIFY2(some_escape.escaped > 50 && some_escape.escaped < 650,
                 qPrintable(QString::number(some_escape.escaped)));
        QVERIFY(some_escape.failure.empty());
    }

    void chains_at_the_edges_of_blocks_are_no_different_data() { add_machines(); }
    void chains_at_the_edges_of_blocks_are_no_different()
    {
        BASIN_MACHINE(machine);
        for (const std::uint64_t chains : {1, 2, 3, 511, 512, 513, 1024, 20000}) {
            for (const bool fuse : {true, false}) {
                Setting setting;
                setting.chains = chains;
                setting.fuse = fuse;
                setting.record_every = 1;
                setting.start.spread = 0.5;
                compare(run(*backend_of(machine), setting), run(*make_cpu_backend(1), setting));
            }
        }
    }

    void a_landscape_without_kernels_is_sent_to_the_cpu()
    {
        qputenv("BASIN_EMULATED_LANDSCAPES", "1");
        const auto gpu = backend_of("emulated");
        qunsetenv("BASIN_EMULATED_LANDSCAPES");
        try {
            const LandscapeObjective objective(make_landscape("quadratic"), 0, *gpu);
            QFAIL("it was made");
        } catch (const std::invalid_argument& error) {
            QCOMPARE(std::string(error.what()),
                     std::string("objective.landscape: quadratic has no kernels for this GPU "
                                 "and runs on the CPU: choose the device cpu"));
        }
    }

    void cuts_of_the_steps_change_nothing_data() { add_machines(); }
    void cuts_of_the_steps_change_nothing()
    {
        BASIN_MACHINE(machine);
        const auto gpu = backend_of(machine);
        LandscapeObjective objective(make_landscape("gaussian_wells"), 0, *gpu);
        const OptimizerEntry& optimizer = find_optimizer("fsgld");
        const auto finish = [&](std::initializer_list<std::uint64_t> cuts) {
            Stepper stepper(*gpu, objective, optimizer, Params(optimizer.schema), {.chains = 700});
            std::vector<StepRecord> records{stepper.start({})};
            for (const std::uint64_t steps : cuts) {
                stepper.advance(steps, 5, records);
            }
            std::vector<float> theta(1400);
            gpu->download(theta, stepper.theta());
            return std::pair(theta, records.back().loss);
        };
        const auto once = finish({200});
        QVERIFY(finish({1, 64, 65, 70}) == once);
        QVERIFY(finish({200}) == once);  // and a replay gives the same bytes
    }

    void evaluates_values_and_gradients_data() { add_machines(); }
    void evaluates_values_and_gradients()
    {
        BASIN_MACHINE(machine);
        const auto cpu = make_cpu_backend(1);
        const auto gpu = backend_of(machine);
        constexpr std::size_t kChains = 777;
        for (const LandscapeEntry* entry : landscape_entries()) {
            std::vector<std::vector<float>> left;
            for (Backend* backend : {cpu.get(), gpu.get()}) {
                LandscapeObjective objective(make_landscape(entry->key), 0.1, *backend);
                std::vector<float> start(2 * kChains);
                objective.start(start, {}, kChains, {.spread = 1.5}, 11);
                const Buffer theta = backend->allocate(2 * kChains);
                const Buffer gradient = backend->allocate(2 * kChains);
                const Buffer losses = backend->allocate(kChains);
                backend->upload(theta.data(), start);
                objective.evaluate(
                    {.theta = theta.data(), .chains = kChains, .losses = losses.data(), .gradient = gradient.data()},
                    {.seed = 3, .step = 4}, {.losses = true, .gradient = true});
                backend->download(start, gradient.data());
                left.push_back(start);
                start.resize(kChains);
                backend->download(start, losses.data());
                left.push_back(start);
            }
            QVERIFY2(same(left[2], left[0]) && same(left[3], left[1]), entry->key.c_str());
        }
    }

    void ensembles_agree_within_four_standard_errors_data() { add_machines(); }
    /// On the flagship with another seed, so that nothing but the law is shared: the mean loss of the second half,
    /// which 16 groups of chains give 16 times; difference of the means against its standard error.
    void ensembles_agree_within_four_standard_errors()
    {
        BASIN_MACHINE(machine);
        const auto losses = [](Backend& backend, std::uint64_t first_seed) {
            std::vector<double> groups;
            for (std::uint64_t group = 0; group < 16; ++group) {
                Setting setting;
                setting.chains = 1024;
                setting.steps = 400;
                setting.record_every = 10;
                setting.seed = first_seed + group;
                const Left left = run(backend, setting);
                std::vector<double> tail;
                for (const StepRecord& record : left.records) {
                    if (record.step > setting.steps / 2) {
                        tail.push_back(record.loss);
                    }
                }
                groups.push_back(mean(tail));
            }
            return groups;
        };
        const std::vector<double> here = losses(*make_cpu_backend(1), 100);
        const std::vector<double> there = losses(*backend_of(machine), 900);
        double variance = 0;
        for (const auto* groups : {&here, &there}) {
            for (const double value : *groups) {
                variance += (value - mean(*groups)) * (value - mean(*groups)) / (15.0 * 16.0);
            }
        }
        const double difference = std::abs(mean(here) - mean(there));
        QVERIFY2(difference < 4 * std::sqrt(variance),
                 qPrintable(QString("%1 against %2").arg(difference).arg(std::sqrt(variance))));
        QVERIFY(variance > 0);
    }
};

QTEST_APPLESS_MAIN(CudaStepperTest)
#include "cuda_stepper_test.moc"
