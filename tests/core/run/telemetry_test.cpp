// Ring and mailbox between two threads: nothing lost, nothing torn, nothing old after something new.
#include <QtTest/QTest>
#include <array>
#include <cstdint>
#include <thread>
#include <vector>

#include "core/run/telemetry.h"

class TelemetryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_ring_gives_back_what_was_put_in_order()
    {
        basin::Ring<int> ring(4);
        QCOMPARE(ring.free_space(), std::size_t{4});
        for (int i = 0; i < 4; ++i) {
            QVERIFY(ring.push(i));
        }
        QVERIFY(!ring.push(4));
        QCOMPARE(ring.free_space(), std::size_t{0});
        std::array<int, 3> out{};
        QCOMPARE(ring.pop(out), std::size_t{3});
        QCOMPARE(out, (std::array<int, 3>{0, 1, 2}));
        QVERIFY(ring.push(4));
        QCOMPARE(ring.pop(out), std::size_t{2});
        QCOMPARE(out[0], 3);
        QCOMPARE(out[1], 4);
        QCOMPARE(ring.pop(out), std::size_t{0});
    }

    void a_ring_between_threads_loses_nothing()
    {
        constexpr std::uint64_t kCount = 200000;
        basin::Ring<std::uint64_t> ring(64);
        std::jthread writer([&ring] {
            for (std::uint64_t i = 0; i < kCount;) {
                if (ring.push(i)) {
                    ++i;
                } else {
                    std::this_thread::yield();
                }
            }
        });
        std::array<std::uint64_t, 17> out{};
        std::uint64_t expected = 0;
        while (expected < kCount) {
            const std::size_t count = ring.pop(out);
            for (std::size_t i = 0; i < count; ++i) {
                if (out[i] != expected++) {
                    QFAIL("out of order");
                }
            }
            if (count == 0) {
                std::this_thread::yield();
            }
        }
    }

    void a_mailbox_gives_the_newest_whole_value()
    {
        basin::Mailbox<int> mailbox;
        QVERIFY(!mailbox.take());
        mailbox.back() = 1;
        mailbox.publish();
        QVERIFY(mailbox.waiting());
        mailbox.back() = 2;
        mailbox.publish();
        QVERIFY(mailbox.take());
        QVERIFY(!mailbox.waiting());
        QCOMPARE(mailbox.front(), 2);
        QVERIFY(!mailbox.take());
        QCOMPARE(mailbox.front(), 2);
    }

    void a_mailbox_between_threads_is_never_torn_nor_goes_back()
    {
        constexpr std::uint64_t kCount = 100000;
        basin::Mailbox<std::vector<std::uint64_t>> mailbox;
        std::jthread writer([&mailbox] {
            for (std::uint64_t i = 1; i <= kCount; ++i) {
                mailbox.back().assign(8, i);
                mailbox.publish();
            }
        });
        std::uint64_t newest = 0;
        while (newest < kCount) {
            if (!mailbox.take()) {
                std::this_thread::yield();
                continue;
            }
            const std::vector<std::uint64_t>& value = mailbox.front();
            if (value.size() != 8 || value.front() != value.back() || value.front() <= newest) {
                QFAIL("torn or old");
            }
            newest = value.front();
        }
    }
};

QTEST_APPLESS_MAIN(TelemetryTest)
#include "telemetry_test.moc"
