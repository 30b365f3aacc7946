// Accuracies of networks: curves over epochs, and the table by which noisy labels are read.
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QTest>

#include "widgets/panels/accuracy_panel.h"
#include "widgets/panels/lane_table.h"

using namespace basin;

namespace {

const std::vector<std::string> kKeys{"train_loss",     "test_loss",      "test_accuracy",
                                     "clean_accuracy", "flipped_fitted", "flipped_corrected"};

MetricsRow metrics(std::uint64_t step, double seconds, std::vector<double> values)
{
    return {step, 2 * step, seconds, std::move(values)};
}

QStringList row_of(const LaneTable& table, int row)
{
    QStringList cells;
    for (int column = 0; column < table.columnCount(); ++column) {
        cells << (row < 0 ? table.horizontalHeaderItem(column)->text()
                          : table.item(row, column)->text().replace(QChar(0x202f), ' '));
    }
    return cells;
}

}  // namespace

class AccuracyPanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void the_table_has_lanes_by_test_clean_and_flipped();
    void the_curve_shows_the_chosen_metric_over_epochs();
    void a_new_run_forgets();
    void narrow_tables_keep_test_clean_and_flipped_fitted();
};

void AccuracyPanelTest::the_table_has_lanes_by_test_clean_and_flipped()
{
    AccuracyPanel panel;
    const auto* table = panel.findChild<LaneTable*>("accuracyTable");
    QVERIFY(table);
    const QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    panel.set_lanes({{"SGD", 0, true}, {"SAM", 1, true}});
    panel.begin(kKeys, 47);
    QCOMPARE(row_of(*table, -1), (QStringList{"Lane", "Test", "Clean", "Flipped fitted", "Flipped corrected",
                                              "Train loss", "Test loss", "Seconds", QString::fromUtf8("× first")}));
    QCOMPARE(row_of(*table, 0).mid(1).filter(QString::fromUtf8("–")).size(), 8);  // nothing is known yet
    panel.take(
        0, {metrics(47, 10, {1.5, 1.25, 0.7, 0.65, 0.1, 0.6}), metrics(94, 20, {1, 1.125, 0.804, 0.75, 0.437, 0.3})});
    panel.take(1, {metrics(47, 39.8, {1.4, 1.2, 0.755, 0.7, 0.228, 0.5})});
    panel.refresh();
    // The newest row of each lane; seconds are compared with the first lane's.
    QCOMPARE(row_of(*table, 0),
             (QStringList{"SGD", "80.4 %", "75.0 %", "43.7 %", "30.0 %", "1.000", "1.125", "20 s", "1.00"}));
    QCOMPARE(row_of(*table, 1),
             (QStringList{"SAM", "75.5 %", "70.0 %", "22.8 %", "50.0 %", "1.400", "1.200", "40 s", "1.99"}));
}

void AccuracyPanelTest::the_curve_shows_the_chosen_metric_over_epochs()
{
    AccuracyPanel panel;
    panel.set_lanes({{"SGD", 0, true}, {"SAM", 1, false}});
    panel.begin(kKeys, 50);
    panel.take(0, {metrics(50, 1, {1.5, 1.25, 0.7, 0.65, 0.1, 0.6}), metrics(100, 2, {1, 1.1, 0.8, 0.75, 0.4, 0.3})});
    panel.take(1, {metrics(50, 1, {1.5, 1.25, 0.6, 0.65, 0.1, 0.6})});
    panel.refresh();
    const auto* chart = panel.findChild<CurveChart*>("accuracyChart");
    auto* metric = panel.findChild<QComboBox*>("accuracyMetric");
    QCOMPARE(metric->currentText(), QString("Test accuracy"));
    QCOMPARE(chart->x_axis(), XAxis::epochs);
    QCOMPARE(chart->readout(2).lines.size(), std::size_t{1});  // the hidden lane is not there
    QCOMPARE(static_cast<float>(chart->readout(2).lines[0].y), 0.8F);
    QVERIFY(chart->x_range().high >= 2 && chart->x_range().high < 50);
    QTest::keyClick(metric, Qt::Key_Down);
    QTest::keyClick(metric, Qt::Key_Down);
    QCOMPARE(metric->currentText(), QString("Flipped labels fitted"));
    QCOMPARE(static_cast<float>(chart->readout(2).lines[0].y), 0.4F);
    QCOMPARE(metric_name("flipped_fitted"), metric->currentText());
    QVERIFY(metric_is_share("flipped_fitted") && !metric_is_share("test_loss"));
    // The same choice holds for the next run of such a network.
    panel.begin(kKeys, 50);
    QCOMPARE(metric->currentText(), QString("Flipped labels fitted"));
}

void AccuracyPanelTest::a_new_run_forgets()
{
    AccuracyPanel panel;
    panel.set_lanes({{"SGD", 0, true}});
    panel.begin(kKeys, 50);
    panel.take(0, {metrics(50, 1, {1.5, 1.25, 0.7, 0.65, 0.1, 0.6})});
    panel.refresh();
    panel.begin({"norm"}, 0);
    const auto* table = panel.findChild<LaneTable*>("accuracyTable");
    QCOMPARE(row_of(*table, -1), (QStringList{"Lane", "norm", "Seconds", QString::fromUtf8("× first")}));
    QCOMPARE(row_of(*table, 0),
             (QStringList{"SGD", QString::fromUtf8("–"), QString::fromUtf8("–"), QString::fromUtf8("–")}));
    panel.take(0, {metrics(8, 1, {1.5})});
    panel.refresh();
    QCOMPARE(table->item(0, 1)->text(), QString("1.500"));
    QCOMPARE(panel.findChild<CurveChart*>("accuracyChart")->x_axis(), XAxis::step);
}

void AccuracyPanelTest::narrow_tables_keep_test_clean_and_flipped_fitted()
{
    AccuracyPanel panel;
    panel.set_lanes({{"SGD", 0, true}});
    panel.begin(kKeys, 50);
    panel.take(0, {metrics(50, 1, {1.5, 1.25, 0.7, 0.65, 0.1, 0.6})});
    panel.resize(330, 400);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    panel.refresh();
    const auto* table = panel.findChild<LaneTable*>("accuracyTable");
    for (int column = 0; column < 4; ++column) {
        QVERIFY(!table->isColumnHidden(column));
    }
    QVERIFY(table->isColumnHidden(4));
    panel.resize(1200, 400);
    QTRY_VERIFY(!table->isColumnHidden(4) && !table->isColumnHidden(8));
}

QTEST_MAIN(AccuracyPanelTest)
#include "accuracy_panel_test.moc"
