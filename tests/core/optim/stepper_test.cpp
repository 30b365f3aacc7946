#include <QTest>
#include <cmath>
#include <limits>

#include "core/compute/sha256.h"
#include "tests/core/optim/lane.h"

using namespace basin;
using namespace basin::testing;

namespace {

/// Methods in the settings that matter for how they run.
struct Case {
    const char* name;
    const char* optimizer;
    Values values;
};

std::vector<Case> cases()
{
    return {{"sgd", "sgd", {{"weight_decay", 0.01}}},
            {"sgd momentum", "sgd", {{"momentum", 0.9}, {"nesterov", true}}},
            {"sgld", "sgld", {}},
            {"fsgld", "fsgld", {}},
            {"fsgld rademacher", "fsgld", {{"noise", std::string("rademacher")}, {"weight_decay", 0.1}}},
            {"fsgld antithetic", "fsgld", {{"perturbations", std::int64_t{2}}, {"antithetic", true}}},
            {"fsgld momentum", "fsgld", {{"momentum", 0.5}}},
            {"sam", "sam", {}},
            {"sam momentum", "sam", {{"momentum", 0.9}}},
            {"sam over adamw", "sam", {{"base", std::string("adamw")}, {"amsgrad", true}}},
            {"sam over fsgld", "sam", {{"base", std::string("fsgld")}, {"perturbations", std::int64_t{2}}}},
            {"asam", "asam", {{"rho", 0.1}, {"momentum", 0.5}}},
            {"asam over sgld", "asam", {{"base", std::string("sgld")}, {"rho", 0.1}}},
            {"adamw", "adamw", {{"weight_decay", 0.1}}},
            {"rwp", "rwp", {{"momentum", 0.5}, {"sigma", 0.1}}},
            {"rwp isotropic", "rwp", {{"scale", std::string("isotropic")}, {"sigma", 0.1}}}};
}

LaneSetting setting_of(const Case& each, const std::string& landscape, double gradient_noise, std::size_t chains)
{
    LaneSetting setting;
    setting.landscape = landscape;
    setting.gradient_noise = gradient_noise;
    setting.optimizer = each.optimizer;
    setting.values = each.values;
    setting.values.emplace_back("step_size", landscape == "himmelblau" ? 0.005 : 0.03);
    setting.start.spread = 0.5;
    setting.options.chains = chains;
    setting.options.seed = 99;
    setting.options.total_steps = 200;
    return setting;
}

}  // namespace

class StepperTest : public QObject {
    Q_OBJECT

    static void every_case_data()
    {
        QTest::addColumn<int>("index");
        QTest::addColumn<QString>("landscape");
        int index = 0;
        for (const Case& each : cases()) {
            for (const LandscapeEntry* entry : landscape_entries()) {
                QTest::addRow("%s on %s", each.name, entry->key.c_str()) << index << QString::fromStdString(entry->key);
            }
            ++index;
        }
    }

private Q_SLOTS:
    void fused_and_verbs_give_equal_bytes_data() { every_case_data(); }
    void fused_and_verbs_give_equal_bytes()
    {
        QFETCH(int, index);
        QFETCH(QString, landscape);
        for (const double gradient_noise : {0.0, 0.7}) {
            for (const std::size_t chains : {1U, 523U}) {
                LaneSetting setting = setting_of(cases()[static_cast<std::size_t>(index)], landscape.toStdString(),
                                                 gradient_noise, chains);
                Lane fused(setting);
                setting.options.fuse = false;
                Lane verbs(setting);
                fused.advance(70, 3);
                verbs.advance(70, 3);
                QVERIFY(same_bytes(fused.theta(), verbs.theta()));
                QVERIFY(same_records(fused.records, verbs.records));
                QCOMPARE(fused.stepper.counts(), verbs.stepper.counts());
            }
        }
    }

    void instruction_sets_and_threads_give_equal_bytes_data() { every_case_data(); }
    void instruction_sets_and_threads_give_equal_bytes()
    {
        QFETCH(int, index);
        QFETCH(QString, landscape);
        LaneSetting setting = setting_of(cases()[static_cast<std::size_t>(index)], landscape.toStdString(), 0.3, 4500);
        setting.isa = Isa::baseline;
        Lane expected(setting);
        expected.advance(10, 5);
        for (const Isa isa : available_isas()) {
            for (const int threads : {1, 2, 3}) {
                setting.isa = isa;
                setting.threads = threads;
                Lane lane(setting);
                lane.advance(10, 5);
                QVERIFY2(same_bytes(lane.theta(), expected.theta()), lane.backend->name().c_str());
                QVERIFY2(same_records(lane.records, expected.records), lane.backend->name().c_str());
            }
        }
    }

    // SAM was written out on SGD before it took the step of any base; these are the bytes that it left.
    void sam_over_sgd_has_the_bytes_it_had_before_it_had_bases()
    {
        const std::pair<double, const char*> rows[] = {
            {0.0, "aa767f6337b137db593bc524a1a2a46a27e5486bf286e4c0a903d2fb12104446"},
            {0.9, "a1d71055ea6820ab322263e3726504cf842ac7a162d7ebbe92e5bd2f0c29596d"}};
        for (const auto& [momentum, expected] : rows) {
            LaneSetting setting =
                setting_of({"", "sam", {{"momentum", momentum}, {"weight_decay", 0.01}}}, "himmelblau", 0.3, 523);
            setting.values.back().second = 0.005;
            Lane lane(setting);
            lane.advance(70, 3);
            const std::vector<float> theta = lane.theta();
            QCOMPARE(sha256({reinterpret_cast<const std::uint8_t*>(theta.data()), theta.size() * sizeof(float)}),
                     std::string(expected));
        }
    }

    void any_cut_of_the_steps_gives_equal_bytes_data() { every_case_data(); }
    void any_cut_of_the_steps_gives_equal_bytes()
    {
        QFETCH(int, index);
        QFETCH(QString, landscape);
        const LaneSetting setting =
            setting_of(cases()[static_cast<std::size_t>(index)], landscape.toStdString(), 0, 600);
        Lane whole(setting);
        whole.advance(150, 7);
        Lane cut(setting);
        for (const std::uint64_t steps : {1U, 1U, 3U, 60U, 0U, 64U, 21U}) {
            cut.advance(steps, 7);
        }
        QVERIFY(same_bytes(whole.theta(), cut.theta()));
        QVERIFY(same_records(whole.records, cut.records));
    }

    // A fused lane falls back to the verbs while its momentum is not 0, and comes back.
    void a_schedule_acts_at_its_step_fused_or_not()
    {
        Schedule cosine{.kind = Schedule::Kind::cosine, .value = 0.05, .end = 0.001, .warm_up = 10};
        Schedule momentum{.kind = Schedule::Kind::cosine, .value = 0.5, .end = 0.0, .over = 70};
        for (const char* optimizer : {"sgd", "fsgld", "sam", "rwp"}) {
            LaneSetting setting;
            setting.landscape = "gaussian_wells";
            setting.optimizer = optimizer;
            setting.values = {{"step_size", cosine}, {"momentum", momentum}};
            setting.options = {.chains = 700, .seed = 4, .total_steps = 200};
            Lane fused(setting);
            setting.options.fuse = false;
            Lane verbs(setting);
            fused.advance(200);
            verbs.advance(200);
            QVERIFY(same_bytes(fused.theta(), verbs.theta()));
            QVERIFY(same_records(fused.records, verbs.records));
        }
    }

    void the_step_size_in_force_can_be_asked()
    {
        LaneSetting setting;
        setting.values = {{"step_size", Schedule{.kind = Schedule::Kind::steps, .value = 0.2, .milestones = {2}}}};
        Lane lane(setting);
        lane.advance(1);
        QCOMPARE(lane.stepper.step_size(), 0.2);
        lane.advance(1);
        QCOMPARE(lane.stepper.step_size(), 0.2 * 0.1);
        lane.stepper.change("step_size", 0.03);
        QCOMPARE(lane.stepper.step_size(), 0.03);
    }

    // One particle, plain SGD on u = x^2: theta is the product of (1 - 2 h_k).
    void a_schedule_is_evaluated_at_every_step()
    {
        LaneSetting setting;
        setting.landscape_values = {{"axx", 2.0}, {"axy", 0.0}, {"ayy", 2.0}};
        setting.values = {{"step_size", Schedule{.kind = Schedule::Kind::steps, .value = 0.2, .milestones = {2}}}};
        setting.start.points = {{1, 1}};
        Lane lane(setting);
        lane.advance(3);
        QVERIFY(std::abs(lane.theta()[0] - 0.6F * 0.6F * 0.96F) < 1e-6F);
    }

    void a_change_acts_at_the_next_step()
    {
        LaneSetting setting;
        setting.landscape_values = {{"axx", 1.0}, {"axy", 0.0}, {"ayy", 1.0}};
        setting.values = {{"step_size", 0.5}};
        setting.start.points = {{1, 1}};
        Lane lane(setting);
        lane.advance(1);
        lane.stepper.change("step_size", 0.25);
        lane.advance(1);
        QCOMPARE(lane.theta()[0], 0.375F);
        QCOMPARE(lane.stepper.params().number("step_size"), 0.25);
        QVERIFY_EXCEPTION_THROWN(lane.stepper.change("step_sise", 0.1), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(lane.stepper.change("step_size", -1.0), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(lane.stepper.change("nesterov", true), std::invalid_argument);  // without momentum
        QCOMPARE(lane.stepper.params().flag("nesterov"), false);
    }

    void the_record_is_the_mean_value_at_the_particles()
    {
        for (const bool fuse : {true, false}) {
            LaneSetting setting;
            setting.landscape = "gaussian_wells";
            setting.optimizer = "fsgld";
            setting.options = {.chains = 1500, .seed = 8, .fuse = fuse};
            Lane lane(setting);
            lane.advance(10, 5);
            QCOMPARE(lane.records.size(), 3U);
            QCOMPARE(lane.records[0].step, 0U);
            QCOMPARE(lane.records[1].step, 5U);
            QCOMPARE(lane.records[2].step, 10U);
            QCOMPARE(lane.records[2].gradients, 10U);
            double sum = 0;
            for (std::size_t i = 0; i < 1500; ++i) {
                sum += lane.objective.landscape()->value({static_cast<double>(lane.stepper.theta()[2 * i]),
                                                          static_cast<double>(lane.stepper.theta()[2 * i + 1])});
            }
            QVERIFY(std::abs(lane.records[2].loss - sum / 1500) < 1e-6);  // values of size 1 in float
        }
    }

    void escaped_particles_are_counted_and_left_out_of_the_mean()
    {
        for (const bool fuse : {true, false}) {
            LaneSetting setting;
            setting.landscape = "himmelblau";
            setting.values = {{"step_size", 0.01}};
            setting.start.points = {{3, 2}, {40, 40}};  // a minimum, and a place where gradient descent blows up
            setting.options = {.chains = 1000, .fuse = fuse};
            Lane lane(setting);
            QCOMPARE(lane.records[0].escaped, 0U);
            lane.advance(20);
            QCOMPARE(lane.stepper.escaped(), 500U);
            QCOMPARE(lane.records.back().escaped, 500U);
            QVERIFY(std::abs(lane.records.back().loss) < 1e-6);
            const std::vector<float> theta = lane.theta();
            for (std::size_t i = 0; i < 1000; ++i) {
                QCOMPARE(std::isnan(theta[2 * i]), i >= 500);
                QCOMPARE(std::isnan(theta[2 * i + 1]), i >= 500);
            }
        }
    }

    void a_lane_fails_at_the_step_where_the_last_particle_escapes()
    {
        std::vector<std::string> messages;
        for (const bool fuse : {true, false}) {
            LaneSetting setting;
            setting.landscape = "himmelblau";
            setting.values = {{"step_size", 0.01}};
            setting.start.points = {{40, 40}};
            setting.options = {.chains = 3, .fuse = fuse};
            Lane lane(setting);
            try {
                lane.advance(1000);
                QFAIL("it did not fail");
            } catch (const LaneFailed& failed) {
                messages.emplace_back(failed.what());
            }
            QVERIFY(messages.back().starts_with("step " + std::to_string(lane.stepper.step()) + ":"));
            QCOMPARE(lane.records.back().step, lane.stepper.step() - 1);
            QCOMPARE(lane.stepper.escaped(), 3U);
        }
        QCOMPARE(messages[0], messages[1]);
    }

    void restore_goes_on_as_if_nothing_had_been()
    {
        for (const Case& each : cases()) {
            const LaneSetting setting = setting_of(each, "flat_valley", 0.1, 300);
            Lane whole(setting);
            whole.advance(100);
            Lane first(setting);
            first.advance(40);
            Lane second(setting);
            const auto from = first.stepper.arrays();
            const auto to = second.stepper.arrays();
            QCOMPARE(from.size(), to.size());
            for (std::size_t i = 0; i < from.size(); ++i) {
                QCOMPARE(from[i].name, to[i].name);
                std::copy(from[i].data, from[i].data + from[i].size, to[i].data);
            }
            second.stepper.restore(first.stepper.step(), first.stepper.counts());
            second.advance(60);
            QVERIFY(same_bytes(second.theta(), whole.theta()));
            QCOMPARE(second.stepper.counts(), whole.stepper.counts());
        }
    }

    void starting_again_forgets_everything()
    {
        LaneSetting setting = setting_of(cases()[1], "himmelblau", 0, 50);
        Lane fresh(setting);
        fresh.advance(30);
        Lane again(setting);
        again.advance(77);
        again.records = {again.stepper.start(setting.start)};
        again.advance(30);
        QVERIFY(same_bytes(fresh.theta(), again.theta()));
        QVERIFY(same_records(fresh.records, again.records));
    }

    void lanes_share_noise_unless_they_have_a_number()
    {
        LaneSetting setting = setting_of(cases()[2], "quadratic", 0, 10);
        Lane one(setting);
        Lane same(setting);
        setting.options.lane = 1;
        Lane other(setting);
        one.advance(5);
        same.advance(5);
        other.advance(5);
        QVERIFY(same_bytes(one.theta(), same.theta()));
        QVERIFY(!same_bytes(one.theta(), other.theta()));
    }
};

QTEST_APPLESS_MAIN(StepperTest)
#include "stepper_test.moc"
