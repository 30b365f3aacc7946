// The loss curves' controls: x by steps, gradients, epochs or seconds; logarithmic y above the lowest loss; smoothing.
#include <QCheckBox>
#include <QComboBox>
#include <QSlider>
#include <QTest>
#include <QToolButton>
#include <cmath>

#include "widgets/panels/loss_panel.h"

using namespace basin;

namespace {

/// 100 steps of a method that takes two gradients a step, loss 2^-step above -1.
std::shared_ptr<CurveSeries> halving()
{
    auto series = std::make_shared<CurveSeries>();
    for (int step = 0; step <= 100; ++step) {
        series->append(step, 2 * step, 0.5 * step, -1 + std::exp2(-0.1 * step));
    }
    return series;
}

QStringList choices(const QComboBox& combo)
{
    QStringList texts;
    for (int i = 0; i < combo.count(); ++i) {
        texts << combo.itemText(i);
    }
    return texts;
}

}  // namespace

class LossPanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void x_is_what_was_chosen();
    void epochs_are_offered_where_there_are_epochs();
    void logarithmic_is_above_the_lowest_loss();
    void smoothing_is_a_mean_of_rows();
    void fit_follows_again();
};

void LossPanelTest::x_is_what_was_chosen()
{
    LossPanel panel;
    panel.chart().set_curves({{"SAM", 0, true, halving()}});
    auto* axis = panel.findChild<QComboBox*>("lossAxis");
    QCOMPARE(choices(*axis), (QStringList{"Steps", "Gradients", "Seconds"}));
    QCOMPARE(panel.chart().x_axis(), XAxis::step);
    QVERIFY(std::fabs(panel.chart().readout(40).lines.at(0).y - (-1 + std::exp2(-4.0))) < 1e-6);
    QTest::keyClick(axis, Qt::Key_Down);
    QCOMPARE(panel.chart().x_axis(), XAxis::gradients);
    QVERIFY(panel.chart().x_range().high >= 200);
    // At equal cost: 80 gradients are step 40.
    QVERIFY(std::fabs(panel.chart().readout(80).lines.at(0).y - (-1 + std::exp2(-4.0))) < 1e-6);
    QVERIFY(panel.chart().readout(80).title.contains("gradient evaluations"));
    QTest::keyClick(axis, Qt::Key_Down);
    QCOMPARE(panel.chart().x_axis(), XAxis::seconds);
    QVERIFY(std::fabs(panel.chart().readout(20).lines.at(0).y - (-1 + std::exp2(-4.0))) < 1e-6);
}

void LossPanelTest::epochs_are_offered_where_there_are_epochs()
{
    LossPanel panel;
    panel.chart().set_curves({{"SGD", 0, true, halving()}});
    auto* axis = panel.findChild<QComboBox*>("lossAxis");
    panel.set_steps_per_epoch(50);
    QCOMPARE(choices(*axis), (QStringList{"Steps", "Gradients", "Epochs", "Seconds"}));
    axis->setCurrentIndex(2);
    QCOMPARE(panel.chart().x_axis(), XAxis::epochs);
    QVERIFY(std::fabs(panel.chart().readout(0.8).lines.at(0).y - (-1 + std::exp2(-4.0))) < 1e-6);
    // A landscape has none: what was chosen falls back to steps.
    panel.set_steps_per_epoch(0);
    QCOMPARE(panel.chart().x_axis(), XAxis::step);
}

void LossPanelTest::logarithmic_is_above_the_lowest_loss()
{
    LossPanel panel;
    panel.resize(500, 400);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    panel.chart().set_curves({{"SGD", 0, true, halving()}});
    panel.set_lowest(-1);
    QVERIFY(panel.chart().logarithmic());
    // log10 of 2^-10 to 1: the axis' coordinate.
    QVERIFY(panel.chart().y_range().low <= -3.0 && panel.chart().y_range().low > -3.6);
    QVERIFY(panel.chart().y_range().high >= 0 && panel.chart().y_range().high < 0.6);
    // Halving is a straight line there: equal distances in pixels.
    const auto y = [&panel](int step) { return panel.chart().position(step, -1 + std::exp2(-0.1 * step)).y(); };
    QVERIFY(std::fabs((y(40) - y(20)) - (y(80) - y(60))) < 1e-6);
    QTest::mouseClick(panel.findChild<QCheckBox*>("lossLogarithmic"), Qt::LeftButton, {}, QPoint(6, 8));
    QVERIFY(!panel.chart().logarithmic());
    QVERIFY(panel.chart().y_range().low <= -0.99 && panel.chart().y_range().high >= 0);
}

void LossPanelTest::smoothing_is_a_mean_of_rows()
{
    LossPanel panel;
    auto series = std::make_shared<CurveSeries>();
    for (int step = 0; step < 100; ++step) {
        series->append(step, step, step, step % 2);
    }
    panel.chart().set_curves({{"SGD", 0, true, series}});
    QCOMPARE(panel.window(), std::size_t{1});
    auto* smoothing = panel.findChild<QSlider*>("lossSmoothing");
    smoothing->setFocus();
    smoothing->setValue(4);  // four places a decade
    QCOMPARE(panel.window(), std::size_t{10});
    const CurveReadout readout = panel.chart().readout(50);
    QVERIFY(std::fabs(readout.lines.at(0).y - 0.5) < 1e-6);
    QVERIFY(readout.title.contains("mean of 10"));
}

void LossPanelTest::fit_follows_again()
{
    LossPanel panel;
    panel.resize(500, 400);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    panel.chart().set_curves({{"SGD", 0, true, halving()}});
    QTest::keyClick(&panel.chart(), Qt::Key_Plus);
    QVERIFY(!panel.chart().follows());
    QTest::mouseClick(panel.findChild<QToolButton*>("lossFit"), Qt::LeftButton);
    QVERIFY(panel.chart().follows());
    QVERIFY(panel.chart().x_range().high >= 100);
}

QTEST_MAIN(LossPanelTest)
#include "loss_panel_test.moc"
