// What the measure panel says in words and numbers, from reports of the probe.
#include <QComboBox>
#include <QLabel>
#include <QTest>
#include <cmath>

#include "core/landscape/landscape.h"
#include "widgets/panels/measure_model.h"
#include "widgets/panels/measure_panel.h"

using namespace basin;

namespace {

std::shared_ptr<const Landscape> wells()
{
    const LandscapeEntry& entry = find_landscape("gaussian_wells");
    return entry.make(Params(entry.schema));
}

ProbeReport report(std::size_t lane, std::uint64_t step, double left_share)
{
    ProbeReport report;
    report.lane = lane;
    report.key = "gibbs_distance";
    report.step = step;
    report.live = true;
    const double unknown = std::nan("");
    report.result.values = {{"share_0", left_share, 0.004},
                            {"target_0_u", 0.72, unknown},
                            {"target_0_v", 0.19, unknown},
                            {"target_0_g", 0.2, unknown},
                            {"share_1", 1 - left_share, 0.004},
                            {"share_none", 0, unknown},
                            {"w1_x_u", 0.9, 0.01},
                            {"floor_x_u", 0.01, 0.002},
                            {"w1_x_g", 0.013, 0.004},
                            {"floor_x_g", 0.01, 0.002},
                            {"mass_right_start_0", 0.1, unknown},
                            {"mass_right_start_1", 0.9, unknown},
                            {"beta", 20, unknown},
                            {"sigma", 0.469, unknown},
                            {"tv_vg", 0.069, unknown},
                            {"validity", 0, unknown}};
    return report;
}

std::vector<MeasureRow> lanes()
{
    return {{"SGLD", 0, true, 0, {}}, {"fSGLD", 1, true, 0.469343, {}}};
}

}  // namespace

class MeasureWordsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_report_becomes_numbers();
    void inside_the_floor_is_reached();
    void barriers_are_those_of_the_straight_way();
    void the_words_name_lanes_barriers_and_mixing();
    void the_bars_are_saved_as_numbers();
    void the_light_says_what_to_trust();
    void curves_go_forward_only();
    void names_of_measures_and_basins();
};

void MeasureWordsTest::a_report_becomes_numbers()
{
    const LaneMeasure lane = read_measure(report(0, 500, 0.25));
    QVERIFY(lane.measured && lane.live);
    QCOMPARE(lane.step, std::uint64_t{500});
    QCOMPARE(lane.basins.size(), std::size_t{2});
    QCOMPARE(lane.basins[0].share.value, 0.25);
    QCOMPARE(lane.basins[0].share.error, 0.004);
    QCOMPARE(lane.basins[0].target[1], 0.19);
    QVERIFY(std::isnan(lane.basins[1].target[0]));  // not in the report
    QVERIFY(!lane.y[0].w1.known());
    QCOMPARE(lane.right_by_start, (std::vector<double>{0.1, 0.9}));
    QVERIFY(lane.validity == ValidityLight::good);

    ProbeReport broken;
    broken.error = "out of order";
    QVERIFY(!read_measure(broken).measured);
    QCOMPARE(read_measure(broken).error, QString("out of order"));
}

void MeasureWordsTest::inside_the_floor_is_reached()
{
    const LaneMeasure lane = read_measure(report(0, 500, 0.25));
    QVERIFY(!lane.x[0].reached());  // 0.9 is far outside 0.01 + 2 x 0.002
    QVERIFY(lane.x[2].reached());   // 0.013 is inside 0.014
    QVERIFY(!lane.x[1].reached());  // not measured
}

void MeasureWordsTest::barriers_are_those_of_the_straight_way()
{
    // By another way than the panel's: both minima and the top between them lie on the x axis (the wells do, and the
    // bowl is round), so a fine scan of the axis gives the barrier.
    const std::shared_ptr<const Landscape> landscape = wells();
    const auto scan = [&landscape](double sigma) {
        const auto at = [&](double x) {
            return sigma > 0 ? landscape->smoothed({x, 0}, sigma) : landscape->value({x, 0});
        };
        double low = 1e9;
        for (double x = -3; x < 0; x += 1e-4) {
            low = std::min(low, at(x));
        }
        double top = -1e9;
        for (double x = landscape->minima()[0].at.x; x < landscape->minima()[1].at.x; x += 1e-4) {
            top = std::max(top, at(x));
        }
        return top - low;
    };
    const Barriers barriers = find_barriers(*landscape, 0.469343);
    QVERIFY(barriers.two_wells);
    // 400 places on the way: the top is met to a hundredth of the way, flat as it is.
    QVERIFY(std::fabs(barriers.loss - scan(0)) < 2e-4);
    QVERIFY(std::fabs(barriers.smoothed - scan(0.469343)) < 2e-4);
    QVERIFY(barriers.smoothed < 0.5 * barriers.loss);
}

void MeasureWordsTest::the_words_name_lanes_barriers_and_mixing()
{
    MeasurePanel panel;
    panel.set_lanes(lanes());
    panel.begin(wells());
    const auto* words = panel.findChild<QLabel*>("measureWords");
    QVERIFY(words->text().isEmpty());
    panel.take(report(0, 500, 0.5));
    panel.take(report(1, 500, 0.25));
    panel.refresh();
    const QString text = words->text();
    for (const char* part : {"Smoothing with σ = 0.469 lowers the barrier", "fSGLD changes wells more often",
                             "SGLD has not mixed yet", "10.0", "90.0"}) {
        QVERIFY2(text.contains(QString::fromUtf8(part)), qPrintable(text));
    }
    const Barriers barriers = find_barriers(*wells(), 0.469343);
    QVERIFY2(text.contains(QString::number(barriers.loss, 'g', 2)), qPrintable(text));
    // A hidden lane is not spoken of.
    std::vector<MeasureRow> hidden = lanes();
    hidden[1].visible = false;
    panel.set_lanes(hidden);
    QVERIFY2(!words->text().contains("Smoothing"), qPrintable(words->text()));
}

void MeasureWordsTest::the_bars_are_saved_as_numbers()
{
    MeasurePanel panel;
    panel.set_lanes(lanes());
    panel.begin(wells());
    panel.take(report(0, 500, 0.25));
    panel.refresh();
    // Lane 1 is not measured yet: nothing of it. What a report does not know is empty.
    const QList<QByteArray> lines = panel.bars().table().split('\n');
    QCOMPARE(lines.front(), QByteArray("lane,step,quantity,value,error,pi_u,pi_v,pi_g,floor"));
    QCOMPARE(lines.size(), 1 + 2 + 2 * 3 + 1);
    QVERIFY(lines[1].startsWith("\"SGLD\",500,\"share in the basin at ("));
    QVERIFY(lines[1].endsWith(",0.25,0.004,0.72,0.19,0.2,"));
    QVERIFY(lines[2].endsWith(",0.75,0.004,,,,"));
    QCOMPARE(lines[3], QByteArray("\"SGLD\",500,\"W1 of θ₁ to π_u\",0.9,0.01,,,,0.01"));
    QCOMPARE(lines[8], QByteArray("\"SGLD\",500,\"W1 of θ₂ to π_g\",,,,,,"));
}

void MeasureWordsTest::the_light_says_what_to_trust()
{
    MeasurePanel panel;
    panel.set_lanes(lanes());
    panel.begin(wells());
    const auto* light = panel.findChild<QLabel*>("measureLight");
    const auto say = [&panel, light](double validity, std::uint64_t step) {
        ProbeReport one = report(1, step, 0.3);
        one.result.values.back().value = validity;
        panel.take(one);
        panel.refresh();
        return light->text();
    };
    QVERIFY(say(0, 1).contains("can be trusted here"));
    QVERIFY(say(1, 2).contains("doubtful"));
    QVERIFY(say(2, 3).contains("Do not trust"));
    ProbeReport broken = report(1, 4, 0.3);
    broken.error = "a < b";
    panel.take(broken);
    panel.refresh();
    QVERIFY2(light->text().contains("a &lt; b"), qPrintable(light->text()));
}

void MeasureWordsTest::curves_go_forward_only()
{
    MeasurePanel panel;
    panel.set_lanes(lanes());
    panel.begin(wells());
    auto* quantity = panel.findChild<QComboBox*>("measureQuantity");
    QCOMPARE(quantity->count(), 1 + 2 + 6);  // now, two basins, W1 of two coordinates to three measures
    quantity->setCurrentIndex(1);
    panel.take(report(0, 500, 0.5));
    panel.take(report(0, 400, 0.9));  // a slow scheduled one that a live one has overtaken
    panel.take(report(0, 600, 0.4));
    panel.refresh();
    const CurveReadout last = panel.chart().readout(600);
    QCOMPARE(last.lines.size(), std::size_t{1});
    QCOMPARE(static_cast<float>(last.lines[0].y), 0.4F);
    QVERIFY(panel.chart().readout(400).lines.empty());
    QVERIFY(!panel.chart().logarithmic());
    // A report of a lane that is gone, or of another probe, is nothing.
    panel.take(report(7, 700, 0.1));
    ProbeReport other = report(0, 700, 0.1);
    other.key = "hessian_trace";
    panel.take(other);
    panel.refresh();
    QCOMPARE(panel.rows()[0].newest.step, std::uint64_t{600});
}

void MeasureWordsTest::names_of_measures_and_basins()
{
    QVERIFY(measure_name(0).contains(measure_symbol(0)));
    QVERIFY(measure_name(2).contains("smoothed"));
    const QStringList names = basin_names(*wells());
    QCOMPARE(names.size(), 2);
    QVERIFY2(names[0].startsWith("basin at (") && names[0].contains("0.00)"), qPrintable(names[0]));
}

QTEST_MAIN(MeasureWordsTest)
#include "measure_words_test.moc"
