// What is recorded, when, and when not; the recording is pretended: it keeps the work and does it again.
#include <QtTest>

#include <stdexcept>
#include <vector>

#include "core/network/evaluation_graphs.h"

namespace {

using namespace basin;

struct Log {
    int made = 0;
    int captured = 0;
    int replayed = 0;
    std::vector<StepGraph*> beside{};
    bool refuses = false;
};

class PretendedGraph : public StepGraph {
public:
    explicit PretendedGraph(Log& log) : log_(log) { ++log_.made; }
    void capture(const std::function<void()>& work) override
    {
        if (log_.refuses) {
            throw std::runtime_error("this cannot be recorded");
        }
        ++log_.captured;
        work_ = work;
    }
    void replay() override
    {
        ++log_.replayed;
        work_();
    }

private:
    Log& log_;
    std::function<void()> work_;
};

MakeStepGraph make(Log& log)
{
    return [&log](StepGraph* beside) {
        log.beside.push_back(beside);
        return std::make_unique<PretendedGraph>(log);
    };
}

class EvaluationGraphsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void warms_up_records_and_repeats()
    {
        Log log;
        EvaluationGraphs graphs(make(log));
        int done = 0;
        const std::function<void()> work = [&done] { ++done; };
        for (int i = 0; i < EvaluationGraphs::kWarmUp; ++i) {
            graphs.run(arrays(), {}, 128, work);
        }
        QCOMPARE(log.made, 0);
        QCOMPARE(done, EvaluationGraphs::kWarmUp);
        for (int i = 0; i < 5; ++i) {
            graphs.run(arrays(), {}, 128, work);
        }
        QCOMPARE(log.captured, 1);
        QCOMPARE(log.replayed, 5);
        QCOMPARE(done, EvaluationGraphs::kWarmUp + 5);  // recording did nothing of it
        QCOMPARE(graphs.recorded(), std::size_t{1});
    }

    void other_arrays_wishes_and_sizes_are_recorded_apart()
    {
        Log log;
        EvaluationGraphs graphs(make(log));
        float elsewhere = 0;
        EvaluationArrays other = arrays();
        other.gradient = &elsewhere;
        for (int i = 0; i <= EvaluationGraphs::kWarmUp; ++i) {
            graphs.run(arrays(), {}, 128, [] {});
            graphs.run(other, {}, 128, [] {});
            graphs.run(arrays(), {.losses = true}, 128, [] {});
            graphs.run(arrays(), {}, 96, [] {});
        }
        QCOMPARE(graphs.recorded(), std::size_t{4});
        QVERIFY(log.beside[0] == nullptr);
        QVERIFY(log.beside[1] != nullptr);  // and shares its memory
    }

    void what_cannot_be_recorded_runs_as_it_is()
    {
        Log log;
        log.refuses = true;
        EvaluationGraphs graphs(make(log));
        int done = 0;
        for (int i = 0; i < 10; ++i) {
            graphs.run(arrays(), {}, 128, [&done] { ++done; });
        }
        QCOMPARE(done, 10);
        QCOMPARE(log.made, 1);  // tried once
        QCOMPARE(graphs.recorded(), std::size_t{0});
    }

    void without_a_recorder_everything_runs()
    {
        int asked = 0;
        EvaluationGraphs graphs([&asked](StepGraph*) {
            ++asked;
            return std::unique_ptr<StepGraph>();
        });
        EvaluationGraphs none{MakeStepGraph()};
        int done = 0;
        for (int i = 0; i < 10; ++i) {
            graphs.run(arrays(), {}, 128, [&done] { ++done; });
            none.run(arrays(), {}, 128, [&done] { ++done; });
        }
        QCOMPARE(done, 20);
        QCOMPARE(asked, 1);
    }

    void keeps_no_more_than_it_may()
    {
        Log log;
        EvaluationGraphs graphs(make(log));
        for (int size = 0; size < 50; ++size) {
            for (int i = 0; i <= EvaluationGraphs::kWarmUp; ++i) {
                graphs.run(arrays(), {}, size, [] {});
            }
        }
        QCOMPARE(graphs.recorded(), EvaluationGraphs::kMost);
    }

private:
    EvaluationArrays arrays() { return {.theta = &theta_, .losses = &loss_, .gradient = &gradient_}; }

    float theta_ = 0;
    float loss_ = 0;
    float gradient_ = 0;
};

}  // namespace

QTEST_APPLESS_MAIN(EvaluationGraphsTest)
#include "evaluation_graphs_test.moc"
