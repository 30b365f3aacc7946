#include "tests/cuda/card_networks.h"

#include "core/network/network.h"
#include "core/run/runner.h"
#include "tests/core/network/golden.h"
#include "tests/core/network/resnet_data.h"
#include "tests/core/run/fake_run.h"

namespace basin::testing {

namespace {

/// Empty when networks run on the GPU here.
std::string why_not()
{
    try {
        const auto backend = make_backend(Device::cuda);
        Params params(network_schema(golden::entry("mlp")));
        params.set("dataset", std::string("two_moons"));
        make_network_objective(golden::entry("mlp"), params, *backend, 1);
        return {};
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

}  // namespace

ExperimentSpec lenet_spec(const QTemporaryDir& data, std::uint64_t steps, const std::string& precision,
                          const std::string& augmentation)
{
    const golden::Network golden;
    golden.write_files(data);
    ExperimentSpec spec;
    spec.seed = golden.seed();
    spec.steps = steps;
    spec.record_every = 1;
    spec.objective = {"network", "lenet", golden.params(data, "mnist")};
    spec.objective.params.set("precision", precision);
    spec.objective.params.set("augmentation.kind", augmentation);
    for (const char* optimizer : {"sgd", "fsgld", "sam"}) {
        spec.lanes.push_back(lane(optimizer, optimizer, {{"step_size", 0.02}, {"momentum", 0.9}}));
    }
    spec.lanes[1].params.set("beta", 1e6);
    return spec;
}

ExperimentSpec resnet_spec(const QTemporaryDir& data, std::uint64_t steps, const std::string& precision)
{
    ExperimentSpec spec = lenet_spec(data, steps, precision);
    spec.objective = {"network", "resnet", resnet_data::params(data, "resnet20", 28, 40, 16)};
    spec.objective.params.set("precision", precision);
    spec.metrics_every = 5;
    return spec;
}

void run_on(const ExperimentSpec& spec, Device device, const std::filesystem::path& folder, bool resume)
{
    RunOptions options;
    options.device = device;
    options.threads = 1;
    options.folder = folder;
    options.resume = resume;
    options.checkpoint_seconds = 0.2;
    Runner runner(spec, options);
    runner.start();
    runner.wait();
    QVERIFY2(runner.state() == RunState::finished, runner.message().c_str());
}

std::vector<double> losses(const std::filesystem::path& folder, int lane, int column)
{
    QFile file(QString::fromStdString((folder / "metrics.csv").string()));
    std::vector<double> values;
    if (file.open(QIODevice::ReadOnly)) {
        file.readLine();
        while (!file.atEnd()) {
            const QList<QByteArray> cells = file.readLine().split(',');
            if (cells[0].toInt() == lane && !cells[column].trimmed().isEmpty()) {
                values.push_back(cells[column].toDouble());
            }
        }
    }
    return values;
}

void CardTest::init()
{
    if (!reason_) {
        reason_ = why_not();
    }
    if (!reason_->empty()) {
        QSKIP(("no card to run on: " + *reason_).c_str());
    }
    place_ = std::make_unique<QTemporaryDir>();
}

}  // namespace basin::testing
