// Where LibTorch's threads run, as the system itself tells it.
#include <sched.h>

#include <QDir>
#include <QTest>
#include <set>
#include <thread>
#include <vector>

#include "core/compute/cores.h"
#include "core/network/threads.h"
#include "tests/core/network/golden.h"

using namespace basin;

namespace {

/// Cores that a thread of this process may run on; 0: the calling one.
std::set<int> cores_of(pid_t thread = 0)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    std::set<int> found;
    if (sched_getaffinity(thread, sizeof cores, &cores) != 0)
        return found;
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (CPU_ISSET(core, &cores))
            found.insert(core);
    }
    return found;
}

/// The cores of threads that have just one.
std::multiset<int> held_cores()
{
    std::multiset<int> held;
    for (const QString& thread : QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const std::set<int> cores = cores_of(thread.toInt());
        if (cores.size() == 1)
            held.insert(*cores.begin());
    }
    return held;
}

}  // namespace

/// Every test has a thread of its own, and so a team of its own, which ends with it.
class ThreadsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        if (core_count() < 2)
            QSKIP("a machine of one core has no teams");
    }

    void members_have_a_core_each_and_others_have_all()
    {
        std::multiset<int> held;
        std::set<int> own;
        unsigned of_a_new_thread = 0;
        std::thread([&] {
            use_threads(core_count());
            spread_threads(core_count());
            held = held_cores();
            own = cores_of();
            std::thread([&] { of_a_new_thread = std::thread::hardware_concurrency(); }).join();
        }).join();
        const std::set<int> all = cores_of();
        QVERIFY(held == std::multiset<int>(std::next(all.begin()), all.end()));
        QCOMPARE(own, all);
        QCOMPARE(of_a_new_thread, static_cast<unsigned>(core_count()));
    }

    void a_smaller_team_roams()
    {
        std::multiset<int> held{0};
        std::thread([&] {
            use_threads(core_count() - 1);
            spread_threads(core_count() - 1);
            held = held_cores();
        }).join();
        QVERIFY(held.empty());
    }

    void training_and_evaluating_spread_them_data()
    {
        QTest::addColumn<bool>("trains");
        QTest::newRow("a step") << true;
        QTest::newRow("metrics") << false;
    }
    void training_and_evaluating_spread_them()
    {
        QFETCH(bool, trains);
        std::multiset<int> before;
        std::multiset<int> held;
        std::set<int> own;
        std::thread([&] {
            const auto backend = make_cpu_backend(0);
            Params params(network_schema(golden::entry("mlp")));
            params.set("dataset", std::string("two_moons"));
            const auto objective = make_network_objective(golden::entry("mlp"), params, *backend, 1);
            std::vector<float> theta(objective->dim());
            std::vector<float> buffers(objective->buffer_layout().size());
            std::vector<float> gradient(theta.size());
            objective->start(theta, buffers, 1, {}, 1);
            before = held_cores();
            if (trains)
                objective->evaluate({.theta = theta.data(), .gradient = gradient.data()}, {}, {});
            else
                objective->metrics(theta, buffers);
            held = held_cores();
            own = cores_of();
        }).join();
        const std::set<int> all = cores_of();
        QVERIFY(before.empty());
        QVERIFY(held == std::multiset<int>(std::next(all.begin()), all.end()));
        QCOMPARE(own, all);
    }
};

QTEST_APPLESS_MAIN(ThreadsTest)
#include "threads_test.moc"
