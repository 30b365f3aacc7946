// The slice worker: coarse to fine, cancelled, gone on with, replaced, failing, destroyed in the middle.
#include <QTest>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <limits>
#include <mutex>

#include "core/run/slice_worker.h"
#include "fake_run.h"

using namespace basin;

namespace {

/// Lets as many evaluations through as it was told, and knows how many have come to it.
class Turnstile {
public:
    void pass()
    {
        std::unique_lock lock(mutex_);
        ++came_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return allowed_ > 0; });
        --allowed_;
    }
    void allow(int count)
    {
        const std::lock_guard lock(mutex_);
        allowed_ += count;
        changed_.notify_all();
    }
    void wait_for(int count)
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return came_ >= count; });
    }
    int came() const
    {
        const std::lock_guard lock(mutex_);
        return came_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    int allowed_ = 0;
    int came_ = 0;
};

constexpr int kAlways = 1 << 20;

double bowl(std::span<const double> theta)
{
    double sum = 0;
    for (std::size_t i = 0; i < theta.size(); ++i) {
        sum += static_cast<double>(i + 1) * theta[i] * theta[i];
    }
    return sum;
}

/// FakeObjective with a bowl for its values at points, each behind the turnstile; "broken" throws.
class Bowl : public FakeObjective {
public:
    Bowl(Backend& backend, Turnstile& turnstile)
        : FakeObjective(backend, std::make_shared<Gate>(true)), turnstile_(turnstile)
    {
    }
    std::vector<std::string> point_value_keys() const override { return {"loss", "broken"}; }
    std::unique_ptr<PointValues> point_values(std::span<const float>, const PointRequest& request) override
    {
        class Values : public PointValues {
        public:
            Values(Turnstile& turnstile, bool broken) : turnstile_(turnstile), broken_(broken) {}
            void at(std::span<const double> theta, std::span<double> values) override
            {
                turnstile_.pass();
                if (broken_) {
                    throw std::runtime_error("out of order\nat line 7");
                }
                values[0] = bowl(theta);
            }

        private:
            Turnstile& turnstile_;
            bool broken_;
        };
        check_values(request, point_value_keys());
        return std::make_unique<Values>(turnstile_, request.values[0] == "broken");
    }

private:
    Turnstile& turnstile_;
};

/// A worker and somebody who waits for its reports.
class Watched {
public:
    Watched()
    {
        SliceWorker::Parts parts;
        parts.backend = make_cpu_backend(1);
        parts.objective = std::make_unique<Bowl>(*parts.backend, turnstile);
        worker = std::make_unique<SliceWorker>(std::move(parts), [this] {
            const std::lock_guard lock(mutex_);
            ++reports_;
            came_.notify_all();
        });
    }
    ~Watched()
    {
        turnstile.allow(kAlways);
        worker.reset();  // before what its reports wake
    }

    /// The first report that this is true for.
    template <class Wanted>
    const SliceReport& until(Wanted&& wanted)
    {
        for (int seen = 0;;) {
            if (worker->reports().take() && wanted(worker->reports().front())) {
                return worker->reports().front();
            }
            std::unique_lock lock(mutex_);
            came_.wait(lock, [&] { return reports_ > seen; });
            seen = reports_;
        }
    }
    const SliceReport& until(std::uint64_t job, SliceStage stage)
    {
        return until([=](const SliceReport& report) { return report.job == job && report.stage == stage; });
    }

    Turnstile turnstile;
    std::unique_ptr<SliceWorker> worker;

private:
    std::mutex mutex_;
    std::condition_variable came_;
    int reports_ = 0;
};

SharedTheta theta(float a, float b, float c, float d)
{
    return std::make_shared<const std::vector<float>>(std::vector<float>{a, b, c, d});
}

SliceJob job(std::size_t count)
{
    SliceJob job;
    job.objective = "bowl";
    job.plane.kind = PlaneKind::points;
    job.plane.lanes = {
        {"SGD", {8}, {theta(1, 0, 0, 0)}}, {"SAM", {8}, {theta(0, 1, 0, 0)}}, {"fSGLD", {8}, {theta(0, 0, 1, 1)}}};
    job.axes = {{-1, 1, count}, {-1, 2, count}};
    job.points.values = {"loss"};
    return job;
}

Slice by_hand(const SliceReport& report)
{
    class Values : public PointValues {
    public:
        void at(std::span<const double> theta, std::span<double> values) override { values[0] = bowl(theta); }
    } values;
    Slice slice(*report.spec);
    slice.advance(values, &values, std::numeric_limits<std::size_t>::max());
    return slice;
}

}  // namespace

class SliceWorkerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_first_picture_comes_before_the_rest()
    {
        Watched watched;
        const std::uint64_t number = watched.worker->post(job(51));
        watched.turnstile.allow(9);
        const SliceReport first = watched.until([](const SliceReport& report) { return report.values.done == 9; });
        QCOMPARE(first.stage, SliceStage::points);
        QCOMPARE(first.job, number);
        QVERIFY(first.seconds_left >= 0);
        QVERIFY(std::abs(first.progress - 9.0 / 2601) < 1e-12);
        watched.turnstile.allow(kAlways);
        const SliceReport& last = watched.until(number, SliceStage::finished);
        QVERIFY(last.values.complete());
        QCOMPARE(last.values.arrays, by_hand(last).values().arrays);
        QCOMPARE(last.progress, 1.0);
        QCOMPARE(last.seconds_left, 0.0);
        QCOMPARE(last.spec->plane.marks.size(), std::size_t{3});
        QCOMPARE(last.spec->objective, std::string("bowl"));
    }

    void cancelling_stops_after_the_evaluation_in_hand_and_resuming_gives_the_same_bytes()
    {
        Watched watched;
        const std::uint64_t number = watched.worker->post(job(21));
        watched.turnstile.allow(5);
        watched.turnstile.wait_for(6);  // the sixth is in hand
        watched.worker->cancel();
        watched.turnstile.allow(kAlways);
        const SliceReport cancelled = watched.until(number, SliceStage::cancelled);
        QCOMPARE(cancelled.values.done, std::size_t{6});
        QCOMPARE(watched.turnstile.came(), 6);
        watched.worker->resume();
        const SliceReport& finished = watched.until(number, SliceStage::finished);
        QCOMPARE(finished.values.arrays, by_hand(finished).values().arrays);
        QCOMPARE(watched.turnstile.came(), 441);
        watched.worker->cancel();  // after the end nothing more happens
        watched.worker->resume();
        QVERIFY(!watched.worker->reports().take());
    }

    void resuming_before_the_evaluation_in_hand_has_ended_goes_on()
    {
        Watched watched;
        const std::uint64_t number = watched.worker->post(job(9));
        watched.turnstile.wait_for(1);
        watched.worker->cancel();
        watched.worker->resume();
        watched.turnstile.allow(kAlways);
        QVERIFY(watched.until(number, SliceStage::finished).values.complete());
    }

    void a_newer_job_takes_the_place_of_older_ones()
    {
        Watched watched;
        watched.worker->post(job(51));
        watched.turnstile.wait_for(1);
        watched.worker->post(job(31));
        const std::uint64_t newest = watched.worker->post(job(5));
        watched.turnstile.allow(kAlways);
        QVERIFY(watched.until(newest, SliceStage::finished).values.complete());
        QCOMPARE(watched.turnstile.came(), 1 + 25);  // nothing of the second one
    }

    void a_job_that_is_cancelled_while_it_waits_does_not_begin()
    {
        Watched watched;
        watched.worker->post(job(51));
        watched.turnstile.wait_for(1);
        const std::uint64_t second = watched.worker->post(job(5));
        watched.worker->cancel();
        watched.turnstile.allow(kAlways);
        const SliceReport& report = watched.until(second, SliceStage::cancelled);
        QCOMPARE(report.values.done, std::size_t{0});
        QCOMPARE(watched.turnstile.came(), 1);
        watched.worker->resume();
        QVERIFY(watched.until(second, SliceStage::finished).values.complete());
    }

    void a_saved_slice_goes_on()
    {
        Watched watched;
        watched.turnstile.allow(7);
        const std::uint64_t first = watched.worker->post(job(9));
        watched.turnstile.wait_for(8);
        watched.worker->cancel();
        watched.turnstile.allow(kAlways);
        const SliceReport half = watched.until(first, SliceStage::cancelled);
        QCOMPARE(half.values.done, std::size_t{8});
        SliceJob more;
        more.objective = "bowl";
        more.saved = SavedSlice{*half.spec, half.values};
        const SliceReport& whole = watched.until(watched.worker->post(more), SliceStage::finished);
        QCOMPARE(whole.values.arrays, by_hand(whole).values().arrays);
        QCOMPARE(watched.turnstile.came(), 81);
        more.objective = "another";
        const SliceReport& refused = watched.until(watched.worker->post(more), SliceStage::failed);
        QVERIFY(refused.message.starts_with("slice: is of another objective"));
    }

    void smoothed_values_are_evaluated_too()
    {
        Watched watched;
        watched.turnstile.allow(kAlways);
        SliceJob smooth = job(5);
        smooth.smoothing = {0.1, 3, "loss"};
        const SliceReport& report = watched.until(watched.worker->post(smooth), SliceStage::finished);
        QCOMPARE(report.values.arrays, by_hand(report).values().arrays);
        QCOMPARE(watched.turnstile.came(), 25 * 7);
    }

    void failures_are_sentences_and_the_next_job_works_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("said");
        QTest::newRow("an evaluation throws") << 0 << "out of order";
        QTest::newRow("equal solutions") << 1
                                         << "directions[0]: is zero, so it leads nowhere; choose points that differ";
        QTest::newRow("unknown value")
            << 2 << "values: this objective has no value at points \"los\"; did you mean \"loss\"?";
        QTest::newRow("no Hessian") << 3 << "kind: this objective has no second derivatives; choose random directions";
        QTest::newRow("an axis that goes nowhere")
            << 4 << "axes[0]: goes from 1 to 1; it must go from a finite number to a larger one";
        QTest::newRow("no lane") << 5 << "lanes: a slice of kind points needs 3, and there are 0";
    }
    void failures_are_sentences_and_the_next_job_works()
    {
        QFETCH(int, which);
        QFETCH(QString, said);
        Watched watched;
        watched.turnstile.allow(kAlways);
        SliceJob bad = job(9);
        switch (which) {
            case 0:
                bad.points.values = {"broken"};
                break;
            case 1:
                bad.plane.lanes[1].thetas = bad.plane.lanes[0].thetas;
                break;
            case 2:
                bad.points.values = {"los"};
                break;
            case 3:
                bad.plane.kind = PlaneKind::hessian_top;
                break;
            case 4:
                bad.axes[0] = {1, 1, 5};
                break;
            default:
                bad.plane.lanes.clear();
        }
        const SliceReport& report = watched.until(watched.worker->post(bad), SliceStage::failed);
        QCOMPARE(QString::fromStdString(report.message), said);
        const std::uint64_t good = watched.worker->post(job(5));
        QVERIFY(watched.until(good, SliceStage::finished).values.complete());
    }

    void it_may_be_destroyed_in_the_middle()
    {
        Watched watched;
        watched.turnstile.allow(kAlways);
        watched.worker->post(job(2001));
        const SliceReport begun = watched.until([](const SliceReport& report) { return report.values.done > 0; });
        QVERIFY(!begun.values.complete());
        watched.worker.reset();
        QVERIFY(watched.turnstile.came() < 2001 * 2001);

        Watched other;  // and before a job that was just posted has begun
        other.turnstile.allow(kAlways);
        other.worker->post(job(2001));
        other.worker.reset();
    }

    void in_any_order_it_ends()
    {
        Watched watched;
        watched.turnstile.allow(kAlways);
        std::uint64_t number = 0;
        for (int i = 0; i < 300; ++i) {
            switch (i * 7 % 5) {
                case 0:
                case 1:
                    number = watched.worker->post(job(static_cast<std::size_t>(5 + i % 9)));
                    break;
                case 2:
                    watched.worker->cancel();
                    break;
                case 3:
                    watched.worker->resume();
                    break;
                default:
                    watched.worker->reports().take();
            }
        }
        number = watched.worker->post(job(7));
        const SliceReport& report = watched.until(number, SliceStage::finished);
        QCOMPARE(report.values.arrays, by_hand(report).values().arrays);
    }
};

QTEST_APPLESS_MAIN(SliceWorkerTest)
#include "slice_worker_test.moc"
