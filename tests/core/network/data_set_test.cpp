// Subsets, batches, label noise, scaling and moons. golden/network.json holds what golden/make_network.py computes with
// Philox, shuffling and noise of its own; seed, file sizes and rate are written there.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "core/network/data/batch_order.h"
#include "core/network/data/data_set.h"
#include "core/network/data/label_noise.h"
#include "core/network/data/permutation.h"
#include "core/network/data/two_moons.h"
#include "tests/core/network/golden.h"
#include "tests/core/network/idx_files.h"

using namespace basin;
using idx_files::refusal;

namespace {

template <class T>
std::vector<double> doubles(const T& values)
{
    return {values.begin(), values.end()};
}

}  // namespace

class DataSetTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    golden::Network golden_;

private Q_SLOTS:
    void initTestCase() { golden_.write_files(folder_); }

    void a_permutation_has_every_index_once()
    {
        for (const std::size_t count : {1U, 2U, 3U, 128U, 1001U}) {
            std::vector<std::uint32_t> order = permutation({5, Stream::batch, 3, 0, 0}, count);
            std::sort(order.begin(), order.end());
            std::vector<std::uint32_t> expected(count);
            std::iota(expected.begin(), expected.end(), 0U);
            QCOMPARE(order, expected);
        }
        QVERIFY(permutation({5, Stream::batch, 3, 0, 0}, 0).empty());
    }

    // Each of the 24 orders of 4 has expectation 1,000; chi-square with 23 degrees of freedom exceeds 49.7 once in
    // 1,000 seeds, and this seed is fixed.
    void permutations_are_uniform()
    {
        std::map<std::vector<std::uint32_t>, int> counts;
        for (std::uint32_t i = 0; i < 24000; ++i)
            ++counts[permutation({1, Stream::batch, i, 0, 0}, 4)];
        QCOMPARE(counts.size(), 24U);
        double chi = 0;
        for (const auto& [order, count] : counts)
            chi += (count - 1000.0) * (count - 1000.0) / 1000.0;
        QVERIFY2(chi < 49.7, qPrintable(QString::number(chi)));
    }

    void an_epoch_visits_every_example_once()
    {
        BatchOrder order(1000, 128);
        QCOMPARE(order.steps_per_epoch(), 8U);
        for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
            std::set<std::uint32_t> seen;
            std::size_t total = 0;
            for (std::uint64_t step = 8 * epoch; step < 8 * epoch + 8; ++step) {
                const auto batch = order.batch({42, step, 0, 0});
                QCOMPARE(batch.size(), step % 8 == 7 ? 104U : 128U);
                QCOMPARE(order.batch_size(step), batch.size());
                seen.insert(batch.begin(), batch.end());
                total += batch.size();
            }
            QCOMPARE(total, 1000U);
            QCOMPARE(seen.size(), 1000U);
            QVERIFY(*seen.rbegin() == 999U);
        }
    }

    void a_batch_is_a_pure_function_of_its_key()
    {
        BatchOrder forwards(500, 64);
        BatchOrder backwards(500, 64);
        std::vector<std::vector<std::uint32_t>> batches;
        for (std::uint64_t step = 0; step < 100; ++step) {
            const auto batch = forwards.batch({9, step, static_cast<std::uint32_t>(step % 11), 0});
            batches.emplace_back(batch.begin(), batch.end());
        }
        for (std::uint64_t step = 100; step-- > 0;) {
            const auto batch = backwards.batch({9, step, static_cast<std::uint32_t>(step % 11), 0});
            QVERIFY(std::equal(batch.begin(), batch.end(), batches[step].begin(), batches[step].end()));
        }
        const auto first = [&](BatchKey key) { return doubles(forwards.batch(key)); };
        QVERIFY(first({9, 0, 0, 0}) != first({9, 8, 0, 0}));  // another epoch
        QVERIFY(first({9, 0, 0, 0}) != first({9, 0, 1, 0}));  // another draw
        QVERIFY(first({9, 0, 0, 0}) != first({9, 0, 0, 1}));  // a lane with noise of its own
        QVERIFY(first({9, 0, 0, 0}) != first({10, 0, 0, 0}));
    }

    void batches_subset_and_noise_are_those_of_the_python_script()
    {
        const DataSet data = make_data_set(golden_.params(folder_, "mnist"), golden_.seed());
        QCOMPARE(doubles(data.train.labels), golden_.numbers("given_labels"));
        QCOMPARE(doubles(data.true_labels), golden_.numbers("true_labels"));
        const std::vector<double> given = golden_.numbers("given_labels");
        const std::vector<double> truth = golden_.numbers("true_labels");
        std::size_t different = 0;
        for (std::size_t i = 0; i < given.size(); ++i)
            different += given[i] != truth[i] ? 1 : 0;
        QCOMPARE(data.flipped, different);
        // Sums of some 25,000 integers are exact in double; the two roundings that follow differ by 1e-15 at most.
        QVERIFY(std::abs(data.mean - golden_.number("mean")) < 1e-11);
        QVERIFY(std::abs(data.deviation - golden_.number("deviation")) < 1e-11);
        BatchOrder order(data.train.size(), static_cast<std::size_t>(golden_.number("batch_size")));
        for (int step = 0; step < golden_.root["batches"].toArray().size(); ++step)
            QCOMPARE(doubles(order.batch({golden_.seed(), static_cast<std::uint64_t>(step), 0, 0})),
                     golden::numbers(golden_.root["batches"].toArray()[step]));
    }

    void training_inputs_have_mean_0_and_deviation_1()
    {
        const DataSet data = make_data_set(golden_.params(folder_, "mnist"), golden_.seed());
        double sum = 0;
        double squares = 0;
        for (const float x : data.train.inputs) {
            sum += static_cast<double>(x);
            squares += static_cast<double>(x) * static_cast<double>(x);
        }
        const auto count = static_cast<double>(data.train.inputs.size());
        QVERIFY(std::abs(sum / count) < 1e-6);  // each float is rounded by 1e-7 at most
        QVERIFY(std::abs(squares / count - 1) < 1e-6);
        QCOMPARE(data.file_hashes.size(), 4U);
        QCOMPARE(data.file_hashes[0].first, std::string("train-images-idx3-ubyte"));
        QCOMPARE(data.file_hashes[0].second.size(), 64U);
    }

    // 100,000 labels at rate 0.3: the standard error of the share is 0.0015 and that of each wrong class's count 57
    // (30,000 x 1/9 x 8/9, its root); 4.5 of them, fixed seed.
    void symmetric_noise_has_its_rate_and_spares_no_wrong_class()
    {
        const std::size_t count = 100000;
        std::vector<std::uint32_t> numbers(count);
        std::iota(numbers.begin(), numbers.end(), 0U);
        std::vector<std::int64_t> labels(count, 4);
        const std::size_t flipped = flip_labels(labels, numbers, 10, 0.3, 11);
        std::vector<double> counts(10);
        for (const std::int64_t label : labels)
            ++counts[static_cast<std::size_t>(label)];
        QCOMPARE(flipped, count - static_cast<std::size_t>(counts[4]));
        QVERIFY(std::abs(static_cast<double>(flipped) / 1e5 - 0.3) < 4.5 * 0.0015);
        for (std::size_t c = 0; c < 10; ++c)
            if (c != 4)
                QVERIFY2(std::abs(counts[c] - 30000.0 / 9) < 4.5 * 57, qPrintable(QString::number(counts[c])));
    }

    void noise_depends_on_seed_and_example_only()
    {
        const std::vector<std::int64_t> clean(1000, 0);
        std::vector<std::uint32_t> numbers(1000);
        std::iota(numbers.begin(), numbers.end(), 0U);
        const auto flip = [&](std::span<const std::uint32_t> which, double rate, std::uint64_t seed) {
            std::vector<std::int64_t> labels(which.size(), 0);
            flip_labels(labels, which, 10, rate, seed);
            return labels;
        };
        const std::vector<std::int64_t> all = flip(numbers, 0.5, 3);
        QCOMPARE(flip(numbers, 0.5, 3), all);
        QVERIFY(flip(numbers, 0.5, 4) != all);
        QCOMPARE(flip(std::span(numbers).subspan(200, 5), 0.5, 3), std::vector(all.begin() + 200, all.begin() + 205));
        QCOMPARE(flip(numbers, 0, 3), clean);
        const std::vector<std::int64_t> every = flip(numbers, 1, 3);
        QCOMPARE(std::count(every.begin(), every.end(), 0), 0);
    }

    void moons_lie_on_their_half_circles()
    {
        const Moons moons = two_moons(2001, 0, 8, 0);
        QCOMPARE(std::count(moons.labels.begin(), moons.labels.end(), 1), 1000);
        float lowest = 9;
        float highest = -9;
        for (std::size_t i = 0; i < moons.labels.size(); ++i) {
            const bool second = moons.labels[i] == 1;
            const float x = second ? 1 - moons.points[2 * i] : moons.points[2 * i];
            const float y = second ? 0.5F - moons.points[2 * i + 1] : moons.points[2 * i + 1];
            QVERIFY(std::abs(x * x + y * y - 1) < 1e-5F && y > -1e-5F);  // float sine and cosine
            lowest = std::min(lowest, x);
            highest = std::max(highest, x);
        }
        QVERIFY(lowest < -0.99F && highest > 0.99F);
        QVERIFY(two_moons(50, 0.1, 8, 0).points == two_moons(50, 0.1, 8, 0).points);
        QVERIFY(two_moons(50, 0.1, 8, 0).points != two_moons(50, 0.1, 8, 1).points);  // test points are others
        QVERIFY(two_moons(50, 0.1, 9, 0).points != two_moons(50, 0.1, 8, 0).points);
    }

    // Deviation of the noise from 20,000 coordinates: standard error 0.2 * sqrt(1 / 40,000) = 0.001; 4.5 of them.
    void moons_have_the_noise_they_are_given()
    {
        const Moons sharp = two_moons(10000, 0, 8, 0);
        const Moons noisy = two_moons(10000, 0.2, 8, 0);
        double squares = 0;
        for (std::size_t i = 0; i < sharp.points.size(); ++i)
            squares += std::pow(static_cast<double>(noisy.points[i] - sharp.points[i]), 2);
        QVERIFY(std::abs(std::sqrt(squares / 20000) - 0.2) < 0.0045);
    }

    void sizes_that_do_not_fit_are_named()
    {
        Params params = golden_.params(folder_, "mnist");
        params.set("train_size", std::int64_t{41});
        QCOMPARE(
            refusal([&] { std::ignore = make_data_set(params, 1); }),
            QString("train_size: 41 examples are wanted, but mnist has 40 for training; give fewer, or 0 for all"));
        params.set("train_size", std::int64_t{10});
        QCOMPARE(refusal([&] { std::ignore = make_data_set(params, 1); }),
                 QString("batch_size: 12 is more than the 10 training examples; give at most that"));
        params.set("folder", std::string());
        QVERIFY(
            refusal([&] { std::ignore = make_data_set(params, 1); }).startsWith("folder: mnist is looked for nowhere"));
    }
};

QTEST_APPLESS_MAIN(DataSetTest)
#include "data_set_test.moc"
