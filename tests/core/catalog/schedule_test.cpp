// Schedule::at against the formulas of its header, computed here with the C library.
#include <QTest>
#include <cmath>

#include "core/catalog/params.h"

using basin::Schedule;

class ScheduleTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void constant_is_its_value()
    {
        const Schedule schedule{.value = 0.3};
        QCOMPARE(schedule.at(0, 0), 0.3);
        QCOMPARE(schedule.at(1'000'000, 10), 0.3);
    }

    void steps_multiply_at_each_milestone()
    {
        const Schedule schedule{.kind = Schedule::Kind::steps, .value = 2, .factor = 0.5, .milestones = {10, 20}};
        QCOMPARE(schedule.at(0, 100), 2.0);
        QCOMPARE(schedule.at(9, 100), 2.0);
        QCOMPARE(schedule.at(10, 100), 1.0);
        QCOMPARE(schedule.at(19, 100), 1.0);
        QCOMPARE(schedule.at(20, 100), 0.5);
        QCOMPARE(schedule.at(1'000'000'000, 100), 0.5);
    }

    void cosine_follows_the_cosine()
    {
        const Schedule schedule{.kind = Schedule::Kind::cosine, .value = 0.4, .end = 0.1};
        for (std::uint64_t step = 0; step <= 1000; ++step) {
            const double expected = 0.1 + 0.3 * 0.5 * (1 + std::cos(M_PI * static_cast<double>(step) / 1000));
            // Both are a few roundings of numbers below 1.
            QVERIFY(std::abs(schedule.at(step, 1000) - expected) < 4e-16);
        }
        QCOMPARE(schedule.at(0, 1000), 0.4);
        QCOMPARE(schedule.at(1000, 1000), 0.1);
        QCOMPARE(schedule.at(5000, 1000), 0.1);
    }

    void cosine_over_ignores_the_total()
    {
        const Schedule schedule{.kind = Schedule::Kind::cosine, .value = 1, .over = 50};
        QCOMPARE(schedule.at(50, 0), 0.0);
        QCOMPARE(schedule.at(25, 1000), 0.5);
    }

    void cosine_without_an_end_stays()
    {
        const Schedule schedule{.kind = Schedule::Kind::cosine, .value = 0.7, .end = 0.1};
        QCOMPARE(schedule.at(123456, 0), 0.7);
    }

    void warm_up_rises_to_its_value_and_is_never_zero()
    {
        const Schedule schedule{.kind = Schedule::Kind::warm_up, .value = 0.8, .over = 4};
        QCOMPARE(schedule.at(0, 0), 0.2);
        QCOMPARE(schedule.at(1, 0), 0.4);
        QCOMPARE(schedule.at(3, 0), 0.8);
        QCOMPARE(schedule.at(4, 0), 0.8);
        QCOMPARE(schedule.at(400, 0), 0.8);
    }

    void warm_up_comes_before_cosine()
    {
        const Schedule schedule{.kind = Schedule::Kind::cosine, .value = 1, .end = 0, .warm_up = 10};
        QCOMPARE(schedule.at(0, 110), 0.1);
        QCOMPARE(schedule.at(9, 110), 1.0);
        QCOMPARE(schedule.at(10, 110), 1.0);
        QCOMPARE(schedule.at(60, 110), 0.5);
        QCOMPARE(schedule.at(110, 110), 0.0);
    }

    void warm_up_comes_before_steps_and_milestones_stay()
    {
        const Schedule schedule{
            .kind = Schedule::Kind::steps, .value = 1, .factor = 0.1, .milestones = {20}, .warm_up = 10};
        QCOMPARE(schedule.at(4, 0), 0.5);
        QCOMPARE(schedule.at(19, 0), 1.0);
        QCOMPARE(schedule.at(20, 0), 0.1);
    }
};

QTEST_APPLESS_MAIN(ScheduleTest)
#include "schedule_test.moc"
