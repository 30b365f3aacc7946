// The device menu on machines with and without a GPU, both pretended, and what the window remembers of it.
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/device_button.h"
#include "app/settings.h"
#include "app/status_line.h"
#include "widgets/bridge/run_controller.h"

using namespace basin;
using State = RunController::State;

namespace {

constexpr int kPatience = 40000;

RunParts machine(const std::string& card, const std::string& reason)
{
    RunParts parts = RunParts::from_catalogs();
    parts.device = [card, reason](Device device) {
        return DeviceInfo{.device = device,
                          .usable = device == Device::cpu || reason.empty(),
                          .name = device == Device::cpu ? "CPU" : card,
                          .reason = device == Device::cpu ? "" : reason};
    };
    parts.memory = [](Device) { return DeviceMemory{.free_bytes = 1'000'000'000, .total_bytes = 1'000'000'000}; };
    parts.backend = [](Device, int threads) { return make_cpu_backend(threads); };
    return parts;
}

ExperimentSpec wells()
{
    return parse_spec(R"({"version": 1, "objective": {"landscape": "gaussian_wells"}, "chains": 10,
                          "lanes": [{"label": "A", "optimizer": "sgd", "step_size": 0.01}]})",
                      "wells");
}

/// A controller with an experiment at its first step, its button, and its line at the bottom.
struct Desk {
    explicit Desk(const RunParts& parts) : controller(nullptr, parts), button(controller), line(controller, nullptr)
    {
        controller.setPace(RunController::kUnlimited);
        controller.openSpec(wells(), false);
    }
    bool ready()
    {
        return QTest::qWaitFor([this] { return controller.gpu() && controller.state() == State::ready; }, kPatience);
    }
    QAction* action(const char* name) const { return button.menu()->findChild<QAction*>(QLatin1String(name)); }
    QString bottom() const { return line.findChild<QLabel*>(QStringLiteral("deviceText"))->text(); }

    RunController controller;
    DeviceButton button;
    StatusLine line;
};

}  // namespace

class DeviceButtonTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_gpu_that_cannot_be_used_says_why()
    {
        Desk desk(machine("", "no NVIDIA driver: libcuda.so.1 was not found"));
        QVERIFY(desk.ready());
        QAction* gpu = desk.action("gpu");
        QVERIFY(!gpu->isEnabled());
        QVERIFY(!gpu->isChecked());
        QCOMPARE(gpu->text(), QStringLiteral("GPU"));
        QCOMPARE(gpu->toolTip(),
                 QStringLiteral("Runs cannot compute on a GPU: no NVIDIA driver: libcuda.so.1 was not found."));
        QVERIFY(desk.action("gpuReason")->isVisible());
        QCOMPARE(desk.action("gpuReason")->text(),
                 QStringLiteral("No GPU: no NVIDIA driver: libcuda.so.1 was not found"));
        gpu->trigger();
        QCOMPARE(desk.controller.device(), Device::cpu);
    }

    void an_old_gpu_is_named_with_its_fault()
    {
        Desk desk(machine("NVIDIA Pretend 0", "NVIDIA Pretend 0 is too old"));
        QVERIFY(desk.ready());
        QCOMPARE(desk.action("gpu")->text(), QStringLiteral("NVIDIA Pretend 0"));
        QVERIFY(!desk.action("gpu")->isEnabled());
    }

    void a_choice_before_the_start_makes_the_run_anew()
    {
        Desk desk(machine("NVIDIA Pretend 1", ""));
        QVERIFY(desk.ready());
        QVERIFY(!desk.action("gpuReason")->isVisible());
        desk.action("gpu")->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(desk.controller.runDevice(), Device::cuda, kPatience);
        QVERIFY(desk.action("gpu")->isChecked());
        QVERIFY(!desk.bottom().contains(QStringLiteral("next start")));
    }

    void a_choice_while_it_runs_acts_at_the_next_start()
    {
        Desk desk(machine("NVIDIA Pretend 1", ""));
        QVERIFY(desk.ready());
        desk.controller.start();
        QTRY_VERIFY_WITH_TIMEOUT(desk.controller.step() > 0, kPatience);
        const std::uint64_t run = desk.controller.runNumber();
        desk.action("gpu")->trigger();
        QCOMPARE(desk.controller.runNumber(), run);
        QCOMPARE(desk.controller.state(), State::running);
        QCOMPARE(desk.controller.runDevice(), Device::cpu);
        QVERIFY2(desk.bottom().endsWith(QStringLiteral(", next start: GPU")), qPrintable(desk.bottom()));
        QCOMPARE(desk.button.toolTip(), QStringLiteral("What computes; the next start is on NVIDIA Pretend 1"));
        desk.controller.reset();
        QTRY_COMPARE_WITH_TIMEOUT(desk.controller.runDevice(), Device::cuda, kPatience);
        QCOMPARE(desk.bottom(), desk.controller.backendName());
    }

    void it_is_remembered()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("settings.ini"));
        QCOMPARE(Settings(file).device(), Device::cpu);
        Settings(file).setDevice(Device::cuda);
        QCOMPARE(Settings(file).device(), Device::cuda);
        QFile nonsense(file);
        QVERIFY(nonsense.open(QIODevice::WriteOnly));
        nonsense.write("[run]\ndevice=abacus\n");
        nonsense.close();
        QCOMPARE(Settings(file).device(), Device::cpu);
    }
};

QTEST_MAIN(DeviceButtonTest)
#include "device_button_test.moc"
