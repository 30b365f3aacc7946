#include "core/compute/thread_pool.h"

#include <sys/resource.h>

#include <QTest>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/compute/thread_priority.h"

using namespace basin;

class ThreadPoolTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_thread_and_its_own_give_way()
    {
        int inner = 0;
        int outer = 0;
        std::thread([&] {
            let_others_go_first();
            outer = getpriority(PRIO_PROCESS, 0);
            std::thread([&inner] { inner = getpriority(PRIO_PROCESS, 0); }).join();
        }).join();
#ifdef __linux__
        QVERIFY(outer >= 10);
        QCOMPARE(inner, outer);
        QVERIFY(getpriority(PRIO_PROCESS, 0) <= outer);
#endif
    }
    void every_task_runs_once()
    {
        for (const int threads : {1, 2, 3, 8}) {
            ThreadPool pool(threads);
            QCOMPARE(pool.threads(), threads);
            for (const std::size_t tasks : {0U, 1U, 2U, 7U, 1000U}) {
                std::vector<std::atomic<int>> runs(tasks);
                pool.run(tasks, [&](std::size_t task) { ++runs[task]; });
                for (const auto& count : runs) {
                    QCOMPARE(count.load(), 1);
                }
            }
        }
    }

    // Short calls in a row: helpers that come late must find neither an old call nor half a new one.
    void many_short_calls()
    {
        ThreadPool pool(4);
        std::uint64_t expected = 0;
        std::atomic<std::uint64_t> sum{0};
        for (std::size_t call = 0; call < 20000; ++call) {
            const std::size_t tasks = 1 + call % 5;
            const auto add = [&, call](std::size_t task) { sum += call * task; };
            pool.run(tasks, add);
            for (std::size_t task = 0; task < tasks; ++task) {
                expected += call * task;
            }
            QCOMPARE(sum.load(), expected);
        }
    }

    void the_first_exception_by_task_comes_out_and_the_rest_runs()
    {
        ThreadPool pool(3);
        std::atomic<int> runs{0};
        try {
            pool.run(100, [&](std::size_t task) {
                ++runs;
                if (task % 10 == 7) {
                    throw std::runtime_error("task " + std::to_string(task));
                }
            });
            QFAIL("no exception");
        } catch (const std::runtime_error& error) {
            QCOMPARE(std::string(error.what()), std::string("task 7"));
        }
        QCOMPARE(runs.load(), 100);
        pool.run(10, [&](std::size_t) { ++runs; });
        QCOMPARE(runs.load(), 110);
    }

    void it_ends_while_its_threads_sleep_or_look()
    {
        for (int i = 0; i < 200; ++i) {
            ThreadPool pool(3);
            pool.run(static_cast<std::size_t>(i % 3), [](std::size_t) {});
        }
    }
};

QTEST_APPLESS_MAIN(ThreadPoolTest)
#include "thread_pool_test.moc"
