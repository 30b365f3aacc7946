// Batches by the CPU's way and by the GPU's, plain and augmented. golden/network.json has what golden/make_network.py
// makes of the images with NumPy.
#include <QTest>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "tests/core/network/batch_tensors.h"
#include "tests/core/network/golden.h"

using namespace basin;
using batch_tensors::Maker;
using batch_tensors::Numbers;
using batch_tensors::Way;

namespace {

/// Numbers that differ everywhere.
DataSet made_set(std::size_t examples, std::vector<std::int64_t> shape)
{
    DataSet set;
    set.classes = 10;
    set.example_shape = std::move(shape);
    std::size_t size = 1;
    for (const std::int64_t extent : set.example_shape)
        size *= static_cast<std::size_t>(extent);
    for (std::size_t i = 0; i < examples * size; ++i)
        set.train.inputs.push_back(static_cast<float>(i));
    for (std::size_t i = 0; i < examples; ++i)
        set.train.labels.push_back(static_cast<std::int64_t>(i % 10));
    return set;
}

}  // namespace

class BatchesTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    golden::Network golden_;

    Params params(bool augmented) const
    {
        Params params = golden_.params(folder_, "mnist");
        if (augmented)
            params.set("augmentation.kind", std::string("crop_flip"));
        return params;
    }
    DataSet data(bool augmented) const { return make_data_set(params(augmented), golden_.seed()); }
    std::size_t batch_size() const { return static_cast<std::size_t>(golden_.number("batch_size")); }

private Q_SLOTS:
    void initTestCase() { golden_.write_files(folder_); }

    void a_gpu_would_look_at_the_same_bytes_data()
    {
        QTest::addColumn<int>("examples");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("padding");  // -1: not augmented
        QTest::newRow("points") << 100 << 0 << -1;
        QTest::newRow("points, whole batches") << 64 << 0 << -1;
        QTest::newRow("images") << 100 << 3 << -1;
        QTest::newRow("mirrored") << 100 << 3 << 0;
        QTest::newRow("augmented") << 100 << 3 << 2;
        QTest::newRow("augmented, whole batches") << 64 << 1 << 4;
        QTest::newRow("one pixel may be left") << 100 << 2 << 5;
        QTest::newRow("nothing may be left") << 100 << 2 << 9;
    }
    void a_gpu_would_look_at_the_same_bytes()
    {
        QFETCH(int, examples);
        QFETCH(int, channels);
        QFETCH(int, padding);
        DataSet set =
            made_set(static_cast<std::size_t>(examples),
                     channels == 0 ? std::vector<std::int64_t>{2} : std::vector<std::int64_t>{channels, 6, 8});
        if (padding >= 0)
            set.crop_flip = CropFlip{padding, -0.25F};
        Maker cpu(set, 32, Way::cpu);  // the last batch of an epoch of 100 has 4
        Maker gpu(set, 32, Way::gpu);
        for (std::uint64_t step = 0; step < 3 * cpu.steps_per_epoch(); ++step) {
            const BatchKey key{.seed = 3, .step = step};
            const Numbers batch = cpu.batch(key);
            QVERIFY(batch == gpu.batch(key));
            QCOMPARE(batch.labels.size(),
                     std::min<std::size_t>(32, set.train.size() - 32 * (step % cpu.steps_per_epoch())));
        }
    }

    /// Floats of numbers below 2, each rounded once here and not at all there.
    void an_augmented_image_is_numpy_s()
    {
        for (const Way way : {Way::cpu, Way::gpu}) {
            Maker maker(data(true), batch_size(), way);
            const std::vector<float> inputs = maker.batch({.seed = golden_.seed(), .step = 4}).inputs;
            const std::vector<double> expected = golden::numbers(golden_.root["augmentation"].toObject()["batch"]);
            QCOMPARE(expected.size(), 784U);
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY(std::abs(static_cast<double>(inputs[7 * 784 + i]) - expected[i]) < 2e-7);
        }
    }

    /// Of every image in every batch of two epochs and a third's first: cut out of the data as it is.
    void windows_are_those_of_the_python_script()
    {
        const DataSet plain = data(false);
        Maker without(plain, batch_size(), Way::cpu);
        Maker with(data(true), batch_size(), Way::cpu);
        const float black = data(true).crop_flip->black;
        const QJsonArray windows = golden_.root["augmentation"].toObject()["windows"].toArray();
        QCOMPARE(windows.size(), 7);
        for (int step = 0; step < windows.size(); ++step) {
            const BatchKey key{.seed = golden_.seed(), .step = static_cast<std::uint64_t>(step)};
            const Numbers original = without.batch(key);
            const Numbers changed = with.batch(key);
            QVERIFY(original.labels == changed.labels);
            QCOMPARE(static_cast<qsizetype>(original.labels.size()), windows[step].toArray().size());
            for (int n = 0; n < windows[step].toArray().size(); ++n) {
                const std::vector<double> window = golden::numbers(windows[step].toArray()[n]);
                for (int r = 0; r < 28; ++r)
                    for (int c = 0; c < 28; ++c) {
                        const int row = r + static_cast<int>(window[0]) - 4;
                        const int column = (window[2] != 0 ? 27 - c : c) + static_cast<int>(window[1]) - 4;
                        const bool inside = row >= 0 && row < 28 && column >= 0 && column < 28;
                        const auto at = [n](int i, int j) { return static_cast<std::size_t>((n * 28 + i) * 28 + j); };
                        QCOMPARE(changed.inputs[at(r, c)], inside ? original.inputs[at(row, column)] : black);
                    }
            }
        }
    }

    /// Whatever was asked for in between, as when a run is resumed in the middle of an epoch.
    void an_augmented_batch_is_a_pure_function_of_its_key()
    {
        Maker forwards(data(true), batch_size(), Way::cpu);
        std::vector<Numbers> batches;
        for (std::uint64_t step = 0; step < 40; ++step)
            batches.push_back(forwards.batch({.seed = 9, .step = step, .draw = static_cast<std::uint32_t>(step % 11)}));
        for (const Way way : {Way::cpu, Way::gpu}) {
            Maker backwards(data(true), batch_size(), way);
            for (std::uint64_t step = 40; step-- > 0;)
                QVERIFY(backwards.batch({.seed = 9, .step = step, .draw = static_cast<std::uint32_t>(step % 11)}) ==
                        batches[step]);
        }
    }
};

QTEST_APPLESS_MAIN(BatchesTest)
#include "batches_test.moc"
