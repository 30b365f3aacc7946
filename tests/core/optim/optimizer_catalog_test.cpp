#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

#include "tests/core/optim/known_answers.h"

using namespace basin;
using namespace basin::testing;

// Every optimizer of the catalog goes through here by itself; one without a known answer fails.
class OptimizerCatalogTest : public QObject {
    Q_OBJECT

    static void every_entry_data()
    {
        QTest::addColumn<QString>("key");
        for (const OptimizerEntry* entry : optimizer_entries()) {
            QTest::newRow(entry->key.c_str()) << QString::fromStdString(entry->key);
        }
    }
    static const OptimizerEntry& entry_of(const QString& key) { return find_optimizer(key.toStdString()); }

private Q_SLOTS:
    void keys_are_unique_and_found()
    {
        std::set<std::string> keys;
        for (const OptimizerEntry* entry : optimizer_entries()) {
            QVERIFY2(keys.insert(entry->key).second, entry->key.c_str());
            QCOMPARE(&find_optimizer(entry->key), entry);
        }
        for (const char* key : {"sgd", "sgld", "fsgld", "sam", "adamw", "asam", "rwp"}) {
            QVERIFY2(keys.count(key) == 1, key);
        }
    }

    void a_misspelt_key_names_the_nearest()
    {
        try {
            find_optimizer("fsgdl");
            QFAIL("it was found");
        } catch (const std::invalid_argument& error) {
            QVERIFY(QString(error.what()).contains("fsgld"));
        }
    }

    void it_has_a_known_answer_data() { every_entry_data(); }
    void it_has_a_known_answer()
    {
        QFETCH(QString, key);
        std::vector<KnownAnswer> rows = stored_answers();
        const auto more = langevin_answers(1);
        rows.insert(rows.end(), more.begin(), more.end());
        QVERIFY2(std::any_of(rows.begin(), rows.end(),
                             [&](const KnownAnswer& row) { return row.optimizer == key.toStdString(); }),
                 "add a row to tests/core/optim/known_answers.cpp");
    }

    void it_says_what_it_is_data() { every_entry_data(); }
    void it_says_what_it_is()
    {
        QFETCH(QString, key);
        const OptimizerEntry& entry = entry_of(key);
        QVERIFY(!entry.label.empty());
        QVERIFY(QString::fromStdString(entry.help).endsWith('.'));
        QVERIFY(!entry.formula.empty() && entry.formula.find('\n') == std::string::npos);
        QVERIFY(!entry.reference.empty());
    }

    void its_parameters_are_described_data() { every_entry_data(); }
    void its_parameters_are_described()
    {
        QFETCH(QString, key);
        const OptimizerEntry& entry = entry_of(key);
        std::set<std::string> keys;
        for (const ParamSpec& spec : entry.schema) {
            QVERIFY2(keys.insert(spec.key).second, spec.key.c_str());
            QVERIFY2(spec.key != "label" && spec.key != "optimizer", "these two are a lane's own keys");
            QVERIFY2(!spec.label.empty() && QString::fromStdString(spec.help).endsWith('.'), spec.key.c_str());
            QVERIFY2(spec.help.size() <= 140, spec.key.c_str());
            for (const auto& alternative : spec.enabled_if) {
                for (const ParamTerm& term : alternative) {
                    QVERIFY2(keys.count(term.key) == 1, spec.key.c_str());
                    const auto other = std::find_if(entry.schema.begin(), entry.schema.end(),
                                                    [&](const ParamSpec& each) { return each.key == term.key; });
                    for (const ParamValue& value : term.values) {
                        checked_value(*other, value, spec.key);  // throws when it can never hold
                    }
                }
            }
            QVERIFY2((spec.type == ParamType::choice) == !spec.choices.empty(), spec.key.c_str());
            if (spec.scale == ParamScale::log) {
                QVERIFY2(spec.slider && spec.slider->first > 0, "a log slider needs positive ends");
            }
            checked_value(spec, spec.default_value, spec.key);  // throws when the default is not allowed
        }
        QVERIFY2(keys.count("step_size") == 1, "every method has a step size");
        entry.check(Params(entry.schema));
    }

    // A number that is stated as live takes a schedule.
    void its_live_numbers_take_schedules_data() { every_entry_data(); }
    void its_live_numbers_take_schedules()
    {
        QFETCH(QString, key);
        const OptimizerEntry& entry = entry_of(key);
        for (const ParamSpec& spec : entry.schema) {
            if (spec.type != ParamType::number || !spec.live) {
                continue;
            }
            const double value = Params(entry.schema).number(spec.key);
            LaneSetting setting;
            setting.optimizer = entry.key;
            setting.values = {{spec.key, Schedule{.kind = Schedule::Kind::cosine, .value = value, .end = 0.9 * value}}};
            setting.options = {.chains = 5, .total_steps = 10};
            Lane lane(setting);
            lane.advance(10);
            QCOMPARE(lane.stepper.step(), 10U);
        }
    }

    void it_runs_on_every_landscape_and_replays_data() { every_entry_data(); }
    void it_runs_on_every_landscape_and_replays()
    {
        QFETCH(QString, key);
        const OptimizerEntry& entry = entry_of(key);
        for (const LandscapeEntry* landscape : landscape_entries()) {
            const auto suggestion = landscape->make(Params(landscape->schema))->suggestion();
            LaneSetting setting;
            setting.landscape = landscape->key;
            setting.optimizer = entry.key;
            setting.values = {{"step_size", suggestion.step_size}};
            if (Params(entry.schema).has("beta")) {
                setting.values.emplace_back("beta", suggestion.beta);
            }
            setting.options = {.chains = 400, .seed = 6, .total_steps = 300};
            Lane lane(setting);
            Lane again(setting);
            lane.advance(300);
            again.advance(300);
            QVERIFY(same_bytes(lane.theta(), again.theta()));
            QVERIFY(same_records(lane.records, again.records));
            QVERIFY2(lane.stepper.escaped() == 0, landscape->key.c_str());
            QVERIFY(std::isfinite(lane.records.back().loss));
            QCOMPARE(lane.stepper.counts().gradients, 300 * entry.gradients_per_step(lane.stepper.params()));
            // Where a method samples a measure, that is a proper one.
            const OptimizerEntry::Measure measure = lane.stepper.measure();
            QVERIFY(measure.beta >= 0 && measure.sigma >= 0 && std::isfinite(measure.beta + measure.sigma));
        }
    }

    // The noiseless methods end in a minimum of the quadratic, the samplers near it.
    void it_goes_downhill_data() { every_entry_data(); }
    void it_goes_downhill()
    {
        QFETCH(QString, key);
        LaneSetting setting;
        setting.landscape_values = {{"axx", 2.0}, {"axy", 0.5}, {"ayy", 1.0}};
        setting.optimizer = key.toStdString();
        setting.values = {{"step_size", 0.05}};  // AdamW's own default is for networks
        setting.start.points = {{3, 3}};
        setting.options.chains = 2000;
        Lane lane(setting);
        lane.advance(300, 300);
        // From u = 18; a sampler at beta 20 has E u = d / (2 beta) = 0.05 and little more at this step size.
        QVERIFY2(lane.records.back().loss < 0.1, qPrintable(QString::number(lane.records.back().loss)));
    }
};

QTEST_APPLESS_MAIN(OptimizerCatalogTest)
#include "optimizer_catalog_test.moc"
