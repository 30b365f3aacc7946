// Where a run is cut, and how far a paced one may go: pure functions, checked by hand.
#include <QtTest/QTest>
#include <limits>

#include "core/run/pacer.h"
#include "core/run/round_plan.h"

using basin::Pacer;
using basin::RoundPlan;
using std::chrono::milliseconds;

class RoundPlanTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_run_is_cut_at_everything_that_is_due()
    {
        RoundPlan plan;
        plan.total = 100;
        plan.metrics_every = 30;
        plan.probes_every = {40, 0};
        plan.changes = {7, 7, 55};
        std::vector<std::uint64_t> cuts;
        for (std::uint64_t step = 0; step < 100; step = plan.next_cut(step)) {
            cuts.push_back(plan.next_cut(step));
        }
        QCOMPARE(cuts, (std::vector<std::uint64_t>{7, 30, 40, 55, 60, 80, 90, 100}));
        QVERIFY(plan.metrics_at(0) && plan.metrics_at(60) && plan.metrics_at(100) && !plan.metrics_at(40));
        QVERIFY(plan.probe_at(0, 0) && plan.probe_at(0, 80) && !plan.probe_at(0, 100) && !plan.probe_at(1, 0));
    }

    void an_endless_run_with_nothing_due_is_cut_where_it_records_more_sparsely()
    {
        RoundPlan plan;
        QCOMPARE(plan.next_cut(0), RoundPlan::kDenseRows);
        QCOMPARE(plan.next_cut(RoundPlan::kDenseRows), 2 * RoundPlan::kDenseRows);
        QCOMPARE(plan.next_cut(RoundPlan::kDenseRows + 5), 2 * RoundPlan::kDenseRows);
        plan.record_every = 10;
        QCOMPARE(plan.next_cut(0), std::numeric_limits<std::uint64_t>::max());
    }

    void about_a_million_rows_are_recorded()
    {
        RoundPlan plan;
        plan.total = 1000;
        QCOMPARE(plan.rows_every(0), std::uint64_t{1});
        plan.total = RoundPlan::kDenseRows + 1;
        QCOMPARE(plan.rows_every(0), std::uint64_t{2});
        plan.total = 1000 * RoundPlan::kDenseRows;
        QCOMPARE(plan.rows_every(0), std::uint64_t{1000});
        // Endless: dense at first, then half a million rows for every doubling of the steps.
        plan.total = 0;
        QCOMPARE(plan.rows_every(RoundPlan::kDenseRows - 1), std::uint64_t{1});
        QCOMPARE(plan.rows_every(RoundPlan::kDenseRows), std::uint64_t{2});
        QCOMPARE(plan.rows_every(4 * RoundPlan::kDenseRows - 1), std::uint64_t{4});
        QCOMPARE(plan.rows_every(4 * RoundPlan::kDenseRows), std::uint64_t{8});
        plan.record_every = 7;
        QCOMPARE(plan.rows_every(4 * RoundPlan::kDenseRows), std::uint64_t{7});
        QVERIFY(plan.row_at(0) && plan.row_at(7) && !plan.row_at(8));
        plan.record_every = 0;
        QVERIFY(plan.row_at(1) && plan.row_at(RoundPlan::kDenseRows) && !plan.row_at(RoundPlan::kDenseRows + 1));
    }

    void a_pace_lets_steps_through_when_they_are_due()
    {
        const Pacer::Clock::time_point start{};
        Pacer pacer;
        QCOMPARE(pacer.allowed(3, start), std::numeric_limits<std::uint64_t>::max());
        pacer.set(10, 100, start);
        QCOMPARE(pacer.allowed(100, start + milliseconds(99)), std::uint64_t{100});
        QCOMPARE(pacer.allowed(100, start + milliseconds(101)), std::uint64_t{101});
        const auto due = pacer.due(100, start + milliseconds(5));
        QVERIFY(due >= start + milliseconds(100) && due < start + milliseconds(101));
        QCOMPARE(pacer.allowed(100, due), std::uint64_t{101});
    }

    void a_fast_pace_comes_in_portions()
    {
        const Pacer::Clock::time_point start{};
        Pacer pacer;
        pacer.set(10000, 0, start);
        QCOMPARE(pacer.allowed(0, start + milliseconds(7)), std::uint64_t{0});
        QCOMPARE(pacer.allowed(0, pacer.due(0, start)), std::uint64_t{80});
    }

    void what_a_slow_run_missed_is_not_caught_up()
    {
        const Pacer::Clock::time_point start{};
        Pacer pacer;
        pacer.set(1000, 0, start);
        QCOMPARE(pacer.allowed(0, start + milliseconds(10000)), std::uint64_t{250});
        QCOMPARE(pacer.allowed(250, start + milliseconds(10001)), std::uint64_t{250});
        QCOMPARE(pacer.allowed(250, start + milliseconds(10020)), std::uint64_t{270});
    }

    void a_very_slow_pace_is_a_long_wait_and_no_overflow()
    {
        const Pacer::Clock::time_point start{};
        Pacer pacer;
        pacer.set(1e-12, 0, start);
        QCOMPARE(pacer.allowed(0, start + milliseconds(5)), std::uint64_t{0});
        const auto later = start + std::chrono::hours(5);
        QVERIFY(pacer.due(0, later) == later + std::chrono::hours(1));
        pacer.set(1e300, 0, start);
        QCOMPARE(pacer.allowed(0, start + milliseconds(100)), std::uint64_t{100000000});  // a billion a second
    }
};

QTEST_APPLESS_MAIN(RoundPlanTest)
#include "round_plan_test.moc"
