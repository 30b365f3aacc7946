// Residual networks: how many numbers they have, and logits, gradients and running statistics against PyTorch's modules
// (golden/make_resnet.py), all in double: sums of some thousand terms in other orders leave 1e-13 of their sizes, which
// three steps through normalisation by four images make up to a thousand times larger.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <tuple>

#include "tests/core/network/golden.h"
#include "tests/core/network/residual_steps.h"

using namespace basin;
using golden::entry;
using golden::numbers;
using idx_files::refusal;
using residual_steps::Answer;
using residual_steps::Images;
using residual_steps::Network;

namespace {

constexpr double kTolerance = 1e-10;
constexpr std::uint64_t kProjection = 4;  // the script's

QJsonObject golden_root()
{
    QFile file(BASIN_SOURCE_DIR "/tests/golden/resnet.json");
    if (!file.open(QIODevice::ReadOnly))
        throw std::runtime_error("golden/resnet.json");
    return QJsonDocument::fromJson(file.readAll()).object();
}

/// The largest difference, in largest numbers of `expected`.
double apart(const std::vector<double>& actual, const std::vector<double>& expected)
{
    double difference = actual.size() == expected.size() ? 0 : 1;
    double scale = 0;
    for (std::size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
        difference = std::max(difference, std::abs(actual[i] - expected[i]));
        scale = std::max(scale, std::abs(expected[i]));
    }
    return difference / scale;
}

/// The script's digest() against the same of `values`: the largest difference in any block, in norms of that block or
/// of a thousandth of the largest.
double apart(const Layout& layout, const std::vector<double>& values, const QJsonObject& digest)
{
    const std::vector<double> u = residual_steps::made(values.size(), kProjection);
    const std::vector<double> norms = numbers(digest["norms"]);
    const std::vector<double> products = numbers(digest["products"]);
    if (norms.size() != layout.blocks.size())
        return 1;
    const double least = 1e-3 * *std::max_element(norms.begin(), norms.end());
    double most = 0;
    for (std::size_t b = 0; b < norms.size(); ++b) {
        const LayoutBlock& block = layout.blocks[b];
        double squares = 0;
        double product = 0;
        for (std::size_t i = block.offset; i < block.offset + block.size(); ++i) {
            squares += values[i] * values[i];
            product += values[i] * u[i];
        }
        const double scale = std::max(norms[b], least);
        most =
            std::max({most, std::abs(std::sqrt(squares) - norms[b]) / scale, std::abs(product - products[b]) / scale});
    }
    return most;
}

QByteArray text(double x)
{
    return QByteArray::number(x);
}

}  // namespace

class ResnetModelTest : public QObject {
    Q_OBJECT

    const QJsonObject golden_ = golden_root();

private Q_SLOTS:
    /// Stages of 16, 32, 64: 9 c 16 + 32 for the stem, then 2 (9 w^2 + 2 w) a block less 9 w^2 / 2 where w has just
    /// doubled; 64 * 10 + 10 at the end.
    void narrow_ones_have_as_many_parameters_as_the_formula()
    {
        for (const auto& [variant, n] : {std::pair{"resnet20", 3}, {"resnet32", 5}, {"resnet44", 7}, {"resnet56", 9}}) {
            std::size_t expected = 9 * 3 * 16 + 32 + 650;
            for (const std::size_t w : {16U, 32U, 64U})
                expected += static_cast<std::size_t>(n) * 2 * (9 * w * w + 2 * w) - (w > 16 ? 9 * w * w / 2 : 0);
            const Model model = make(variant, {{3, 32, 32}, 10});
            QCOMPARE(model.layout.size(), expected);
            QCOMPARE(static_cast<double>(expected), golden_["parameters"].toObject()[variant].toDouble());
            QCOMPARE(model.buffer_layout.size(), 2U * 16 + static_cast<std::size_t>(n) * 4 * (16 + 32 + 64));
        }
        QCOMPARE(make("resnet20", {{3, 32, 32}, 10}).layout.size(), 269722U);
    }
    /// The same, and a projection of w^2 / 2 + 2 w where the width doubles.
    void wide_ones_have_as_many_parameters_as_the_formula()
    {
        const std::vector<std::pair<QString, std::vector<std::size_t>>> variants{{"resnet18", {2, 2, 2, 2}},
                                                                                 {"resnet34", {3, 4, 6, 3}}};
        for (const auto& [variant, blocks] : variants) {
            std::size_t expected = 9 * 3 * 64 + 128 + 5130;
            std::size_t w = 64;
            for (const std::size_t n : blocks) {
                expected += n * 2 * (9 * w * w + 2 * w) + (w > 64 ? 2 * w - 4 * w * w : 0);
                w *= 2;
            }
            QCOMPARE(make(variant.toStdString(), {{3, 32, 32}, 10}).layout.size(), expected);
            QCOMPARE(static_cast<double>(expected), golden_["parameters"].toObject()[variant].toDouble());
        }
        QCOMPARE(make("resnet18", {{3, 32, 32}, 10}).layout.size(), 11173962U);
    }
    void other_channels_and_classes_change_the_ends_only()
    {
        const std::size_t usual = make("resnet20", {{3, 32, 32}, 10}).layout.size();
        QCOMPARE(make("resnet20", {{1, 28, 28}, 7}).layout.size(), usual - 9 * 2 * 16 - 3 * 65);
    }
    void a_start_is_pytorch_s()
    {
        const Model model = make("resnet18", {{3, 32, 32}, 10});
        for (std::size_t b = 0; b < model.layout.blocks.size(); ++b) {
            const LayoutBlock& block = model.layout.blocks[b];
            const bool norm = block.name.find("norm") != std::string::npos;
            QCOMPARE(block.role == BlockRole::norm, norm);
            const bool weight = block.name.ends_with("weight");
            double fan_in = 512;  // of output.bias
            for (std::size_t i = 1; weight && i < block.shape.size(); ++i)
                fan_in = (i == 1 ? 1 : fan_in) * static_cast<double>(block.shape[i]);
            QCOMPARE(model.starts[b].centre, norm && weight ? 1.0F : 0.0F);
            QCOMPARE(model.starts[b].spread, norm ? 0.0F : static_cast<float>(1 / std::sqrt(fan_in)));
        }
        for (std::size_t b = 0; b < model.buffer_layout.blocks.size(); ++b) {
            QCOMPARE(model.buffer_layout.blocks[b].role, BlockRole::buffer);
            QCOMPARE(model.buffer_starts[b].centre, b % 2 == 0 ? 0.0F : 1.0F);
            QCOMPARE(model.buffer_starts[b].spread, 0.0F);
        }
    }
    void what_does_not_fit_is_named()
    {
        Params params(network_schema(entry("resnet")));
        params.set("dataset", std::string("two_moons"));
        QCOMPARE(refusal([&] {
                     std::ignore = entry("resnet").make(params, {{2}, 2});
                 }),
                 QString("dataset: resnet needs images, and two_moons has none; choose fashion_mnist, mnist or "
                         "cifar10, or the network mlp"));
        QCOMPARE(refusal([&] {
                     std::ignore = make("resnet18", {{1, 8, 7}, 10});
                 }),
                 QString("dataset: resnet needs images of at least 8 x 8, and these are 8 x 7"));
        QVERIFY(refusal([&] { params.set("variant", std::string("resnet21")); }).contains("resnet20"));
    }

    void steps_are_pytorch_s_data()
    {
        QTest::addColumn<QString>("variant");
        QTest::newRow("resnet20") << "resnet20";
        QTest::newRow("resnet18") << "resnet18";
    }
    void steps_are_pytorch_s()
    {
        QFETCH(QString, variant);
        const QJsonObject expected = golden_["models"].toObject()[variant].toObject();
        const Images images =
            residual_steps::made_images(golden_["batch"].toInt(), golden_["channels"].toInt(), golden_["side"].toInt());
        Network net(variant.toStdString(), images.example_shape, images.classes);
        const std::vector<double> before = net.buffers;
        const double evaluated = apart(net.evaluate(images, false).logits, numbers(expected["evaluated_before"]));
        QVERIFY2(evaluated < kTolerance, text(evaluated));
        QVERIFY(net.buffers == before);

        const std::vector<double> losses = numbers(expected["losses"]);
        std::vector<double> momentum(net.theta.size());
        for (std::size_t step = 0; step < losses.size(); ++step) {
            const Answer answer = net.evaluate(images, true);
            QVERIFY2(std::abs(answer.loss - losses[step]) < kTolerance, text(answer.loss - losses[step]));
            if (step == 0) {
                const double logits = apart(answer.logits, numbers(expected["logits"]));
                QVERIFY2(logits < kTolerance, text(logits));
                const double slopes = apart(net.model->layout, answer.gradient, expected["gradient"].toObject());
                QVERIFY2(slopes < kTolerance, text(slopes));
                const double running = apart(net.model->buffer_layout, net.buffers, expected["buffers"].toObject());
                QVERIFY2(running < kTolerance, text(running));
            }
            for (std::size_t i = 0; i < net.theta.size(); ++i) {
                momentum[i] = golden_["momentum"].toDouble() * momentum[i] + answer.gradient[i];
                net.theta[i] -= golden_["step_size"].toDouble() * momentum[i];
            }
        }
        const double after = apart(net.evaluate(images, false).logits, numbers(expected["evaluated_after"]));
        QVERIFY2(after < kTolerance, text(after));
        const double running = apart(net.model->buffer_layout, net.buffers, expected["buffers_after"].toObject());
        QVERIFY2(running < kTolerance, text(running));
    }

private:
    static Model make(const std::string& variant, const ModelTask& task)
    {
        Params params(network_schema(entry("resnet")));
        params.set("variant", variant);
        return entry("resnet").make(params, task);
    }
};

QTEST_APPLESS_MAIN(ResnetModelTest)
#include "resnet_model_test.moc"
