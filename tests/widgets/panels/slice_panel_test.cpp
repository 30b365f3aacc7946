// The panel of slices, fed with reports as its worker makes them.
#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>
#include <cmath>
#include <limits>

#include "core/slice/slice_order.h"
#include "widgets/panels/slice_panel.h"
#include "widgets/plots/number_text.h"

using namespace basin;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Loss 1 + alpha^2 + 4 beta^2 on [-1, 1]^2, the first `done` points of it.
SliceReport plane_report(std::size_t count, std::size_t done)
{
    auto spec = std::make_shared<SliceSpec>();
    spec->plane.kind = "random";
    spec->plane.numbers = {{"cosine", 0.0123}};
    spec->plane.marks = {{"SGD", 0, {-0.5, 0.5, 0.1}}, {"SGD", 47, {0, 0, 0}}, {"SAM", 47, {0.5, 0, 2}}};
    spec->axes = {{-1, 1, count}, {-1, 1, count}};
    spec->points.values = {"train_loss", "train_accuracy"};
    SliceReport report;
    report.stage = SliceStage::points;
    report.spec = spec;
    report.values = {count, count, done, {"train_loss", "train_accuracy"}, {}};
    report.progress = 0.25;
    report.seconds_left = 12;
    std::vector<double> losses(count * count, kNan);
    const SliceOrder order(count, count);
    for (std::size_t k = 0; k < done; ++k) {
        const double alpha = spec->axes[0].at(order[k] % count);
        const double beta = spec->axes[1].at(order[k] / count);
        losses[order[k]] = 1 + alpha * alpha + 4 * beta * beta;
    }
    report.values.arrays = {losses, std::vector<double>(count * count, 0.5)};
    return report;
}

SliceReport line_report()
{
    auto spec = std::make_shared<SliceSpec>();
    spec->plane.kind = "line";
    spec->plane.marks = {{"SGD", 47, {0, 0, 0}}, {"SAM", 47, {1, 0, 0}}};
    spec->axes = {{0, 1, 5}};
    SliceReport report;
    report.stage = SliceStage::finished;
    report.spec = spec;
    report.values = {1, 5, 5, {"train_loss"}, {{1, 2, 5, 3, 3}}};
    return report;
}

QString text(const QWidget& panel, const char* name)
{
    return panel.findChild<QLabel*>(QString::fromLatin1(name))->text();
}

void set_two_lanes(SlicePanel& panel)
{
    panel.set_lanes({{QStringLiteral("SGD"), 0, true}, {QStringLiteral("SAM"), 1, true}});
}

}  // namespace

class SlicePanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_kind_asks_for_its_lanes()
    {
        SlicePanel panel;
        set_two_lanes(panel);
        auto* kind = panel.findChild<QComboBox*>(QStringLiteral("sliceKind"));
        QCOMPARE(panel.choice().kind, PlaneKind::principal);
        QVERIFY(panel.choice().lanes.empty());
        kind->setCurrentText(QStringLiteral("Line between two lanes"));
        QCOMPARE(panel.choice().kind, PlaneKind::line);
        QCOMPARE(panel.choice().lanes, (std::vector<std::size_t>{0, 1}));
        kind->setCurrentText(QStringLiteral("Random directions"));
        QCOMPARE(panel.choice().lanes, (std::vector<std::size_t>{0}));
        panel.findChild<QComboBox*>(QStringLiteral("sliceLane0"))->setCurrentIndex(1);
        QCOMPARE(panel.choice().lanes, (std::vector<std::size_t>{1}));
    }

    void a_growing_plane_says_what_is_known()
    {
        SlicePanel panel;
        set_two_lanes(panel);
        const SliceOrder order(25, 25);
        panel.set_report(plane_report(25, order.first_picture()));
        QVERIFY(text(panel, "sliceState").contains(QStringLiteral("of 625 points, about ") + seconds_text(12)));
        QVERIFY(text(panel, "sliceWords").contains(QStringLiteral("cosine 0.0123")));
        // The middle comes first; a neighbour of it is not known yet, though the map is filled there.
        QVERIFY(panel.chart().readout(0, 0).contains(QStringLiteral("training loss: 1")));
        QVERIFY(panel.chart().readout(1.0 / 12, 0).contains(QStringLiteral("training loss: not yet known")));
        panel.set_report(plane_report(25, 625));
        QVERIFY(panel.chart().readout(0.5, 0.5).contains(QStringLiteral("training loss: 2.25")));
        QVERIFY(panel.chart().readout(0.5, 0.5).contains(QStringLiteral("training accuracy: 0.5")));
        QCOMPARE(panel.chart().x_range(), (AxisRange{-1, 1}));
    }

    void paths_are_drawn_and_read()
    {
        SlicePanel panel;
        panel.resize(600, 500);
        set_two_lanes(panel);
        panel.set_report(plane_report(25, 625));
        QCOMPARE(panel.chart().paths().size(), std::size_t{2});
        QCOMPARE(panel.chart().paths()[0].stops.size(), std::size_t{2});
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        QVERIFY(panel.chart().readout(0.5, 0).contains(QStringLiteral("SAM, step 47, 2 from the plane")));
        panel.set_marks({{"SGD", 0, {-0.5, 0.5, 0.1}}, {"SGD", 47, {0, 0, 0}}, {"SGD", 94, {0.2, 0.1, 0.3}}});
        QCOMPARE(panel.chart().paths().size(), std::size_t{1});
        QCOMPARE(panel.chart().paths()[0].stops.back().step, std::uint64_t{94});
        // Another run: nothing of the old one stays.
        panel.begin();
        QVERIFY(panel.chart().paths().empty());
        QVERIFY(panel.chart().readout(0, 0).isEmpty());
    }

    void a_line_has_its_barrier()
    {
        SlicePanel panel;
        set_two_lanes(panel);
        panel.set_report(line_report());
        // At t = 1/2 the loss is 5, the line between the ends (1 and 3) is at 2.
        QCOMPARE(text(panel, "sliceWords"), QStringLiteral("barrier of the training loss: 3 at α = 0.5"));
        QVERIFY(panel.chart().readout(0.26, 0).contains(QStringLiteral("training loss: 2")));
        QVERIFY(panel.chart().y_range().low <= 1 && panel.chart().y_range().high >= 5);
    }

    void a_slice_is_cancelled_and_goes_on()
    {
        SlicePanel panel;
        set_two_lanes(panel);
        auto* button = panel.findChild<QToolButton*>(QStringLiteral("sliceCancel"));
        QVERIFY(button->isHidden());
        SliceReport report = plane_report(25, 100);
        panel.set_report(report);
        QVERIFY(!button->isHidden());
        QSignalSpy cancelled(&panel, &SlicePanel::cancelAsked);
        QSignalSpy resumed(&panel, &SlicePanel::resumeAsked);
        button->click();
        QCOMPARE(cancelled.count(), 1);
        report.stage = SliceStage::cancelled;
        panel.set_report(report);
        QCOMPARE(button->text(), QStringLiteral("Go on"));
        button->click();
        QCOMPARE(resumed.count(), 1);
        report.stage = SliceStage::failed;
        report.message = "directions: are parallel";
        panel.set_report(report);
        QCOMPARE(text(panel, "sliceState"), QStringLiteral("directions: are parallel"));
        QVERIFY(button->isHidden());
    }
};

QTEST_MAIN(SlicePanelTest)
#include "slice_panel_test.moc"
