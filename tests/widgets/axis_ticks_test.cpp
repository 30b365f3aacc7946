// Where axes are labelled.
#include "widgets/plots/axis_ticks.h"

#include <QTest>

using namespace basin;

namespace {

QStringList labels(const Ticks& ticks)
{
    QStringList labels;
    for (const Ticks::Tick& tick : ticks.major) {
        labels << tick.label;
    }
    return labels;
}

}  // namespace

class AxisTicksTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void even_ticks_fill_the_axis()
    {
        QCOMPARE(labels(linear_ticks(0, 4, 10)),
                 QStringList({"0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0", "3.5", "4.0"}));
        QCOMPARE(labels(linear_ticks(0, 100, 6)), QStringList({"0", "20", "40", "60", "80", "100"}));
    }

    /// One label alone says where it is but not how far things are apart.
    void a_scale_has_two_labels()
    {
        QCOMPARE(labels(linear_ticks(0.055, 0.127, 3)), QStringList({"0.075", "0.100", "0.125"}));
        for (int i = 0; i < 10000; ++i) {
            const double low = 0.01 * i;
            const double high = low + 0.003 * (1 + i % 977);
            const auto count = linear_ticks(low, high, 3).major.size();
            QVERIFY2(count >= 2 && count <= 4, qPrintable(QString("%1 to %2: %3").arg(low).arg(high).arg(count)));
        }
    }

    void there_are_no_half_steps()
    {
        QCOMPARE(labels(linear_ticks(0, 4, 10, true)), QStringList({"0", "1", "2", "3", "4"}));
        QCOMPARE(labels(linear_ticks(0, 1, 10, true)), QStringList({"0", "1"}));
        QCOMPARE(linear_ticks(2.5, 4.5, 10, true).major.size(), std::size_t{2});
        QCOMPARE(labels(linear_ticks(0, 100, 6, true)), labels(linear_ticks(0, 100, 6)));
        // Between two steps there is nothing whole to say.
        QCOMPARE(labels(linear_ticks(2.2, 2.8, 4, true)), labels(linear_ticks(2.2, 2.8, 4)));
    }
};

QTEST_APPLESS_MAIN(AxisTicksTest)
#include "axis_ticks_test.moc"
