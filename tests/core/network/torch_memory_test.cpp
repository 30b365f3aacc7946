// What a network is reckoned to need against what it takes, and what happens when there is not so much.
#include <QTest>

#include "tests/core/network/golden.h"
#include "tests/core/network/torch_memory.h"

using namespace basin;
using golden::entry;
using torch_memory::Case;

namespace {

std::vector<Case> cases()
{
    const std::vector<std::int64_t> image{1, 28, 28};
    return {{.network = "mlp", .example_shape = {784}, .widths = {256, 64}, .examples = 128},
            {.network = "mlp", .example_shape = {784}, .widths = {2000, 50}, .examples = 16},  // gradients are the most
            {.network = "mlp", .example_shape = {2}, .widths = {64, 64}, .loss = "squared_error", .examples = 1000},
            {.network = "logistic_regression", .example_shape = image, .examples = 300},
            {.network = "lenet", .example_shape = image, .examples = 128},
            {.network = "lenet", .example_shape = image, .loss = "squared_error", .examples = 37},
            {.network = "lenet", .example_shape = image, .examples = 500, .gradient = false},
            {.network = "resnet", .example_shape = image, .examples = 32, .variant = "resnet20"},
            {.network = "resnet", .example_shape = {3, 12, 12}, .examples = 16, .variant = "resnet18"},
            {.network = "resnet", .example_shape = image, .examples = 100, .gradient = false, .variant = "resnet20"}};
}

}  // namespace

class TorchMemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void an_estimate_is_what_is_measured_data()
    {
        QTest::addColumn<int>("which");
        for (int i = 0; i < static_cast<int>(cases().size()); ++i) {
            QTest::addRow("%d: %s", i, cases()[static_cast<std::size_t>(i)].network.c_str()) << i;
        }
    }

    /// Both count the same kind of tensors, one with 4 and 8 examples, the other with all: a twentieth is for what
    /// LibTorch does differently with more of them.
    void an_estimate_is_what_is_measured()
    {
        QFETCH(int, which);
        const Case what = cases()[static_cast<std::size_t>(which)];
        const auto estimated = static_cast<double>(torch_memory::estimated(what));
        const auto measured = static_cast<double>(torch_memory::measured(what));
        QVERIFY2(std::abs(estimated - measured) <= 0.05 * measured,
                 qPrintable(QStringLiteral("%1 estimated, %2 measured").arg(estimated).arg(measured)));
    }

    /// Affine layers of n examples keep their outputs (ReLU writes over them) until the backward pass comes by, and the
    /// largest moment has at least the gradients of all parameters but the first's; at most twice all of it.
    void an_estimate_has_the_size_that_the_layers_say()
    {
        const Case what{.network = "mlp", .example_shape = {784}, .widths = {512, 256}, .examples = 4096};
        const double outputs = 4096.0 * (512 + 256 + 10) * sizeof(float);
        const double parameters = (784.0 * 512 + 512 + 512.0 * 256 + 256 + 256.0 * 10 + 10) * sizeof(float);
        const auto estimated = static_cast<double>(torch_memory::estimated(what));
        QVERIFY2(estimated > outputs && estimated < 2 * (outputs + parameters), qPrintable(QString::number(estimated)));
    }

    void an_objective_says_what_it_needs()
    {
        const QTemporaryDir folder;
        const golden::Network golden;
        golden.write_files(folder);
        const auto backend = make_cpu_backend(1);
        const auto objective =
            make_network_objective(entry("lenet"), golden.params(folder, "mnist"), *backend, golden.seed());
        const MemoryNeed need = objective->memory();
        const auto examples = static_cast<std::uint64_t>(golden.number("train_size") + golden.number("test"));
        QCOMPARE(need.data, examples * (28 * 28 * sizeof(float) + sizeof(std::int64_t)));
        QVERIFY(need.evaluation > objective->dim() * sizeof(float));
    }

    void an_allocator_that_gives_up_is_said_in_words()
    {
        const QTemporaryDir folder;
        const golden::Network golden;
        golden.write_files(folder);
        const auto backend = make_cpu_backend(1);
        const auto objective =
            make_network_objective(entry("lenet"), golden.params(folder, "mnist"), *backend, golden.seed());
        std::vector<float> theta(objective->dim());
        std::vector<float> gradient(objective->dim());
        objective->start(theta, {}, 1, {}, golden.seed());
        float loss = 0;
        const EvaluationArrays arrays{.theta = theta.data(), .losses = &loss, .gradient = gradient.data()};
        const BatchKey key{.seed = golden.seed()};
        objective->evaluate(arrays, key, {.losses = true});
        const float expected = loss;
        {
            const torch_memory::Limit limit(1000);
            const auto sentence = [&](Want want) {
                try {
                    objective->evaluate(arrays, key, want);
                } catch (const OutOfMemory& error) {
                    return QString::fromUtf8(error.what());
                }
                return QString();
            };
            QCOMPARE(sentence({.losses = true}),
                     QStringLiteral("there is not enough memory, for a batch of %1 examples; take a smaller batch_size "
                                    "or evaluation_batch, a smaller network, or fewer lanes")
                         .arg(golden.number("batch_size")));
            QVERIFY(sentence({.losses = true, .full_data = true}).contains(QStringLiteral("evaluating 7 examples")));
            QVERIFY_EXCEPTION_THROWN(objective->metrics(theta, {}), OutOfMemory);
        }
        objective->evaluate(arrays, key, {.losses = true});  // and all is well again
        QCOMPARE(loss, expected);
    }
};

QTEST_APPLESS_MAIN(TorchMemoryTest)
#include "torch_memory_test.moc"
