// What counts as a frame and as work. No time is asserted but for its order: a busy loop lasts as long as it lasts.
#include <QElapsedTimer>
#include <QTest>

#include "widgets/bridge/frame_meter.h"

using namespace basin;

namespace {

double busy_milliseconds(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < milliseconds) {
    }
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

}  // namespace

class FrameMeterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void counts_frames();
    void work_outside_of_events_is_none();
    void a_long_event_is_a_gap_and_a_long_frame();
    void nested_events_are_counted_once();
    void forgets_when_cleared();
};

void FrameMeterTest::counts_frames()
{
    FrameMeter meter;
    for (int frame = 0; frame < 10; ++frame) {
        meter.enter();
        meter.leave();
        meter.frame();
    }
    QCOMPARE(meter.summary().frames, 10U);
}

void FrameMeterTest::work_outside_of_events_is_none()
{
    FrameMeter meter;
    meter.frame();
    const double waited = busy_milliseconds(20);  // as if the loop slept
    meter.frame();
    QVERIFY(meter.summary().longest_ms < waited);
    QCOMPARE(meter.summary().longest_ms, 0.0);
}

void FrameMeterTest::a_long_event_is_a_gap_and_a_long_frame()
{
    FrameMeter meter;
    meter.enter();
    const double worked = busy_milliseconds(20);
    meter.leave();
    meter.frame();
    const FrameMeter::Summary summary = meter.summary();
    QVERIFY(summary.longest_gap_ms >= worked);
    QVERIFY(summary.longest_ms >= worked);
    QCOMPARE(summary.share_within_16_ms, 0.0);
}

void FrameMeterTest::nested_events_are_counted_once()
{
    FrameMeter meter;
    QElapsedTimer whole;
    whole.start();
    meter.enter();
    meter.enter();
    busy_milliseconds(10);
    meter.leave();
    meter.frame();  // the poll is an event itself
    meter.leave();
    meter.frame();
    const double elapsed = static_cast<double>(whole.nsecsElapsed()) / 1e6;
    QVERIFY(meter.summary().longest_ms <= elapsed);
    QVERIFY(meter.summary().longest_ms >= 10);
}

void FrameMeterTest::forgets_when_cleared()
{
    FrameMeter meter;
    meter.frame();
    meter.clear();
    QCOMPARE(meter.summary().frames, 0U);
    QCOMPARE(meter.summary().share_within_16_ms, 1.0);
}

QTEST_APPLESS_MAIN(FrameMeterTest)
#include "frame_meter_test.moc"
