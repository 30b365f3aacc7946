// Gibbs measures against closed forms and against tests/golden/landscapes.json ("measures").
#include <QTest>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/field/measure.h"
#include "core/field/wasserstein.h"
#include "tests/core/landscape/golden.h"

using namespace basin;

namespace {

std::unique_ptr<const Landscape> plain(const char* key)
{
    return find_landscape(key).make(Params(find_landscape(key).schema));
}

bool near(double value, double expected, double tolerance)
{
    const bool ok = std::abs(value - expected) <= tolerance;
    if (!ok)
        qWarning("%.12g, expected %.12g", value, expected);
    return ok;
}

}  // namespace

class MeasureTest : public QObject {
    Q_OBJECT

    nlohmann::json golden_ = read_golden();

    void rows()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < golden_.at("measures").size(); ++i) {
            const auto& row = golden_.at("measures").at(i);
            const std::string title = row.at("name").get<std::string>() + " beta " + row.at("beta").dump() + " split " +
                                      row.at("split_x").dump();
            QTest::newRow(title.c_str()) << static_cast<int>(i);
        }
    }

private Q_SLOTS:
    // log Z = log(2 pi / (beta sqrt(det A))); the plain sum is exact to rounding once cells are below the deviation.
    void quadratic_has_its_exact_normaliser()
    {
        for (const double beta : {0.5, 20.0, 400.0}) {
            const auto laws = *gibbs_laws(*plain("quadratic"), beta, 0.3);
            const double exact = std::log(2 * std::numbers::pi / (beta * std::sqrt(2 * 0.5 - 0.5 * 0.5)));
            QVERIFY(near(laws.u.log_normaliser, exact, 1e-12));
            QVERIFY(near(laws.v.log_normaliser, exact - beta * 0.5 * 0.3 * 0.3 * 2.5, 1e-11));
            QVERIFY(laws.contained && laws.resolved);
            QVERIFY(laws.total_variation_vg < 1e-12);
        }
    }

    // Marginal of x ~ h(x)^(-1/2) exp(-beta k x^2/2), normalised by its own sum: h 0.04, spectrally accurate.
    void flat_valley_has_its_exact_marginal()
    {
        const double beta = 20;
        const auto laws = *gibbs_laws(*plain("flat_valley"), beta, 0.3);
        const Lattice& cells = laws.lattice;
        std::vector<double> exact(cells.columns);
        double sum = 0;
        for (std::size_t i = 0; i < cells.columns; ++i) {
            const double x = cells.x(i);
            exact[i] = std::exp(-0.5 * beta * 0.02 * x * x) / std::sqrt(0.5 + (x - 1) * (x - 1));
            sum += exact[i];
        }
        for (std::size_t i = 0; i < cells.columns; ++i) {
            double mass = 0;
            for (std::size_t j = 0; j < cells.rows; ++j)
                mass += laws.u.mass.at(i, j);
            QVERIFY(near(mass, exact[i] / sum, 1e-9));
        }
    }

    // Golden marginals are good to 1e-8. The cubic distribution function loses 1e-6 between edges.
    void masses_normalisers_and_means_data() { rows(); }
    void masses_normalisers_and_means()
    {
        QFETCH(int, index);
        const auto& row = golden_.at("measures").at(static_cast<std::size_t>(index));
        const auto landscape = golden_landscape(golden_.at("landscapes").at(row.at("name").get<std::string>()));
        const auto laws = *gibbs_laws(*landscape, row.at("beta").get<double>(), row.at("sigma").get<double>());
        QVERIFY(laws.contained && laws.resolved);
        for (const auto& [key, measure] : {std::pair{"u", &laws.u}, std::pair{"v", &laws.v}, std::pair{"g", &laws.g}}) {
            const auto& expected = row.at("laws").at(key);
            const Marginal x = marginal(*measure, Axis::x);
            double mean = 0;
            for (std::size_t cell = 0; cell < measure->mass.values.size(); ++cell)
                mean += measure->mass.values[cell] * laws.lattice.middle(cell).x;
            QVERIFY(near(1 - x.at(row.at("split_x").get<double>()), expected.at("mass_right_of_split").get<double>(),
                         3e-6));
            QVERIFY(near(measure->log_normaliser, expected.at("log_z").get<double>(), 1e-7));
            QVERIFY(near(mean, expected.at("mean_x").get<double>(), 1e-7));
        }
    }

    // The published masses of the flagship are sums over 401 points with x > -0.5: the split falls inside a cell, which
    // is worth up to 0.001.
    void flagship_masses()
    {
        const auto laws = *gibbs_laws(*plain("gaussian_wells"), 20, coupled_sigma(20, 0.01));
        QVERIFY(near(laws.sigma, 0.469342547, 1e-9));
        QVERIFY(near(1 - marginal(laws.u, Axis::x).at(-0.5), 0.2812, 1e-3));
        QVERIFY(near(1 - marginal(laws.v, Axis::x).at(-0.5), 0.7989, 1e-3));
        QVERIFY(near(1 - marginal(laws.g, Axis::x).at(-0.5), 0.7933, 1e-3));
        QCOMPARE(laws.validity(), Validity::good);
    }

    void himmelblau_expansion_is_exact_up_to_a_constant()
    {
        const auto laws = *gibbs_laws(*plain("himmelblau"), 1, 0.8);
        QVERIFY(laws.total_variation_vg < 1e-12);
        QVERIFY(laws.false_minima.empty());
    }

    // Published: total variation 0.927, v's lowest point (-0.52, 0), a place where neither u nor g has a minimum.
    void narrow_wells_turn_the_light_red()
    {
        const auto landscape = golden_landscape(golden_.at("landscapes").at("narrow_wells"));
        const auto laws = *gibbs_laws(*landscape, 10, coupled_sigma(10, 0.01));
        QVERIFY(near(laws.total_variation_vg, 0.927, 5e-4));
        QCOMPARE(laws.validity(), Validity::wrong);
        QVERIFY(!laws.false_minima.empty());
        QVERIFY(std::any_of(laws.false_minima.begin(), laws.false_minima.end(),
                            [](Point p) { return std::hypot(p.x + 0.52, p.y) < 0.01; }));
    }

    // Published: 0.069 / 0.059 / 0.027 / 0.007 for the reference wells.
    void total_variation_of_the_reference_wells()
    {
        const auto landscape = golden_landscape(golden_.at("landscapes").at("reference_wells"));
        for (const auto& [beta, expected] :
             {std::pair{5.0, 0.069}, std::pair{10.0, 0.059}, std::pair{20.0, 0.027}, std::pair{40.0, 0.007}})
            QVERIFY(near(gibbs_laws(*landscape, beta, coupled_sigma(beta, 0.01))->total_variation_vg, expected, 6e-4));
    }

    void the_box_ends_where_the_laws_have_died_out()
    {
        const auto laws = *gibbs_laws(*plain("gaussian_wells"), 2, 0.8);
        double border = 0;
        const Lattice& cells = laws.lattice;
        for (const GibbsMeasure* law : {&laws.u, &laws.v, &laws.g})
            for (std::size_t i = 0; i < cells.columns; ++i)
                border = std::max({border, law->mass.at(i, 0), law->mass.at(i, cells.rows - 1)});
        QVERIFY(border > 0 && border < 1e-17);
    }

    void a_law_that_does_not_die_out_is_cut_at_the_view()
    {
        const auto landscape = plain("gaussian_wells");
        const auto laws = *gibbs_laws(*landscape, 1e-3, 0.1);
        QVERIFY(!laws.contained);
        QCOMPARE(laws.lattice.box.x_max, landscape->view().x_max);
    }

    void a_needle_needs_and_gets_more_cells()
    {
        Params params(find_landscape("quadratic").schema);
        params.set("axx", 2000.0);
        const auto laws = *gibbs_laws(*find_landscape("quadratic").make(params), 40, 0.0);
        QVERIFY(laws.lattice.columns > 1000 && laws.resolved);
        QVERIFY(
            near(laws.u.log_normaliser, std::log(2 * std::numbers::pi / (40 * std::sqrt(2000 * 0.5 - 0.25))), 1e-9));
    }

    void infinity_has_no_mass_and_nan_is_an_error()
    {
        Grid f(Lattice{{0, 1, 0, 1}, 2, 2});
        f.values = {0, std::numeric_limits<double>::infinity(), 0, 1e6};
        QCOMPARE(gibbs(f, 1).mass.values, (std::vector<double>{0.5, 0, 0.5, 0}));
        f.values[3] = std::nan("");
        QVERIFY_EXCEPTION_THROWN(gibbs(f, 1), std::runtime_error);
        f.values[3] = -std::numeric_limits<double>::infinity();
        QVERIFY_EXCEPTION_THROWN(gibbs(f, 1), std::runtime_error);
        f.values.assign(4, std::numeric_limits<double>::infinity());
        QVERIFY_EXCEPTION_THROWN(gibbs(f, 1), std::runtime_error);
    }

    void beta_and_sigma_must_make_sense()
    {
        QVERIFY_EXCEPTION_THROWN(gibbs_laws(*plain("quadratic"), 0, 0.1), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(gibbs_laws(*plain("quadratic"), 1, -0.1), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(gibbs_laws(*plain("quadratic"), std::nan(""), 0.1), std::invalid_argument);
    }

    void basin_masses_sum_to_one()
    {
        const auto landscape = plain("himmelblau");
        const auto laws = *gibbs_laws(*landscape, 0.05, 0.3);
        const auto basins = *find_basins(*landscape, Lattice{laws.lattice.box, 200, 300});
        double sum = 0;
        for (const double mass : basin_masses(laws.u, basins))
            sum += mass;
        QVERIFY(near(sum, 1, 1e-12));
    }

    void a_stopped_computation_gives_nothing()
    {
        std::stop_source source;
        source.request_stop();
        QVERIFY(!gibbs_laws(*plain("quadratic"), 1, 0.1, source.get_token()));
    }
};

QTEST_APPLESS_MAIN(MeasureTest)
#include "measure_test.moc"
