// A lane's recorded rows in columns.
#include <QTest>
#include <cmath>

#include "widgets/bridge/history.h"

using namespace basin;

class HistoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rows_become_columns();
    void clearing_begins_a_new_generation();
    void a_long_history_is_never_moved();
};

void HistoryTest::rows_become_columns()
{
    LaneHistory history;
    QVERIFY(history.empty());
    const std::vector<RecordRow> first{{0, 0, 2.5, 0.0, 0}, {1, 2, 2.25, 0.125, 1}};
    const std::vector<RecordRow> second{{2, 4, std::nan(""), 0.25, 3}};
    history.append(first);
    history.append({});
    history.append(second);
    QCOMPARE(history.size(), std::size_t{3});
    QCOMPARE(history.steps()[2], 2.0);
    QCOMPARE(history.gradients()[1], 2.0);
    QCOMPARE(history.seconds()[1], 0.125);
    QCOMPARE(history.losses()[0], 2.5);
    QVERIFY(std::isnan(history.losses()[2]));
    QCOMPARE(history.steps().size(), history.losses().size());
}

void HistoryTest::clearing_begins_a_new_generation()
{
    LaneHistory history;
    const std::uint64_t before = history.generation();
    const std::vector<RecordRow> rows(5);
    history.append(rows);
    QCOMPARE(history.generation(), before);
    history.clear();
    QVERIFY(history.empty());
    QVERIFY(history.generation() != before);
}

void HistoryTest::a_long_history_is_never_moved()
{
    LaneHistory history;
    const std::vector<RecordRow> rows(4096);
    history.append(rows);
    const double* at = history.steps().data();
    while (history.size() < 1'100'000) {  // a lane records about a million rows at most
        history.append(rows);
    }
    QCOMPARE(history.steps().data(), at);
}

QTEST_APPLESS_MAIN(HistoryTest)
#include "history_test.moc"
