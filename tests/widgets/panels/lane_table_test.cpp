// The tables of lanes: a model that keeps its promises, cells, colours, and what is left out where there is no room.
#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QSplitter>
#include <QTest>

#include "widgets/panels/compare_panel.h"
#include "widgets/panels/lane_table.h"
#include "widgets/plots/number_text.h"
#include "widgets/plots/theme.h"

using namespace basin;

namespace {

QStringList shown_columns(const LaneTable& table)
{
    QStringList names;
    for (int column = 0; column < table.columnCount(); ++column) {
        if (!table.isColumnHidden(column)) {
            names << table.horizontalHeaderItem(column)->text();
        }
    }
    return names;
}

std::vector<LaneTable::Row> two_rows()
{
    return {{"SGD", 0, true, {"running", "1 000", "0.5"}, {}, false},
            {"SAM", 1, true, {"failed", "12", "–"}, "SAM failed at step 12: its loss is not finite.", true}};
}

}  // namespace

class LaneTableTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void the_model_keeps_its_promises();
    void cells_show_what_was_given();
    void a_failed_lane_is_marked_and_says_why();
    void unimportant_columns_make_room();
    void three_lanes_are_never_cut();
    void saves_all_columns_quoted();
    void the_comparison_counts_and_rounds();
};

void LaneTableTest::the_model_keeps_its_promises()
{
    LaneTable table;
    const QAbstractItemModelTester tester(table.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    table.set_columns({"State", "Steps", "Loss"}, {"Steps"});
    table.set_rows(two_rows());
    std::vector<LaneTable::Row> more = two_rows();
    more.push_back({"fSGLD", 2, false, {"running", "3", "1"}, {}, false});
    table.set_rows(more);
    table.set_columns({"Loss"});
    table.set_rows({});
    table.set_columns({"State", "Steps", "Loss"});
    table.set_rows(more);
    QCOMPARE(table.rowCount(), 3);
}

void LaneTableTest::cells_show_what_was_given()
{
    LaneTable table;
    table.set_columns({"State", "Steps", "Loss"});
    table.set_rows(two_rows());
    QCOMPARE(table.item(0, 0)->text(), QString("SGD"));
    QCOMPARE(table.item(1, 2)->text(), QString("12"));
    // A cell that changes is the same item; the others are not touched.
    const QTableWidgetItem* loss = table.item(0, 3);
    std::vector<LaneTable::Row> rows = two_rows();
    rows[0].cells[2] = "0.25";
    table.set_rows(rows);
    QCOMPARE(table.item(0, 3), loss);
    QCOMPARE(loss->text(), QString("0.25"));
    // Colours differ, and a hidden lane's is paler.
    const auto color = [&table](int row) { return table.item(row, 0)->icon().pixmap(16).toImage().pixelColor(8, 8); };
    QVERIFY(color(0) != color(1));
    const int opaque = color(0).alpha();
    rows[0].visible = false;
    table.set_rows(rows);
    QVERIFY(color(0).alpha() < opaque);
}

void LaneTableTest::a_failed_lane_is_marked_and_says_why()
{
    LaneTable table;
    table.set_columns({"State", "Steps", "Loss"});
    table.set_rows(two_rows());
    QVERIFY(table.item(1, 1)->foreground().color() != table.item(0, 1)->foreground().color());
    for (int column = 0; column < 4; ++column) {
        QVERIFY(table.item(1, column)->toolTip().contains("step 12"));
        QVERIFY(table.item(0, column)->toolTip().isEmpty());
    }
}

void LaneTableTest::unimportant_columns_make_room()
{
    LaneTable table;
    table.set_columns({"State", "Steps", "Loss"}, {"Steps", "State"});
    table.set_rows(two_rows());
    table.resize(600, 120);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    QCOMPARE(shown_columns(table), (QStringList{"Lane", "State", "Steps", "Loss"}));
    const int all = table.horizontalHeader()->length();
    table.resize(all - 1, 120);
    QCOMPARE(shown_columns(table), (QStringList{"Lane", "State", "Loss"}));
    table.resize(table.horizontalHeader()->length() - 1, 120);
    QCOMPARE(shown_columns(table), (QStringList{"Lane", "Loss"}));
    // What is never left out stays, even where it does not fit.
    table.resize(20, 120);
    QCOMPARE(shown_columns(table), (QStringList{"Lane", "Loss"}));
    table.resize(all + 5, 120);
    QCOMPARE(shown_columns(table), (QStringList{"Lane", "State", "Steps", "Loss"}));
    // A text that grows may push a column out.
    std::vector<LaneTable::Row> rows = two_rows();
    rows[0].label = "a much longer label";
    table.set_rows(rows);
    QVERIFY(table.isColumnHidden(2));
    QVERIFY(table.horizontalHeader()->length() <= table.viewport()->width());
}

/// Beside something that would like all of the room; in large type as well.
void LaneTableTest::three_lanes_are_never_cut()
{
    QSplitter splitter(Qt::Vertical);
    auto* other = new QWidget;
    auto* table = new LaneTable;
    splitter.addWidget(other);
    splitter.addWidget(table);
    splitter.setChildrenCollapsible(false);
    table->set_columns({"State", "Steps", "Loss"});
    std::vector<LaneTable::Row> rows = two_rows();
    rows.push_back({"fSGLD", 2, true, {"running", "3", "1"}, {}, false});
    splitter.resize(400, 150);
    splitter.show();
    QVERIFY(QTest::qWaitForWindowExposed(&splitter));
    table->set_rows(rows);
    for (const double scale : {1.0, 1.4}) {
        table->setFont(scaled_font(splitter.font(), scale));
        splitter.setSizes({1000, 0});
        QTRY_VERIFY(table->viewport()->height() >= 3 * table->rowHeight(0));
    }
    rows.resize(1);
    table->set_rows(rows);
    splitter.setSizes({1000, 0});
    QTRY_VERIFY(table->viewport()->height() < 2 * table->rowHeight(0));
}

void LaneTableTest::saves_all_columns_quoted()
{
    LaneTable table;
    table.set_columns({"State"}, {"State"});
    table.set_rows({{R"(a "quoted", label)", 0, true, {"running"}, {}, false}});
    table.resize(10, 100);
    QCOMPARE(table.table(), QByteArray("\"Lane\",\"State\"\n\"a \"\"quoted\"\", label\",\"running\"\n"));
}

void LaneTableTest::the_comparison_counts_and_rounds()
{
    ComparePanel panel;
    CompareRow row;
    row.label = "SGLD";
    row.state = "running";
    row.steps = 1234567;
    row.gradients = 2469134;
    row.loss = -0.42661;
    row.escaped = 3;
    row.seconds = 75.4;
    panel.set_rows({row});
    const auto* table = panel.findChild<LaneTable*>("compareTable");
    QVERIFY(table);
    QStringList cells;
    for (int column = 0; column < table->columnCount(); ++column) {
        QString text = table->item(0, column)->text();
        cells << text.replace(QChar(0x202f), ' ');
    }
    QCOMPARE(cells,
             (QStringList{"SGLD", "running", "1 234 567", "2 469 134", QString::fromUtf8("−0.4266"), "3", "75 s"}));
    // Networks have no particles that could escape.
    row.escaped.reset();
    panel.set_rows({row});
    QCOMPARE(panel.table().table().split('\n')[0],
             QByteArray(R"("Lane","State","Steps","Gradients","Loss","Seconds")"));
    QCOMPARE(panel.table().item(0, 5)->text(), seconds_text(75.4));
}

QTEST_MAIN(LaneTableTest)
#include "lane_table_test.moc"
