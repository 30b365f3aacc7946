// The window's thread while both cores simulate 100,000 particles at full speed and 8 curves of a million rows grow.
#include <QApplication>
#include <QDockWidget>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <random>

#include "app/main_window.h"
#include "app/window_application.h"
#include "bench/pairs.h"
#include "widgets/plots/curve_chart.h"

namespace basin::bench {

namespace {

constexpr std::size_t kCurves = 8;
constexpr std::size_t kRows = 1'000'000;
constexpr std::size_t kRowsAFrame = 100;
constexpr int kFrame = 16;          // ms, as the window's own timer
constexpr int kSettle = 3000;       // ms: opening a window is not a frame of it
constexpr int kRound = 1000;        // ms
constexpr double kFrameLimit = 16;  // ms that 99 % of frames may take
constexpr double kGapLimit = 50;    // ms between two events
constexpr double kPanelLimit = 3;   // ms for a panel of curves in a frame

/// A loss that falls and trembles, row by row.
class FallingLoss {
public:
    explicit FallingLoss(std::size_t curve)
        : random_(static_cast<unsigned>(curve)), level_(1 + static_cast<double>(curve))
    {
        for (std::size_t i = 0; i < kRows; ++i)
            append();
    }

    void append()
    {
        const auto step = static_cast<double>(series->size());
        series->append(step, 2 * step, 1e-4 * step, level_ * std::exp(-4e-6 * step + 0.3 * normal_(random_)));
    }

    std::shared_ptr<CurveSeries> series = std::make_shared<CurveSeries>();

private:
    std::minstd_rand random_;
    std::normal_distribution<double> normal_;
    double level_;
};

void let_events_pass(int milliseconds)
{
    QEventLoop loop;
    QTimer::singleShot(milliseconds, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

/// One second's figure over its limit, for every second.
Line line(const std::string& text, std::vector<double> shares, const std::string& note)
{
    return {text, median_interval(std::move(shares)), Bound{Bound::Kind::at_most, 1}, note};
}

template <int N>
std::string figure(const char (&format)[N], double value)
{
    char text[80];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::vector<Line> run(std::size_t rounds)
{
    static char name[] = "basin-bench";
    static char* arguments[] = {name, nullptr};
    static int count = 1;
    WindowApplication application(count, arguments);
    QTemporaryDir folder;
    MainWindow window(folder.filePath(QStringLiteral("settings.ini")), &application.meter());
    ExperimentSpec spec = read_spec(BASIN_SOURCE_DIR "/resources/examples/1_two_wells.json");
    spec.chains = 100'000;
    spec.steps.reset();
    window.controller().setPace(RunController::kUnlimited);
    window.workspace().open(QStringLiteral(BASIN_SOURCE_DIR "/resources/examples/1_two_wells.json"), false);
    window.controller().openSpec(spec, true);

    std::vector<std::unique_ptr<FallingLoss>> losses;
    std::vector<CurveView> curves;
    for (std::size_t i = 0; i < kCurves; ++i) {
        losses.push_back(std::make_unique<FallingLoss>(i));
        curves.push_back({QStringLiteral("curve %1").arg(i), static_cast<int>(i), true, losses.back()->series});
    }
    auto* chart = new CurveChart;
    chart->set_logarithmic(true);
    chart->set_curves(curves);
    auto* dock = new QDockWidget(QStringLiteral("8 curves of a million rows"), &window);
    dock->setObjectName(QStringLiteral("bench_curves"));
    dock->setWidget(chart);
    window.addDockWidget(Qt::BottomDockWidgetArea, dock);
    window.resize(1920, 1080);
    window.show();

    std::vector<double> paints;
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, chart, [&] {
        paints.push_back(chart->last_paint_ms());
        for (const auto& loss : losses)
            for (std::size_t i = 0; i < kRowsAFrame; ++i)
                loss->append();
        chart->refresh();
    });
    timer.start(kFrame);
    let_events_pass(kSettle);

    std::vector<double> frames;
    std::vector<double> gaps;
    std::vector<double> panels;
    double worst_gap = 0;
    double worst_frame = 0;
    double rate = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        paints.clear();
        application.meter().clear();
        let_events_pass(kRound);
        const FrameMeter::Summary summary = application.meter().summary();
        std::sort(paints.begin(), paints.end());
        frames.push_back(summary.percentile99_ms / kFrameLimit);
        gaps.push_back(summary.longest_gap_ms / kGapLimit);
        panels.push_back(paints[paints.size() * 99 / 100] / kPanelLimit);
        worst_frame = std::max(worst_frame, summary.percentile99_ms);
        worst_gap = std::max(worst_gap, summary.longest_gap_ms);
        rate += summary.frames_per_second / static_cast<double>(rounds);
    }
    const std::string platform = QGuiApplication::platformName().toStdString();
    return {line("window's thread in a frame (99th percentile) over 16 ms", frames,
                 figure("worst second %.1f ms", worst_frame) + figure(", %.0f frames a second, ", rate) + platform),
            line("longest gap of the event loop in a second over 50 ms", gaps, figure("longest %.1f ms", worst_gap)),
            line("painting 8 curves of a million rows (99th percentile) over 3 ms", panels,
                 std::to_string(losses.front()->series->size()) + " rows")};
}

}  // namespace

Case window_case()
{
    return {"window", "the window's thread beside two cores at full speed, 1920 x 1080, 8 curves of a million rows",
            run};
}

}  // namespace basin::bench
