// Draws every plot and panel with made-up data into PNG files, light and dark, at one and two pixels a point, so that
// they can be looked at: panel_gallery FOLDER [NAME]. Not a test: nobody asserts beauty.
#include <QApplication>
#include <QDir>
#include <QPainter>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <utility>

#include "core/landscape/landscape.h"
#include "widgets/panels/sharpness_panel.h"
#include "widgets/panels/spectrum_panel.h"
#include "widgets/plots/curve_chart.h"
#include "widgets/plots/landscape_view.h"
#include "widgets/plots/theme.h"

using namespace basin;

namespace {

struct Exhibit {
    const char* name;
    QSize size;
    std::function<std::unique_ptr<QWidget>()> make;
};

std::shared_ptr<CurveSeries> falling(std::size_t rows, double rate, double floor, double noise, int gradients)
{
    auto series = std::make_shared<CurveSeries>();
    std::mt19937 random(static_cast<unsigned>(rows + static_cast<std::size_t>(gradients)));
    std::normal_distribution<double> normal;
    for (std::size_t i = 0; i < rows; ++i) {
        const auto step = static_cast<double>(i);
        const double value =
            (floor + 2.3 * std::exp(-rate * step / static_cast<double>(rows))) * std::exp(noise * normal(random));
        series->append(step, step * gradients, step * 0.001, value);
    }
    return series;
}

std::unique_ptr<QWidget> loss(bool logarithmic, std::size_t window, std::size_t rows, int lanes = 4)
{
    auto chart = std::make_unique<CurveChart>();
    chart->set_y_title(QStringLiteral("mini-batch loss"));
    chart->set_logarithmic(logarithmic);
    chart->set_window(window);
    static const char* const kNames[] = {"SGD", "SGLD", "fSGLD", "SAM", "fSGLD σ 0.03", "RWP", "AdamW", "Entropy-SGD"};
    std::vector<CurveView> curves;
    for (int i = 0; i < lanes; ++i) {
        curves.push_back({QString::fromUtf8(kNames[i]), i, true,
                          falling(rows, 6.0 + 2.0 * i, 0.02 * (i + 1), rows > 500 ? 0.25 : 0.02, i == 3 ? 2 : 1)});
    }
    chart->set_curves(curves);
    chart->set_marks({{2, 0.4 * static_cast<double>(rows), QStringLiteral("fSGLD: σ 0.47 → 0.2 at step 1 600")}});
    return chart;
}

std::shared_ptr<const Landscape> landscape(const char* key)
{
    const LandscapeEntry& entry = find_landscape(key);
    return entry.make(Params(entry.schema));
}

// Two clouds about the flagship's wells, `share` of the particles in the right one.
std::vector<float> two_clouds(std::size_t count, double share)
{
    std::vector<float> positions;
    std::mt19937 random(5);
    std::normal_distribution<double> normal;
    for (std::size_t i = 0; i < count; ++i) {
        const bool right = static_cast<double>(i) < share * static_cast<double>(count);
        positions.push_back(static_cast<float>((right ? 1.6 : -1.75) + (right ? 0.55 : 0.2) * normal(random)));
        positions.push_back(static_cast<float>((right ? 0.6 : 0.2) * normal(random)));
        if (i % 1000 == 7) {
            positions.back() = std::nanf("");
        }
    }
    return positions;
}

std::unique_ptr<QWidget> wells(std::size_t particles, FieldKind kind)
{
    auto view = std::make_unique<LandscapeView>();
    view->set_landscape(landscape("gaussian_wells"), {{-1.8, 0}, {1.8, 0}});
    view->set_lanes({{QStringLiteral("SGLD"), 0, true, 0}, {QStringLiteral("fSGLD"), 1, true, 0.469}});
    view->set_positions(0, two_clouds(particles, 0.28), 1, particles / 1000);
    view->set_positions(1, two_clouds(particles, 0.79), 1, 0);
    view->set_field(kind);
    return view;
}

std::unique_ptr<QWidget> race()
{
    auto view = std::make_unique<LandscapeView>();
    const auto himmelblau = landscape("himmelblau");
    view->set_landscape(himmelblau, {{0, -1}});
    view->set_lanes({{QStringLiteral("SGD"), 0, true, 0},
                     {QStringLiteral("SGLD"), 1, true, 0},
                     {QStringLiteral("fSGLD"), 2, true, 0.3},
                     {QStringLiteral("SAM"), 3, true, 0}});
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    for (std::size_t lane = 0; lane < 4; ++lane) {
        Point at{0.1 * static_cast<double>(lane), -1.0};
        for (std::uint64_t step = 1; step < 300; ++step) {
            view->set_positions(lane, std::vector<float>{static_cast<float>(at.x), static_cast<float>(at.y)}, step, 0);
            const Point gradient = himmelblau->gradient(at);
            const double noise = lane == 0 ? 0 : 0.06 * static_cast<double>(lane);
            at.x += -0.002 * gradient.x + noise * normal(random);
            at.y += -0.002 * gradient.y + noise * normal(random);
        }
    }
    return view;
}

// A network's spectrum as it looks: nearly all at zero, some to the right, few to the left.
ProbeReport spectrum_report(std::size_t lane, std::uint64_t step, double sharpness)
{
    ProbeReport report;
    report.lane = lane;
    report.key = "hessian_spectrum";
    report.step = step;
    auto& arrays = report.result.arrays;
    arrays["eigenvalues"] = {sharpness, 0.62 * sharpness, 0.41 * sharpness, 0.33 * sharpness, -0.07 * sharpness};
    arrays["residuals"] = {0.001, 0.002, 0.002, 0.03 * sharpness, 0.01};
    const double width = 0.01 * sharpness;
    for (int i = 0; i < 512; ++i) {
        const double at = sharpness * (-0.15 + 1.25 * i / 511);
        double density = 0;
        const auto add = [&](double centre, double weight) {
            density += weight * std::exp(-0.5 * std::pow((at - centre) / width, 2)) / (2.5066 * width);
        };
        add(0, 0.98);
        for (int k = 1; k < 40; ++k) {
            add(sharpness * 0.01 * k, 0.02 * std::pow(0.8, k));
        }
        for (const double value : arrays["eigenvalues"]) {
            add(value, 1.6e-5);
        }
        arrays["density_at"].push_back(at);
        arrays["density"].push_back(density);
        arrays["density_error"].push_back(0.2 * density);
    }
    report.result.values = {{"top_0", sharpness, 0.001}, {"trace", 2.1 * sharpness, 0.1 * sharpness}};
    return report;
}

std::unique_ptr<QWidget> spectrum(bool stacked)
{
    auto panel = std::make_unique<SpectrumPanel>();
    panel->set_lanes(
        {{QStringLiteral("SGD"), 0, true}, {QStringLiteral("SAM"), 1, true}, {QStringLiteral("fSGLD"), 2, true}});
    panel->begin();
    for (std::size_t lane = 0; lane < 3; ++lane) {
        panel->take(spectrum_report(lane, 470, 30.0 / static_cast<double>(lane + 1)));
        panel->take(spectrum_report(lane, 940, 60.0 / static_cast<double>(lane + 1)));
    }
    panel->refresh();
    panel->chart().set_stacked(stacked);
    panel->controls().set_activity(
        {QStringLiteral("SAM, step 940: 640 products, 45 MB, about 12 of 28 s left"), 0.57, true});
    return panel;
}

std::unique_ptr<QWidget> sharpness()
{
    auto panel = std::make_unique<SharpnessPanel>();
    panel->set_lanes(
        {{QStringLiteral("SGD"), 0, true}, {QStringLiteral("SAM"), 1, true}, {QStringLiteral("fSGLD"), 2, true}});
    panel->begin(47);
    for (std::size_t lane = 0; lane < 3; ++lane) {
        for (std::uint64_t step = 0; step <= 1880; step += 188) {
            ProbeReport report;
            report.lane = lane;
            report.key = "sharpness";
            report.step = step;
            const double at = 100.0 - 60.0 * std::exp(-static_cast<double>(step) / 500) / static_cast<double>(lane + 1);
            report.result.values = {{"top_eigenvalue", at, 0.01},
                                    {"two_over_step_size", 100, std::nan("")},
                                    {"trace", 4 * at, 20},
                                    {"sam_step", 0.1, std::nan("")},
                                    {"average_sharpness", 0.02, 0.001}};
            panel->take(report);
        }
    }
    panel->refresh();
    return panel;
}

std::vector<Exhibit> exhibits()
{
    return {
        {"map_wells", {760, 520}, [] { return wells(100000, FieldKind::loss); }},
        {"map_smoothed", {640, 480}, [] { return wells(20000, FieldKind::smoothed); }},
        {"map_dots", {640, 480}, [] { return wells(300, FieldKind::loss); }},
        {"map_race", {640, 560}, [] { return race(); }},
        {"map_small", {300, 240}, [] { return wells(20000, FieldKind::loss); }},
        {"curves_log_smooth", {560, 320}, [] { return loss(true, 200, 20000); }},
        {"curves_raw", {560, 320}, [] { return loss(true, 1, 20000); }},
        {"curves_linear_few", {420, 260}, [] { return loss(false, 1, 30); }},
        {"curves_hover",
         {560, 320},
         [] {
             auto widget = loss(true, 100, 4000);
             auto* chart = static_cast<CurveChart*>(widget.get());
             widget->resize(560, 320);
             chart->showHover(1610);
             return widget;
         }},
        {"curves_small", {300, 180}, [] { return loss(true, 50, 4000, 8); }},
        {"curves_empty", {420, 260}, [] { return std::unique_ptr<QWidget>(new CurveChart); }},
        {"spectrum_overlaid", {480, 420}, [] { return spectrum(false); }},
        {"spectrum_stacked", {480, 420}, [] { return spectrum(true); }},
        {"sharpness", {480, 460}, [] { return sharpness(); }},
        {"curves_eight_million", {700, 360}, [] { return loss(true, 3000, 1000000, 8); }},
    };
}

}  // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    if (argc < 2) {
        std::fputs("panel_gallery FOLDER [NAME]\n", stderr);
        return 2;
    }
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    folder.mkpath(QStringLiteral("."));
    for (const bool dark : {false, true}) {
        apply_theme(application, dark ? Theme::night() : Theme::light());
        for (const Exhibit& exhibit : exhibits()) {
            if (argc > 2 && !QString::fromLatin1(exhibit.name).contains(QString::fromLocal8Bit(argv[2]))) {
                continue;
            }
            const std::unique_ptr<QWidget> widget = exhibit.make();
            widget->resize(exhibit.size);
            widget->show();
            QApplication::processEvents();
            if (const auto* map = qobject_cast<LandscapeView*>(widget.get())) {
                while (map->picture() == nullptr) {
                    QApplication::processEvents(QEventLoop::WaitForMoreEvents);
                }
                QApplication::processEvents();
            }
            for (const int scale : {2, 1}) {
                QImage image(widget->size() * scale, QImage::Format_RGB32);
                image.setDevicePixelRatio(scale);
                for (int round = 0; round < 5; ++round) {
                    QEvent change(QEvent::PaletteChange);
                    QApplication::sendEvent(widget.get(), &change);
                    widget->render(&image);
                    if (const auto* chart = qobject_cast<CurveChart*>(widget.get())) {
                        std::printf("%s %dx: curves in %.2f ms\n", exhibit.name, scale, chart->last_paint_ms());
                    }
                    if (const auto* map = qobject_cast<LandscapeView*>(widget.get())) {
                        std::printf("%s %dx: all in %.2f ms\n", exhibit.name, scale, map->last_paint_ms());
                    }
                }
                const QString name =
                    QStringLiteral("%1_%2_%3x.png")
                        .arg(QLatin1String(exhibit.name), dark ? QLatin1String("dark") : QLatin1String("light"))
                        .arg(scale);
                image.save(folder.filePath(name));
            }
        }
    }
    return 0;
}
