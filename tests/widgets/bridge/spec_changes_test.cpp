// Which edits a running run can follow.
#include <QTest>

#include "core/probe/probe.h"
#include "widgets/bridge/spec_changes.h"

using namespace basin;

namespace {

ExperimentSpec two_lanes()
{
    return parse_spec(R"({"version": 1, "objective": {"landscape": "quadratic"}, "chains": 10, "lanes": [
        {"label": "a", "optimizer": "sgd", "step_size": 0.1}, {"label": "b", "optimizer": "fsgld", "beta": 20}]})",
                      "test");
}

}  // namespace

class SpecChangesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equal_specs_need_nothing();
    void a_live_parameter_acts_while_running();
    void names_and_labels_need_nothing();
    void a_probe_asked_for_by_hand_needs_nothing();
    void all_else_needs_a_new_run_data();
    void all_else_needs_a_new_run();
};

void SpecChangesTest::equal_specs_need_nothing()
{
    const SpecChanges changes = compare_specs(two_lanes(), two_lanes());
    QVERIFY(!changes.restart);
    QVERIFY(changes.live.empty());
}

void SpecChangesTest::a_live_parameter_acts_while_running()
{
    ExperimentSpec spec = two_lanes();
    spec.lanes[0].params.set("step_size", 0.2);
    spec.lanes[1].params.set("beta", Schedule{.kind = Schedule::Kind::cosine, .value = 20, .end = 1, .over = 10});
    const SpecChanges changes = compare_specs(two_lanes(), spec);
    QVERIFY(!changes.restart);
    QCOMPARE(changes.live.size(), 2U);
    QCOMPARE(changes.live[0].lane, 0U);
    QCOMPARE(changes.live[0].key, std::string("step_size"));
    QVERIFY(changes.live[0].value == ParamValue(0.2));
    QCOMPARE(changes.live[1].lane, 1U);
}

void SpecChangesTest::names_and_labels_need_nothing()
{
    ExperimentSpec spec = two_lanes();
    spec.name = "other";
    spec.lanes[1].label = "c";
    const SpecChanges changes = compare_specs(two_lanes(), spec);
    QVERIFY(!changes.restart);
    QVERIFY(changes.live.empty());
}

void SpecChangesTest::a_probe_asked_for_by_hand_needs_nothing()
{
    ExperimentSpec spec = two_lanes();
    ProbeSpec probe{"sharpness", Params(find_probe("sharpness").schema), 0};
    probe.params.set("rho", 0.2);
    spec.probes.push_back(probe);
    QVERIFY(!compare_specs(two_lanes(), spec).restart);
    QVERIFY(!compare_specs(spec, two_lanes()).restart);
    ExperimentSpec scheduled = spec;
    scheduled.probes[0].every = 100;
    QVERIFY(compare_specs(spec, scheduled).restart);
}

void SpecChangesTest::all_else_needs_a_new_run_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    for (const auto& [path, value] : {std::pair{"seed", "7"},
                                      {"chains", "11"},
                                      {"steps", "5"},
                                      {"objective.axx", "3"},
                                      {"start.spread", "0.5"},
                                      {"share_noise", "false"}}) {
        QTest::newRow(path) << path << value;
    }
}

void SpecChangesTest::all_else_needs_a_new_run()
{
    QFETCH(const QString, path);
    QFETCH(const QString, value);
    ExperimentSpec spec = with_value(two_lanes(), path.toStdString(), value.toStdString());
    spec.lanes[0].params.set("step_size", 0.2);
    const SpecChanges changes = compare_specs(two_lanes(), spec);
    QVERIFY(changes.restart);
    QVERIFY(changes.live.empty());
}

QTEST_APPLESS_MAIN(SpecChangesTest)
#include "spec_changes_test.moc"
