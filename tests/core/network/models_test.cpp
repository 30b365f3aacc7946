// Models without their forward pass: layouts, starts, schemas, and what does not fit. Needs no LibTorch.
#include <QTest>
#include <cmath>
#include <memory>
#include <set>
#include <tuple>

#include "core/network/model.h"
#include "tests/core/network/golden.h"

using namespace basin;
using golden::entry;
using idx_files::refusal;

namespace {

const ModelTask kImages{{1, 28, 28}, 10};
const ModelTask kMoons{{2}, 2};

Params defaults(const char* key)
{
    return Params(network_schema(entry(key)));
}

std::vector<std::string> names(const Layout& layout)
{
    std::vector<std::string> all;
    for (const LayoutBlock& block : layout.blocks)
        all.push_back(block.name);
    return all;
}

}  // namespace

class ModelsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lenet_has_61706_parameters()
    {
        const Model model = entry("lenet").make(defaults("lenet"), kImages);
        QCOMPARE(model.layout.size(), 61706U);
        QCOMPARE(model.layout.blocks.size(), 10U);
        QCOMPARE(model.layout.blocks[4].shape, (std::vector<std::int64_t>{120, 400}));
        QCOMPARE(model.buffer_layout.size(), 0U);
    }
    void lenet_fits_other_sizes()
    {
        const Model model = entry("lenet").make(defaults("lenet"), {{3, 32, 32}, 100});  // CIFAR-100
        QCOMPARE(model.layout.blocks[0].shape, (std::vector<std::int64_t>{6, 3, 5, 5}));
        QCOMPARE(model.layout.blocks[4].shape, (std::vector<std::int64_t>{120, 576}));  // (32 / 2 - 4) / 2 = 6
        QCOMPARE(model.layout.blocks[8].shape, (std::vector<std::int64_t>{100, 84}));
    }
    void logistic_regression_is_one_layer()
    {
        const Model model = entry("logistic_regression").make(defaults("logistic_regression"), kImages);
        QCOMPARE(model.layout.size(), 7850U);
        QCOMPARE(model.layout.blocks[0].role, BlockRole::weight);
        QCOMPARE(model.layout.blocks[1].role, BlockRole::bias);
    }
    void mlp_has_the_widths_it_is_given()
    {
        Params params = defaults("mlp");
        params.set("widths", std::vector<double>{5, 4, 3});
        const Model model = entry("mlp").make(params, kMoons);
        QCOMPARE(names(model.layout),
                 (std::vector<std::string>{"hidden1.weight", "hidden1.bias", "hidden2.weight", "hidden2.bias",
                                           "hidden3.weight", "hidden3.bias", "output.weight", "output.bias"}));
        QCOMPARE(model.layout.size(), 2U * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3 + 3 * 2 + 2);
        params.set("widths", std::vector<double>{});
        QCOMPARE(entry("mlp").make(params, kMoons).layout.size(), 6U);
    }
    void a_start_s_spread_is_pytorch_s()
    {
        const Model model = entry("lenet").make(defaults("lenet"), kImages);
        QCOMPARE(model.starts.size(), model.layout.blocks.size());
        for (std::size_t i = 0; i < 10; ++i) {  // a bias has its weight's fan_in
            const double fan_in = std::vector<double>{25, 150, 400, 120, 84}[i / 2];
            QCOMPARE(model.starts[i].spread, static_cast<float>(1 / std::sqrt(fan_in)));
            QCOMPARE(model.starts[i].centre, 0.0F);
        }
    }

    void every_entry_is_whole()
    {
        std::set<std::string> keys;
        for (const NetworkEntry* known : network_entries()) {
            QVERIFY(keys.insert(known->key).second);
            QVERIFY(!known->label.empty() && !known->help.empty() && !known->formula.empty() &&
                    !known->reference.empty());
            std::set<std::string> parameters;
            for (const ParamSpec& spec : network_schema(*known)) {
                QVERIFY2(parameters.insert(spec.key).second, spec.key.c_str());
                QVERIFY2(!spec.label.empty() && !spec.help.empty(), spec.key.c_str());
            }
            const Model model = known->make(Params(network_schema(*known)), kImages);
            QCOMPARE(model.starts.size(), model.layout.blocks.size());
            QCOMPARE(model.buffer_starts.size(), model.buffer_layout.blocks.size());
            QCOMPARE(static_cast<bool>(model.forward), networks_available());
        }
        QCOMPARE(keys, (std::set<std::string>{"lenet", "logistic_regression", "mlp", "resnet"}));
    }

    void what_does_not_fit_is_named()
    {
        Params params = defaults("lenet");
        params.set("dataset", std::string("two_moons"));
        QCOMPARE(refusal([&] { std::ignore = entry("lenet").make(params, kMoons); }),
                 QString("dataset: lenet needs images, and two_moons has none; choose fashion_mnist, mnist or "
                         "cifar10, or the network mlp"));
        QVERIFY(refusal([&] { std::ignore = entry("lenet").make(params, {{1, 12, 11}, 10}); }).contains("12 x 11"));
        params = defaults("mlp");
        params.set("widths", std::vector<double>{16, 2.5});
        QVERIFY(
            refusal([&] { std::ignore = entry("mlp").make(params, kMoons); }).startsWith("widths: 2.5 is not a width"));
        QVERIFY(refusal([&] { params.set("widths", std::vector<double>{1e9}); }).contains("widths"));
    }

    void a_build_without_libtorch_says_so()
    {
        if (networks_available())
            QSKIP("this build has LibTorch");
        const auto backend = make_cpu_backend(1);
        QCOMPARE(
            refusal([&] { std::ignore = make_network_objective(entry("mlp"), defaults("mlp"), *backend, 1); }),
            QString("network: this Basin was built without LibTorch, so mlp cannot run; build with BASIN_TORCH=ON, "
                    "or choose a landscape"));
    }
};

QTEST_APPLESS_MAIN(ModelsTest)
#include "models_test.moc"
