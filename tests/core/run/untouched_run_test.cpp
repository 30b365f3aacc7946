// A run does not notice what is measured beside it: 2,000 steps of a LeNet end at the same bytes with a curvature probe
// at every single step and with none.
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "core/network/network.h"
#include "core/run/runner.h"
#include "core/run/spec.h"

using namespace basin;

namespace {

/// theta_0.npy, and how many measurements the run wrote down.
struct Outcome {
    QByteArray theta;
    qsizetype measured = 0;
};

Outcome outcome(const std::string& probes, const QString& folder)
{
    // Few images a step and a measurement: what matters is how often the two meet.
    const std::string json = R"({"version": 1, "steps": 2000, "seed": 5,
        "objective": {"network": "lenet", "dataset": "fashion_mnist", "train_size": 64, "batch_size": 4},
        "metrics_every": 2000,
        "lanes": [{"label": "fSGLD", "optimizer": "fsgld", "step_size": 0.01, "momentum": 0.9, "beta": 1e8}])" +
                             probes + "}";
    RunOptions options;
    options.folder = folder.toStdString();
    options.threads = 1;
    Runner runner(parse_spec(json, "test"), options);
    runner.start();
    runner.wait();
    Outcome result;
    QFile theta(folder + QStringLiteral("/theta_0.npy"));
    if (runner.state() == RunState::finished && theta.open(QIODevice::ReadOnly)) {
        result.theta = theta.readAll();
    }
    QFile probe(folder + QStringLiteral("/probes/0_hessian_trace.csv"));
    if (probe.open(QIODevice::ReadOnly)) {
        result.measured = probe.readAll().count(",trace,");
    }
    return result;
}

}  // namespace

class UntouchedRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_measurement_at_every_step()
    {
        if (!networks_available() || !QFile::exists(QStringLiteral("/usr/share/datasets/fashion-mnist"))) {
            QSKIP("needs LibTorch and Fashion-MNIST");
        }
        QTemporaryDir scratch;
        const Outcome alone = outcome("", scratch.filePath("alone"));
        const Outcome watched =
            outcome(R"(, "probes": [{"probe": "hessian_trace", "every": 1, "sample": 2, "maximum_products": 12}])",
                    scratch.filePath("watched"));
        QCOMPARE(watched.measured, 2001);
        QVERIFY(alone.theta.size() > 200000);
        QVERIFY(alone.theta == watched.theta);
    }
};

QTEST_GUILESS_MAIN(UntouchedRunTest)
#include "untouched_run_test.moc"
