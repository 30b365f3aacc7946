// Saves pictures of the whole window in the states that a person meets, so that they can be looked at:
// window_gallery FOLDER [SCENE] [WIDTHxHEIGHT] [light|dark]. Not a test: nobody asserts beauty. Menus, dialogs and
// tooltips that are open are in the picture where they stand.
#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QComboBox>
#include <QDockWidget>
#include <QFileInfo>
#include <QLineEdit>
#include <QScrollBar>
#include <QToolButton>
#include <algorithm>
#include <cstdio>

#include "app/key_guard.h"
#include "app/tip_wrap.h"
#include "gallery.h"

using namespace basin;
using State = RunController::State;

namespace {

void flagship(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(0, false);
    gallery.wait(800);
    gallery.shoot(QStringLiteral("idle"));
    session.run().setPace(RunController::kUnlimited);
    session.run().start();
    gallery.wait(4000);
    session.run().setPace(60);
    gallery.shoot(QStringLiteral("running"));
    hover(session.find<QWidget>(QStringLiteral("lossChart"))->findChild<QAbstractScrollArea*>()->viewport(), {200, 90});
    hover(session.find<QWidget>(QStringLiteral("landscapeView")), {120, 150});
    gallery.shoot(QStringLiteral("hover"));
    session.lane(0);
    gallery.shoot(QStringLiteral("lane"));
    gallery.everything(QStringLiteral("all"));
    session.find<QComboBox>(QStringLiteral("measureQuantity"))->setCurrentIndex(1);
    session.find<QDockWidget>(QStringLiteral("measureDock"))->raise();
    gallery.wait(1500);
    gallery.shoot(QStringLiteral("measure"));
    session.find<QComboBox>(QStringLiteral("measureQuantity"))->setCurrentIndex(0);
    gallery.presentation(&Gallery::shoot);
}

void race(Gallery& gallery)
{
    gallery.session.openExample(1, true);
    gallery.session.run().setPace(RunController::kUnlimited);
    gallery.wait(3000);
    gallery.shoot(QStringLiteral("running"));
    gallery.everything(QStringLiteral("all"));
    gallery.presentation(&Gallery::shoot);
}

void menus(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(0, true);
    gallery.wait(1200);
    for (const char* title : {"File", "Edit", "View", "Run", "Help"}) {
        gallery.menu(QString::fromLatin1(title));
    }
    gallery.shootModal(QStringLiteral("addLane"), [&] { session.click(QStringLiteral("addLane")); });
    auto* card = session.lane(0);
    gallery.shootModal(QStringLiteral("laneMenu"), [&] {
        QTest::mouseClick(Session::find<QToolButton>(card, QStringLiteral("more")), Qt::LeftButton);
    });
    gallery.contextMenu(QStringLiteral("contextLoss"), session.find<QWidget>(QStringLiteral("lossChart")));
    gallery.contextMenu(QStringLiteral("contextMap"), session.find<QWidget>(QStringLiteral("landscapeView")));
    gallery.shootModal(QStringLiteral("device"),
                       [&] { QTest::mouseClick(session.find<QToolButton>(QStringLiteral("device")), Qt::LeftButton); });
    gallery.shootTip(QStringLiteral("tipAxis"), session.find<QWidget>(QStringLiteral("lossAxis")));
    gallery.shootTip(QStringLiteral("tipSpeed"), session.find<QWidget>(QStringLiteral("speed")));
    gallery.shootTip(QStringLiteral("tipBeta"), session.line(1, QStringLiteral("step_size")));
}

void dialogs(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(0, true);
    gallery.wait(600);
    gallery.choose(QStringLiteral("Help"), QStringLiteral("Keys"));
    gallery.shoot(QStringLiteral("keys"));
    gallery.closeOthers();
    gallery.choose(QStringLiteral("Help"), QStringLiteral("About Basin"));
    gallery.shoot(QStringLiteral("about"));
    gallery.closeOthers();
    gallery.shootModal(QStringLiteral("open"),
                       [&] { gallery.choose(QStringLiteral("File"), QStringLiteral("Open…")); });
    gallery.shootModal(QStringLiteral("save"),
                       [&] { gallery.choose(QStringLiteral("File"), QStringLiteral("Save as…")); });
    session.window().workspace().save(session.path(QStringLiteral("mine.json")));
    session.run().setSeed(7);
    gallery.shootModal(QStringLiteral("unsaved"),
                       [&] { gallery.choose(QStringLiteral("File"), QStringLiteral("Open…")); });
    session.window().workspace().open(
        session.write(QStringLiteral("bad.json"), R"({"version": 1, "lanes": [{"optimizer": "fsgl"}]})"), true);
    gallery.shoot(QStringLiteral("badFile"));
    gallery.shootModal(QStringLiteral("saveCurves"), [&] {
        QMetaObject::invokeMethod(session.find<QWidget>(QStringLiteral("lossChart")), "saveAs");
    });
}

void failed(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(1, true);
    gallery.wait(1500);
    session.run().setLaneParam(0, "step_size", ParamValue(1e6));
    gallery.wait(2500);
    gallery.shoot(QStringLiteral("lane"));
    session.lane(0);
    gallery.everything(QStringLiteral("all"));
    gallery.shootTip(QStringLiteral("tip"), session.find<QWidget>(QStringLiteral("lane0")));
}

void measure_all(Gallery& gallery)
{
    Session& session = gallery.session;
    for (const char* name : {"spectrumNow", "sharpnessNow"}) {
        session.find<QAbstractButton>(QString::fromLatin1(name))->click();
    }
}

void network(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(3, true);
    session.run().setPace(RunController::kUnlimited);
    gallery.wait(1500);
    gallery.everything(QStringLiteral("begin"));
    gallery.wait(25000);
    measure_all(gallery);
    gallery.wait(4000);
    gallery.everything(QStringLiteral("busy"));
    session.find<QComboBox>(QStringLiteral("sliceCount"))->setCurrentIndex(0);
    session.find<QAbstractButton>(QStringLiteral("sliceCompute"))->click();
    gallery.wait(30000);
    gallery.everything(QStringLiteral("trained"));
    session.find<QComboBox>(QStringLiteral("spectrumArrangement"))->setCurrentIndex(1);
    gallery.shoot(QStringLiteral("slice"));
    gallery.wait(30000);
    session.run().pause();
    gallery.wait(2000);
    gallery.everything(QStringLiteral("later"));
    session.find<QComboBox>(QStringLiteral("sliceKind"))->setCurrentIndex(1);
    session.find<QAbstractButton>(QStringLiteral("sliceCompute"))->click();
    gallery.wait(20000);
    gallery.everything(QStringLiteral("line"));
}

/// Spectra of a trained LeNet take minutes: the run stands still meanwhile.
void spectra(Gallery& gallery)
{
    constexpr int kPatienceSeconds = 420;
    Session& session = gallery.session;
    session.openExample(3, true);
    session.run().setPace(RunController::kUnlimited);
    gallery.wait(20000);
    session.run().pause();
    session.find<QDockWidget>(QStringLiteral("spectrumDock"))->raise();
    session.find<QAbstractButton>(QStringLiteral("spectrumNow"))->click();
    const auto measured = [&session] {
        const std::vector<ProbeReport>& reports = session.run().reports();
        return std::count_if(reports.begin(), reports.end(),
                             [](const ProbeReport& report) { return report.key == "hessian_spectrum"; });
    };
    for (int second = 0; second < kPatienceSeconds && measured() < 3; ++second) {
        gallery.wait(1000);
        if (second == 20) {
            gallery.shoot(QStringLiteral("busy"));
        }
    }
    gallery.wait(1000);
    gallery.shoot(QStringLiteral("overlaid"));
    session.find<QComboBox>(QStringLiteral("spectrumArrangement"))->setCurrentIndex(1);
    gallery.everything(QStringLiteral("stacked"));
}

void edge(Gallery& gallery)
{
    Session& session = gallery.session;
    session.openExample(4, true);
    session.run().setPace(RunController::kUnlimited);
    gallery.wait(12000);
    session.find<QAbstractButton>(QStringLiteral("spectrumNow"))->click();
    session.find<QAbstractButton>(QStringLiteral("sliceCompute"))->click();
    gallery.wait(4000);
    gallery.everything(QStringLiteral("all"));
    session.find<QComboBox>(QStringLiteral("sliceKind"))->setCurrentIndex(1);
    session.find<QAbstractButton>(QStringLiteral("sliceCompute"))->click();
    gallery.wait(2000);
    gallery.everything(QStringLiteral("line"));
    gallery.presentation(&Gallery::everything);
}

/// Noise with a bright band whose place says the class, in the form of CIFAR-10's binary version.
QByteArray cifar_file(int images, std::uint32_t state)
{
    constexpr int kSide = 32;
    constexpr int kRecord = 1 + 3 * kSide * kSide;
    QByteArray file(images * kRecord, '\0');
    for (int i = 0; i < images; ++i) {
        char* record = file.data() + i * kRecord;
        const int label = (7 * i + 3) % 10;
        record[0] = static_cast<char>(label);
        for (int k = 1; k < kRecord; ++k) {
            state = 1664525U * state + 1013904223U;
            const bool band = (k - 1) / kSide % kSide / 3 == label;
            record[k] = static_cast<char>((state >> 25U) + (band ? 120U : 0U));
        }
    }
    return file;
}

/// Photographs, all of the form unfolded; the first evaluations and some steps.
void resnet(Gallery& gallery)
{
    Session& session = gallery.session;
    const QString folder = QFileInfo(session.write(QStringLiteral("test_batch.bin"), cifar_file(2000, 6))).path();
    for (std::uint32_t number = 1; number <= 5; ++number) {
        session.write(QStringLiteral("data_batch_%1.bin").arg(number), cifar_file(800, number));
    }
    const QString spec = QStringLiteral(R"({"version": 1, "name": "ResNet-20 on photographs", "epochs": 10,
        "objective": {"network": "resnet", "dataset": "cifar10", "folder": "%1", "batch_size": 32,
                      "label_noise": {"kind": "symmetric", "rate": 0.2},
                      "augmentation": {"kind": "crop_flip", "padding": 4}},
        "lanes": [{"label": "SGD", "optimizer": "sgd", "step_size": 0.05, "momentum": 0.9},
                  {"label": "fSGLD", "optimizer": "fsgld", "step_size": 0.05, "momentum": 0.9, "beta": 1e8,
                   "coupling": false, "sigma": 0.01}]})")
                             .arg(folder);
    session.window().workspace().open(session.write(QStringLiteral("resnet.json"), spec.toUtf8()), true);
    session.run().setPace(RunController::kUnlimited);
    session.waitFor(State::running);
    gallery.wait(2500);
    gallery.shoot(QStringLiteral("evaluating"));
    session.find<QAbstractButton>(QStringLiteral("section_parameters"))->setChecked(true);
    gallery.wait(300);
    gallery.shoot(QStringLiteral("parameters"));
    auto* form = session.find<QAbstractScrollArea>(QStringLiteral("experimentPanel"));
    form->verticalScrollBar()->setValue(form->verticalScrollBar()->maximum() / 2);
    gallery.wait(300);
    gallery.shoot(QStringLiteral("below"));
    gallery.wait(60000);
    gallery.everything(QStringLiteral("steps"));
    gallery.presentation(&Gallery::everything);
}

struct Scene {
    const char* name;
    void (*draw)(Gallery&);
};

constexpr Scene kScenes[] = {{"flagship", flagship}, {"race", race},     {"menus", menus},
                             {"dialogs", dialogs},   {"failed", failed}, {"spectra", spectra},
                             {"network", network},   {"edge", edge},     {"resnet", resnet}};

}  // namespace

int main(int argc, char** argv)
{
    WindowApplication application(argc, argv);
    KeyGuard keys;
    application.installEventFilter(&keys);
    TipWrap tips;
    application.installEventFilter(&tips);
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    if (argc < 2) {
        std::fputs("window_gallery FOLDER [SCENE] [WIDTHxHEIGHT] [light|dark]\n", stderr);
        return 2;
    }
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    folder.mkpath(QStringLiteral("."));
    const QString wanted = argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString();
    const QString theme = argc > 4 ? QString::fromLocal8Bit(argv[4]) : QString();
    std::vector<QSize> sizes{QSize(1440, 900), QSize(1024, 700), QSize(2560, 1440)};
    if (argc > 3) {
        const QStringList size = QString::fromLocal8Bit(argv[3]).split('x');
        sizes = {QSize(size.value(0).toInt(), size.value(1).toInt())};
    }
    for (const QSize size : sizes) {
        for (const Scene& scene : kScenes) {
            if (!wanted.isEmpty() && wanted != QLatin1String(scene.name)) {
                continue;
            }
            for (const bool dark : {false, true}) {
                if (!theme.isEmpty() && (theme == QLatin1String("dark")) != dark) {
                    continue;
                }
                Gallery gallery{folder, QString::fromLatin1(scene.name), size, dark, {}};
                gallery.session.window().setTheme(dark ? ThemeChoice::dark : ThemeChoice::light);
                gallery.session.window().resize(size);
                scene.draw(gallery);
            }
        }
    }
    return 0;
}
