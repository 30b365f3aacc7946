// basin: the window.
#include <QByteArrayView>
#include <QCommandLineParser>
#include <QTimer>
#include <cstdio>
#include <optional>

#include "app/key_guard.h"
#include "app/main_window.h"
#include "app/pace_scale.h"
#include "app/tip_wrap.h"
#include "app/window_application.h"
#include "core/catalog/params.h"
#include "core/compute/allocator.h"
#include "core/compute/device.h"

namespace {

using basin::MainWindow;
using basin::WindowApplication;

constexpr int kBadInput = 2;

struct Options {
    QString spec;
    QString screenshot;
    QString settings;
    double after = 3;
    std::optional<double> pace;
    std::optional<basin::ThemeChoice> theme;
    std::optional<basin::Device> device;
    std::optional<QSize> size;
    bool paused = false;
    bool presentation = false;
    bool frame_stats = false;
};

[[noreturn]] void refuse(const QString& sentence)
{
    std::fprintf(stderr, "basin: %s\n", qPrintable(sentence));
    std::exit(kBadInput);
}

double number(const QCommandLineParser& parser, const QString& option, double minimum)
{
    const std::optional<double> value = basin::parse_number(parser.value(option).toStdString());
    if (!value || *value < minimum) {
        refuse(QStringLiteral("--%1 must be a number of at least %2, not \"%3\"")
                   .arg(option)
                   .arg(minimum)
                   .arg(parser.value(option)));
    }
    return *value;
}

QSize window_size(const QString& text)
{
    const QStringList sides = text.split('x');
    const QSize size = sides.size() == 2 ? QSize(sides[0].toInt(), sides[1].toInt()) : QSize();
    if (size.width() < 200 || size.height() < 200) {
        refuse(
            QStringLiteral("--size must be WIDTHxHEIGHT of at least 200x200, such as 1440x900, not \"%1\"").arg(text));
    }
    return size;
}

basin::Device usable_device(const QString& word)
{
    const std::string key = word.toStdString();
    if (key != basin::device_key(basin::Device::cpu) && key != basin::device_key(basin::Device::cuda)) {
        refuse(QStringLiteral("--device must be cpu or cuda, not \"%1\"").arg(word));
    }
    const basin::Device device = basin::parse_device(key);
    if (const basin::DeviceInfo info = basin::find_device(device); !info.usable) {
        refuse(QStringLiteral("--device %1: %2").arg(word, QString::fromStdString(info.reason)));
    }
    return device;
}

/// The device that was asked for, or the one of last time where it is still there.
void choose_device(MainWindow& window, const std::optional<basin::Device>& asked)
{
    const basin::Device device = asked.value_or(window.rememberedDevice());
    if (!asked && device != basin::Device::cpu) {
        if (const basin::DeviceInfo info = basin::find_device(device); !info.usable) {
            window.tell(MainWindow::tr("Runs are on the CPU: %1.").arg(QString::fromStdString(info.reason)));
            return;
        }
    }
    window.setDevice(device);
}

Options read_options(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Shows where optimizers settle. Without SPEC.json it opens the first example."));
    const auto add = [&parser](const char* name, const char* help, const char* value = nullptr) {
        parser.addOption(
            value ? QCommandLineOption(QString::fromLatin1(name), QString::fromLatin1(help), QString::fromLatin1(value))
                  : QCommandLineOption(QString::fromLatin1(name), QString::fromLatin1(help)));
    };
    parser.addHelpOption();
    parser.addVersionOption();
    add("paused", "Open the experiment and wait.");
    add("pace", "Steps per second; 0: as fast as it goes (default: 60).", "N");
    add("device", "cpu or cuda (an NVIDIA GPU): what runs compute on; remembered.", "DEVICE");
    add("theme", "system, light or dark; remembered.", "THEME");
    add("size", "Size of the window in pixels.", "WIDTHxHEIGHT");
    add("presentation", "Start in presentation mode.");
    add("settings", "Keep layout, theme and recent files in this file instead of the user's own.", "FILE");
    add("screenshot", "Save a picture of the window as PNG and quit.", "FILE");
    add("after", "Seconds to wait before the picture, or before quitting with --frame-stats (default: 3).", "SECONDS");
    add("frame-stats", "Print how long the window's thread worked in each frame, as JSON, and quit.");
    parser.addPositionalArgument(QStringLiteral("SPEC.json"), QStringLiteral("The experiment to open."),
                                 QStringLiteral("[SPEC.json]"));
    if (!parser.parse(arguments)) {
        refuse(parser.errorText());
    }
    if (parser.isSet(QStringLiteral("help"))) {
        parser.showHelp();
    }
    if (parser.isSet(QStringLiteral("version"))) {
        parser.showVersion();
    }
    if (parser.positionalArguments().size() > 1) {
        refuse(QStringLiteral("one SPEC.json at most, and \"%1\" is one too many")
                   .arg(parser.positionalArguments().at(1)));
    }
    Options options;
    options.spec = parser.positionalArguments().value(0);
    options.screenshot = parser.value(QStringLiteral("screenshot"));
    options.settings = parser.value(QStringLiteral("settings"));
    options.paused = parser.isSet(QStringLiteral("paused"));
    options.presentation = parser.isSet(QStringLiteral("presentation"));
    options.frame_stats = parser.isSet(QStringLiteral("frame-stats"));
    if (parser.isSet(QStringLiteral("after"))) {
        options.after = number(parser, QStringLiteral("after"), 0);
    }
    if (parser.isSet(QStringLiteral("pace"))) {
        options.pace = number(parser, QStringLiteral("pace"), 0);
    }
    if (parser.isSet(QStringLiteral("size"))) {
        options.size = window_size(parser.value(QStringLiteral("size")));
    }
    if (parser.isSet(QStringLiteral("device"))) {
        options.device = usable_device(parser.value(QStringLiteral("device")));
    }
    if (parser.isSet(QStringLiteral("theme"))) {
        const qsizetype choice = QStringList{"system", "light", "dark"}.indexOf(parser.value(QStringLiteral("theme")));
        if (choice < 0) {
            refuse(QStringLiteral("--theme must be system, light or dark, not \"%1\"")
                       .arg(parser.value(QStringLiteral("theme"))));
        }
        options.theme = static_cast<basin::ThemeChoice>(choice);
    }
    return options;
}

void print_frames(const basin::FrameMeter& meter)
{
    const basin::FrameMeter::Summary frames = meter.summary();
    std::printf(
        "{\"frames\": %zu, \"frames_per_second\": %.1f, \"median_ms\": %.2f, \"percentile99_ms\": %.2f, "
        "\"longest_ms\": %.2f, \"share_within_16_ms\": %.4f, \"longest_gap_ms\": %.2f}\n",
        frames.frames, frames.frames_per_second, frames.median_ms, frames.percentile99_ms, frames.longest_ms,
        frames.share_within_16_ms, frames.longest_gap_ms);
}

void finish_after(const Options& options, MainWindow& window, WindowApplication& application)
{
    // Opening the window is not a frame of it: a second is left out of the figures.
    constexpr int kSettleMilliseconds = 1000;
    if (options.frame_stats) {
        QTimer::singleShot(kSettleMilliseconds, &window, [&application] { application.meter().clear(); });
    }
    const int wait = static_cast<int>(options.after * 1000) + (options.frame_stats ? kSettleMilliseconds : 0);
    QTimer::singleShot(wait, &window, [&options, &window, &application] {
        int status = 0;
        if (options.frame_stats) {
            print_frames(application.meter());
        }
        if (!options.screenshot.isEmpty() && !window.grab().save(options.screenshot, "PNG")) {
            std::fprintf(stderr, "basin: %s can not be written\n", qPrintable(options.screenshot));
            status = kBadInput;
        }
        window.hide();
        WindowApplication::exit(status);
    });
}

/// Help and version are for terminals too: they must not need a display.
void answer_without_window(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) {
        const QByteArrayView word(argv[i]);
        if (word == "--help" || word == "-h" || word == "--help-all" || word == "--version" || word == "-v") {
            QCoreApplication plain(argc, argv);
            QCoreApplication::setApplicationName(QStringLiteral("basin"));
            QCoreApplication::setApplicationVersion(QStringLiteral(BASIN_VERSION));
            read_options(QCoreApplication::arguments());
        }
    }
}

/// Qt ends the program with a page of plugin names when there is no display: one sentence is enough.
void need_display()
{
#ifdef Q_OS_LINUX
    const auto set = [](const char* name) { return !qEnvironmentVariableIsEmpty(name); };
    if (!set("DISPLAY") && !set("WAYLAND_DISPLAY") && !set("QT_QPA_PLATFORM")) {
        refuse(QStringLiteral(
            "there is no display (DISPLAY and WAYLAND_DISPLAY are not set); basin-run works without one"));
    }
#endif
}

}  // namespace

int main(int argc, char** argv)
{
    basin::tune_allocator();
    answer_without_window(argc, argv);
    need_display();
    WindowApplication application(argc, argv);
    const Options options = read_options(WindowApplication::arguments());
    basin::KeyGuard keys;
    application.installEventFilter(&keys);
    basin::TipWrap tips;
    application.installEventFilter(&tips);
    MainWindow window(options.settings, &application.meter());
    QObject::connect(&application, &WindowApplication::failed, &window, &MainWindow::tell);
    if (options.theme) {
        window.setTheme(*options.theme);
    }
    choose_device(window, options.device);
    if (options.pace) {
        window.controller().setPace(*options.pace);
    }
    window.show();
    if (options.size) {
        window.resize(*options.size);
    }
    window.setPresentation(options.presentation);
    const auto examples = basin::Workspace::examples();
    if (options.spec.isEmpty() || !window.workspace().open(options.spec, !options.paused)) {
        window.workspace().open(examples.front().path, !options.paused && options.spec.isEmpty());
    }
    if (!options.screenshot.isEmpty() || options.frame_stats) {
        finish_after(options, window, application);
    }
    return WindowApplication::exec();
}
