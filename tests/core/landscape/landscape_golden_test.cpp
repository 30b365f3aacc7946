// Every landscape against values that tests/golden/make_landscapes.py computed with 50 digits. An entry of the catalog
// without such values fails.
//
// Tolerance 1e-12 (1 + |value|): a few thousand roundings of double, and what the formulas lose by cancellation.
#include <QTest>
#include <set>

#include "tests/core/landscape/golden.h"

using namespace basin;

namespace {

bool near(double value, double golden, double tolerance = 1e-12)
{
    const bool ok = std::abs(value - golden) <= tolerance * (1 + std::abs(golden));
    if (!ok)
        qWarning("%.17g, expected %.17g", value, golden);
    return ok;
}

bool near(Point point, const nlohmann::json& golden)
{
    return near(point.x, golden.at(0).get<double>()) && near(point.y, golden.at(1).get<double>());
}

Point place(const nlohmann::json& row)
{
    return {row.at("x").get<double>(), row.at("y").get<double>()};
}

}  // namespace

class LandscapeGoldenTest : public QObject {
    Q_OBJECT

    nlohmann::json golden_ = read_golden();

    void rows()
    {
        QTest::addColumn<QString>("name");
        for (const auto& [name, row] : golden_.at("landscapes").items())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    const nlohmann::json& row(const QString& name) { return golden_.at("landscapes").at(name.toStdString()); }

private Q_SLOTS:
    void every_landscape_has_golden_values()
    {
        std::set<std::string> known;
        for (const auto& [name, row] : golden_.at("landscapes").items())
            known.insert(row.at("landscape").get<std::string>());
        QVERIFY(!landscape_entries().empty());
        for (const LandscapeEntry* entry : landscape_entries())
            QVERIFY2(known.contains(entry->key), (entry->key + " is not in tests/golden/landscapes.json").c_str());
    }

    void value_gradient_and_hessian_data() { rows(); }
    void value_gradient_and_hessian()
    {
        QFETCH(QString, name);
        const auto landscape = golden_landscape(row(name));
        for (const auto& point : row(name).at("points")) {
            const Point at = place(point);
            const Hessian2 hessian = landscape->hessian(at);
            QVERIFY(near(landscape->value(at), point.at("value").get<double>()));
            QVERIFY(near(landscape->gradient(at), point.at("gradient")));
            QVERIFY(near(hessian.xx, point.at("hessian").at(0).get<double>()));
            QVERIFY(near(hessian.xy, point.at("hessian").at(1).get<double>()));
            QVERIFY(near(hessian.yy, point.at("hessian").at(2).get<double>()));
        }
    }

    void smoothed_value_and_gradient_data() { rows(); }
    void smoothed_value_and_gradient()
    {
        QFETCH(QString, name);
        const auto landscape = golden_landscape(row(name));
        for (const auto& point : row(name).at("points")) {
            for (const auto& smooth : point.at("smoothed")) {
                const double sigma = smooth.at("sigma").get<double>();
                QVERIFY(near(landscape->smoothed(place(point), sigma), smooth.at("value").get<double>()));
                QVERIFY(near(landscape->smoothed_gradient(place(point), sigma), smooth.at("gradient")));
            }
        }
    }

    // Places are roots of a gradient: rounding of the gradient over the curvature, 1e-11 for the flattest (0.016).
    void minima_data() { rows(); }
    void minima()
    {
        QFETCH(QString, name);
        const auto landscape = golden_landscape(row(name));
        const auto& expected = row(name).at("minima");
        const double lowest = expected.at(0).at("value").get<double>();
        QCOMPARE(landscape->minima().size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const Minimum& minimum = landscape->minima()[i];
            QVERIFY(near(minimum.at.x, expected[i].at("x").get<double>(), 1e-11));
            QVERIFY(near(minimum.at.y, expected[i].at("y").get<double>(), 1e-11));
            QVERIFY(near(minimum.value, expected[i].at("value").get<double>()));
            QVERIFY(near(minimum.eigenvalues[0], expected[i].at("eigenvalues").at(0).get<double>(), 1e-10));
            QVERIFY(near(minimum.eigenvalues[1], expected[i].at("eigenvalues").at(1).get<double>(), 1e-10));
            QCOMPARE(minimum.global, expected[i].at("value").get<double>() <= lowest + 1e-10);
        }
    }

    void gradient_of_the_smoothed_loss_vanishes_at_its_minima_data() { rows(); }
    void gradient_of_the_smoothed_loss_vanishes_at_its_minima()
    {
        QFETCH(QString, name);
        const auto landscape = golden_landscape(row(name));
        for (const auto& scale : row(name).at("smoothed_minima")) {
            const double sigma = scale.at("sigma").get<double>();
            QVERIFY(!scale.at("minima").empty());
            for (const auto& minimum : scale.at("minima")) {
                const Point slope = landscape->smoothed_gradient(place(minimum), sigma);
                // The golden place is rounded: half an ulp of it times the curvature, at most 200 here.
                QVERIFY(std::hypot(slope.x, slope.y) < 1e-12);
                QVERIFY(near(landscape->smoothed(place(minimum), sigma), minimum.at("value").get<double>()));
            }
        }
    }

    // v = u + sigma^2/2 Lap u, from golden Hessians.
    void second_order_data() { rows(); }
    void second_order()
    {
        QFETCH(QString, name);
        const auto landscape = golden_landscape(row(name));
        for (const auto& point : row(name).at("points")) {
            const auto& h = point.at("hessian");
            const double expected =
                point.at("value").get<double>() + 0.5 * 0.25 * (h[0].get<double>() + h[2].get<double>());
            QVERIFY(near(landscape->second_order(place(point), 0.5), expected));
        }
    }
};

QTEST_APPLESS_MAIN(LandscapeGoldenTest)
#include "landscape_golden_test.moc"
