// What holds for every landscape of the catalog, at its defaults and stretched, without any stored number.
#include <QTest>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "core/compute/backend.h"
#include "core/landscape/kernels.h"
#include "core/landscape/landscape.h"

using namespace basin;

namespace {

std::vector<Point> places(const Box& view)
{
    std::vector<Point> points;
    for (int i = 0; i < 7; ++i)
        for (int j = 0; j < 7; ++j)
            points.push_back({view.x_min + (i + 0.37) / 7 * (view.x_max - view.x_min),
                              view.y_min + (j + 0.59) / 7 * (view.y_max - view.y_min)});
    return points;
}

std::unique_ptr<const Landscape> stretched(const LandscapeEntry& entry, double stretch)
{
    Params params(entry.schema);
    params.set("stretch", stretch);
    return entry.make(params);
}

/// Central differences with h = 1e-4 of the view: their own error is h^2/6 times a third derivative. 1e-5 of the
/// largest slope seen is ten times that, and far below any wrong formula.
void check_slope(double slope, double before, double after, double h, double scale)
{
    QVERIFY2(std::abs((after - before) / (2 * h) - slope) <= 1e-5 * scale,
             qPrintable(QString("%1 against %2").arg(slope, 0, 'g', 12).arg((after - before) / (2 * h), 0, 'g', 12)));
}

std::string refusal(const LandscapeEntry& entry, const std::vector<std::pair<std::string, double>>& values)
{
    try {
        Params params(entry.schema);
        for (const auto& [key, value] : values)
            params.set(key, value);
        entry.make(params);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return {};
}

}  // namespace

class LandscapeRulesTest : public QObject {
    Q_OBJECT

    void rows()
    {
        QTest::addColumn<QString>("key");
        for (const LandscapeEntry* entry : landscape_entries())
            QTest::newRow(entry->key.c_str()) << QString::fromStdString(entry->key);
    }

private Q_SLOTS:
    void entries_are_described_data() { rows(); }
    void entries_are_described()
    {
        QFETCH(QString, key);
        const LandscapeEntry& entry = find_landscape(key.toStdString());
        QVERIFY(!entry.label.empty() && !entry.help.empty() && !entry.formula.empty() && !entry.reference.empty());
        bool has_stretch = false;
        for (const ParamSpec& spec : entry.schema) {
            QVERIFY2(!spec.label.empty() && !spec.help.empty(), spec.key.c_str());
            has_stretch = has_stretch || spec.key == "stretch";
        }
        QVERIFY(has_stretch);
    }

    void differences_agree_with_derivatives_data() { rows(); }
    void differences_agree_with_derivatives()
    {
        QFETCH(QString, key);
        const auto landscape = stretched(find_landscape(key.toStdString()), 1.3);
        const std::vector<Point> points = places(landscape->view());
        const double h = 1e-4 * (landscape->view().x_max - landscape->view().x_min);
        const double sigma = 0.4;
        double slope = 0;
        double curvature = 0;
        for (const Point& p : points) {
            slope = std::max(slope, std::hypot(landscape->gradient(p).x, landscape->gradient(p).y));
            curvature = std::max(curvature, std::abs(landscape->hessian(p).trace()));
        }
        for (const Point& p : points) {
            const Point left{p.x - h, p.y}, right{p.x + h, p.y}, down{p.x, p.y - h}, up{p.x, p.y + h};
            const Landscape& l = *landscape;
            check_slope(l.gradient(p).x, l.value(left), l.value(right), h, slope);
            check_slope(l.gradient(p).y, l.value(down), l.value(up), h, slope);
            check_slope(l.hessian(p).xx, l.gradient(left).x, l.gradient(right).x, h, curvature);
            check_slope(l.hessian(p).xy, l.gradient(left).y, l.gradient(right).y, h, curvature);
            check_slope(l.hessian(p).xy, l.gradient(down).x, l.gradient(up).x, h, curvature);
            check_slope(l.hessian(p).yy, l.gradient(down).y, l.gradient(up).y, h, curvature);
            const Point smooth = l.smoothed_gradient(p, sigma);
            check_slope(smooth.x, l.smoothed(left, sigma), l.smoothed(right, sigma), h, slope);
            check_slope(smooth.y, l.smoothed(down, sigma), l.smoothed(up, sigma), h, slope);
        }
    }

    // g_sigma[u_L](theta) = g_(sigma/L)[u](theta/L), and lengths, steps and eigenvalues follow. To rounding.
    void stretch_rule_data() { rows(); }
    void stretch_rule()
    {
        QFETCH(QString, key);
        const LandscapeEntry& entry = find_landscape(key.toStdString());
        const double factor = 2.5;
        const auto plain = stretched(entry, 1);
        const auto wide = stretched(entry, factor);
        const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-12 * (1 + std::abs(b)); };
        for (const Point& p : places(plain->view())) {
            const Point q{p.x * factor, p.y * factor};
            QVERIFY(close(wide->value(q), plain->value(p)));
            QVERIFY(close(wide->gradient(q).x * factor, plain->gradient(p).x));
            QVERIFY(close(wide->hessian(q).yy * factor * factor, plain->hessian(p).yy));
            QVERIFY(close(wide->smoothed(q, 0.7), plain->smoothed(p, 0.7 / factor)));
            QVERIFY(close(wide->smoothed_gradient(q, 0.7).y * factor, plain->smoothed_gradient(p, 0.7 / factor).y));
        }
        QCOMPARE(wide->minima().size(), plain->minima().size());
        for (std::size_t i = 0; i < plain->minima().size(); ++i) {
            QVERIFY(std::abs(wide->minima()[i].at.x - factor * plain->minima()[i].at.x) < 1e-10);
            QVERIFY(std::abs(wide->minima()[i].at.y - factor * plain->minima()[i].at.y) < 1e-10);
        }
        QVERIFY(close(wide->view().x_max, factor * plain->view().x_max));
        QVERIFY(close(wide->suggestion().step_size, factor * factor * plain->suggestion().step_size));
    }

    void smoothing_by_nothing_changes_nothing_data() { rows(); }
    void smoothing_by_nothing_changes_nothing()
    {
        QFETCH(QString, key);
        const auto landscape = stretched(find_landscape(key.toStdString()), 1);
        for (const Point& p : places(landscape->view())) {
            QVERIFY(std::abs(landscape->smoothed(p, 0) - landscape->value(p)) <=
                    1e-13 * (1 + std::abs(landscape->value(p))));
        }
    }

    void suggestions_can_be_used_data() { rows(); }
    void suggestions_can_be_used()
    {
        QFETCH(QString, key);
        const auto landscape = stretched(find_landscape(key.toStdString()), 1);
        const LandscapeSuggestion suggestion = landscape->suggestion();
        const Box view = landscape->view();
        QVERIFY(!suggestion.starts.empty() && suggestion.beta > 0);
        for (const Point& start : suggestion.starts)
            QVERIFY(start.x > view.x_min && start.x < view.x_max && start.y > view.y_min && start.y < view.y_max);
        for (const Minimum& minimum : landscape->minima())
            QVERIFY(suggestion.step_size * minimum.eigenvalues[1] < 1);  // half of what descent bears
    }

    // Float kernels round a few times: 2e-6 (16 ulp) of the largest value or slope in the view.
    // All instruction sets give equal bytes.
    void float_kernels_agree_with_double_data() { rows(); }
    void float_kernels_agree_with_double()
    {
        QFETCH(QString, key);
        for (const double stretch : {1.0, 1.7}) {
            const auto landscape = stretched(find_landscape(key.toStdString()), stretch);
            const std::vector<Point> points = places(landscape->view());
            std::vector<float> theta;
            double height = 0;
            double slope = 0;
            for (const Point& p : points) {
                theta.push_back(static_cast<float>(p.x));
                theta.push_back(static_cast<float>(p.y));
                height = std::max(height, std::abs(landscape->value(p)));
                slope = std::max(slope, std::hypot(landscape->gradient(p).x, landscape->gradient(p).y));
            }
            std::vector<float> first;
            for (int isa = 0; isa <= static_cast<int>(choose_isa()); ++isa) {
                std::vector<float> out(3 * points.size());
                landscape->kernels(isa).evaluate(landscape->functor(), theta.data(), points.size(), out.data(),
                                                 out.data() + points.size());
                for (std::size_t i = 0; i < points.size(); ++i) {
                    const Point p{theta[2 * i], theta[2 * i + 1]};
                    const float* gradient = out.data() + points.size() + 2 * i;
                    QVERIFY(std::abs(static_cast<double>(out[i]) - landscape->value(p)) <= 2e-6 * height);
                    QVERIFY(std::abs(static_cast<double>(gradient[0]) - landscape->gradient(p).x) <= 2e-6 * slope);
                    QVERIFY(std::abs(static_cast<double>(gradient[1]) - landscape->gradient(p).y) <= 2e-6 * slope);
                }
                if (isa == 0)
                    first = out;
                QVERIFY(std::memcmp(first.data(), out.data(), out.size() * sizeof(float)) == 0);
            }
        }
    }

    void bad_parameters_are_named()
    {
        const auto says = [](const char* key, const std::vector<std::pair<std::string, double>>& values,
                             const char* word) {
            return refusal(find_landscape(key), values).find(word) != std::string::npos;
        };
        QVERIFY(says("quadratic", {{"axx", 0.0}}, "axx"));
        QVERIFY(says("quadratic", {{"axy", 1.0}}, "axy"));  // 1 = axx ayy: a line of minima
        QVERIFY(says("gaussian_wells", {{"bowl", 0.0}}, "bowl"));
        QVERIFY(says("gaussian_wells", {{"left_width", -1.0}}, "left_width"));
        QVERIFY(says("gaussian_wells", {{"right_depth", -0.1}}, "right_depth"));
        QVERIFY(says("flat_valley", {{"h0", 0.0}}, "h0"));
        QVERIFY(says("flat_valley", {{"h1", -1.0}}, "h1"));
        QVERIFY(says("flat_valley", {{"bowl", 0.0}}, "bowl"));
        QVERIFY(says("himmelblau", {{"stretch", 0.0}}, "stretch"));
        QCOMPARE(refusal(find_landscape("quadratic"), {{"axy", 0.9}}), std::string());
    }

    void a_misspelt_landscape_names_the_nearest()
    {
        QVERIFY_EXCEPTION_THROWN(find_landscape("himelblau"), std::invalid_argument);
        try {
            find_landscape("himelblau");
        } catch (const std::invalid_argument& error) {
            QVERIFY(std::string(error.what()).find("\"himmelblau\"") != std::string::npos);
        }
    }
};

QTEST_APPLESS_MAIN(LandscapeRulesTest)
#include "landscape_rules_test.moc"
