// ExperimentSpec: the documented examples, round trips, --set, replay and what edits drag along.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <clocale>
#include <fstream>
#include <stdexcept>

#include "core/optim/optimizer.h"
#include "core/run/replay.h"
#include "core/run/spec.h"

using namespace basin;

namespace {

// The two experiments that the file format was designed with; files written then must open for ever.
constexpr const char* kTwoWells = R"({ "version": 1, "name": "Two wells", "seed": 42,
  "objective": { "landscape": "gaussian_wells", "bowl": 0.1, "left_x": -1.8, "left_depth": 0.6, "left_width": 0.6,
                 "right_x": 1.8, "right_depth": 0.5, "right_width": 2.0 },
  "start": { "points": [[-1.8, 0], [1.8, 0]], "spread": 0.0 }, "chains": 20000, "steps": 4000,
  "lanes": [ { "label": "SGLD",  "optimizer": "sgld",  "step_size": 0.05, "beta": 20 },
             { "label": "fSGLD", "optimizer": "fsgld", "step_size": 0.05, "beta": 20, "coupling": true, "eta": 0.01 } ],
  "probes": [ { "probe": "gibbs_distance", "every": 500 } ] })";

constexpr const char* kNoisyLabels = R"({ "version": 1, "name": "Noisy labels", "seed": 1,
  "objective": { "network": "lenet", "dataset": "fashion_mnist", "train_size": 6000, "batch_size": 128,
                 "label_noise": { "kind": "symmetric", "rate": 0.4 } }, "epochs": 40,
  "lanes": [ { "label": "SGD", "optimizer": "sgd", "step_size": 0.02, "momentum": 0.9 },
             { "label": "SAM", "optimizer": "sam", "step_size": 0.02, "momentum": 0.9, "rho": 0.05 },
             { "label": "fSGLD", "optimizer": "fsgld", "step_size": 0.02, "momentum": 0.9, "beta": 1e8, "coupling": false, "sigma": 0.03 } ]%1 })";

constexpr const char* kLaterProbe = R"(, "probes": [ { "probe": "third_derivatives", "every": 470 } ])";

constexpr const char* kSmall = R"({"version": 1, "objective": {"landscape": "quadratic"}, "steps": 10,
  "lanes": [{"optimizer": "sgd"}, {"label": "v1.0 b", "optimizer": "sgld"}]%1})";

ExperimentSpec small(const QString& more = {})
{
    return parse_spec(QString::fromUtf8(kSmall).arg(more).toStdString(), "a.json");
}

template <class Act>
QString complaint(Act act)
{
    try {
        act();
    } catch (const std::invalid_argument& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

void write(const QString& file, const QByteArray& text)
{
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(text);
}

}  // namespace

class SpecTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void two_wells_parses()
    {
        const ExperimentSpec spec = parse_spec(kTwoWells, "two_wells.json");
        QCOMPARE(spec.name, std::string("Two wells"));
        QCOMPARE(spec.seed, std::uint64_t{42});
        QCOMPARE(spec.objective.kind, std::string("landscape"));
        QCOMPARE(spec.objective.params.number("right_width"), 2.0);
        QCOMPARE(spec.objective.params.number("gradient_noise"), 0.0);
        QCOMPARE(spec.start.points, (std::vector<std::vector<double>>{{-1.8, 0}, {1.8, 0}}));
        QCOMPARE(spec.chains, std::size_t{20000});
        QCOMPARE(spec.steps, std::optional<std::uint64_t>(4000));
        QCOMPARE(spec.lanes.size(), std::size_t{2});
        QCOMPARE(spec.lanes[1].params.number("eta"), 0.01);
        QVERIFY(spec.share_noise);
        QCOMPARE(spec.probes.size(), std::size_t{1});
        QCOMPARE(spec.probes[0].every, std::uint64_t{500});
    }

    void noisy_labels_parses()
    {
        const ExperimentSpec spec = parse_spec(QString::fromUtf8(kNoisyLabels).arg(QString()).toStdString(), "n.json");
        QCOMPARE(spec.objective.key, std::string("lenet"));
        QCOMPARE(spec.objective.params.integer("train_size"), 6000);
        QCOMPARE(spec.objective.params.number("label_noise.rate"), 0.4);
        QCOMPARE(spec.epochs, std::optional(40.0));
        QVERIFY(!spec.steps);
        QCOMPARE(spec.lanes[2].params.number("sigma"), 0.03);
        QVERIFY(spec.start.points.empty());
    }

    void a_probe_of_a_later_version_is_named()
    {
        const QString text = QString::fromUtf8(kNoisyLabels).arg(QString::fromUtf8(kLaterProbe));
        const QString given = complaint([&] { parse_spec(text.toStdString(), "n.json"); });
        QVERIFY2(given.startsWith(QLatin1String("n.json: probes[0].probe must be ")) &&
                     given.endsWith(QLatin1String(", not \"third_derivatives\"")),
                 qPrintable(given));
    }

    void defaults_are_those_of_the_catalogue()
    {
        const ExperimentSpec spec = parse_spec(
            R"({"version": 1, "objective": {"landscape": "gaussian_wells"}, "lanes": [{"optimizer": "fsgld"}]})", "a");
        QCOMPARE(spec.seed, std::uint64_t{1});
        QCOMPARE(spec.chains, std::size_t{1});
        QVERIFY(!spec.steps);
        QCOMPARE(spec.lanes[0].label, std::string("fSGLD"));
        QVERIFY(spec.lanes[0].params == Params(find_optimizer("fsgld").schema));
        QCOMPARE(spec.start.points, suggestion(spec.objective).points);
    }

    void text_and_value_are_one_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("two wells") << QString::fromUtf8(kTwoWells);
        QTest::newRow("noisy labels") << QString::fromUtf8(kNoisyLabels).arg(QString());
        QTest::newRow("changes, schedules, seeds") << QString::fromUtf8(kSmall).arg(QString::fromUtf8(
            R"(, "seed": 18446744073709551615, "record_every": 3, "share_noise": false, "name": "ü",
                      "changes": [{"step": 2, "lane": 1, "key": "beta", "value": 7.25},
                                  {"step": 2, "lane": 0, "key": "step_size",
                                   "value": {"schedule": "cosine", "value": 0.5, "end": 0.1}}])"));
        QTest::newRow("endless") << QString::fromUtf8(
            R"({"version": 1, "objective": {"landscape": "himmelblau", "stretch": 3},
                "lanes": [{"optimizer": "sgd", "step_size": {"schedule": "warm_up", "value": 1e-3, "over": 9}}]})");
    }

    void text_and_value_are_one()
    {
        QFETCH(QString, text);
        const ExperimentSpec spec = parse_spec(text.toStdString(), "a.json");
        for (const char* locale : {"C", "de_DE.UTF-8"}) {
            std::setlocale(LC_ALL, locale);
            const std::string complete = format_spec(spec);
            QVERIFY(parse_spec(complete, "b.json") == spec);
            QCOMPARE(format_spec(parse_spec(complete, "b.json")), complete);
            QCOMPARE(hash_spec(parse_spec(complete, "b.json")), hash_spec(spec));
        }
        std::setlocale(LC_ALL, "C");
    }

    void another_seed_is_another_hash()
    {
        ExperimentSpec other = small();
        other.seed += 1;
        QCOMPARE(hash_spec(small()).size(), std::size_t{64});
        QVERIFY(hash_spec(other) != hash_spec(small()));
    }

    void every_cut_of_a_text_is_refused()
    {
        const std::string text = kTwoWells;
        for (std::size_t size = 0; size < text.size(); ++size) {
            const QString given = complaint([&] { parse_spec(text.substr(0, size), "a.json"); });
            QVERIFY2(given.startsWith(QLatin1String("a.json: line ")), qPrintable(given));
        }
    }

    void a_file_is_replaced_whole_or_not_at_all()
    {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("a.json")).toStdString();
        write_spec(small(), file);
        QVERIFY(read_spec(file) == small());
        ExperimentSpec other = small();
        other.name = "other";
        write_spec(other, file);
        QVERIFY(read_spec(file) == other);
        // The temporary file can not be made where a folder stands in its place: the old one stays.
        std::filesystem::create_directory(file.string() + ".part");
        const QString given = complaint([&] { write_spec(small(), file); });
        QVERIFY2(given.contains(QLatin1String("a.json: can not be written: ")), qPrintable(given));
        QVERIFY(read_spec(file) == other);
    }

    void values_are_set_by_path_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("line");  // what the complete text then holds
        QTest::newRow("top") << "steps"
                             << "25"
                             << "\"steps\": 25";
        QTest::newRow("left out before") << "name"
                                         << "42"
                                         << "\"name\": \"42\"";
        QTest::newRow("by index") << "lanes[1].beta"
                                  << "33"
                                  << "\"beta\": 33";
        QTest::newRow("by label with a dot") << "lanes.v1.0 b.beta"
                                             << "34"
                                             << "\"beta\": 34";
        QTest::newRow("label") << "lanes[0].label"
                               << "true"
                               << "\"label\": \"true\"";
        QTest::newRow("objective") << "objective.gradient_noise"
                                   << "0.5"
                                   << "\"gradient_noise\": 0.5";
        QTest::newRow("list") << "start.points"
                              << "[[1, 2], [3, 4]]"
                              << "[[1, 2], [3, 4]]";
        QTest::newRow("inside a list") << "start.points[0][1]"
                                       << "7"
                                       << "7]]";
        QTest::newRow("schedule") << "lanes[0].step_size"
                                  << R"({"schedule": "cosine", "value": 0.25})"
                                  << "\"value\": 0.25";
        QTest::newRow("boolean") << "share_noise"
                                 << "false"
                                 << "\"share_noise\": false";
        QTest::newRow("another optimizer") << "lanes[1].optimizer"
                                           << "sam"
                                           << "\"rho\": ";
        QTest::newRow("an optimizer over another") << "lanes[1].optimizer"
                                                   << "asam"
                                                   << "\"base\": \"sgd\"";
        QTest::newRow("another landscape") << "objective.landscape"
                                           << "himmelblau"
                                           << "\"landscape\": \"himmelblau\"";
    }

    void values_are_set_by_path()
    {
        QFETCH(QString, path);
        QFETCH(QString, text);
        QFETCH(QString, line);
        const ExperimentSpec spec = with_value(small(), path.toStdString(), text.toStdString());
        const QString complete = QString::fromStdString(format_spec(spec));
        QVERIFY2(complete.contains(line), qPrintable(complete));
        QVERIFY(!(spec == small()));
    }

    void steps_take_the_place_of_epochs()
    {
        const ExperimentSpec spec = parse_spec(QString::fromUtf8(kNoisyLabels).arg(QString()).toStdString(), "n.json");
        const ExperimentSpec changed = with_value(spec, "steps", "7");
        QCOMPARE(changed.steps, std::optional<std::uint64_t>(7));
        QVERIFY(!changed.epochs);
        QVERIFY(!with_value(changed, "epochs", "2").steps);
    }

    void wrong_paths_are_named_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* path, const char* text, const char* expected) {
            QTest::newRow(name) << QString::fromUtf8(path) << QString::fromUtf8(text) << QString::fromUtf8(expected);
        };
        row("misspelt top", "stesp", "1", "--set: stesp: has no key \"stesp\"; did you mean \"steps\"?");
        row("misspelt", "lanes[1].bta", "1", "--set: lanes[1].bta: has no key \"bta\"; did you mean \"beta\"?");
        row("no such lane", "lanes[7].beta", "1",
            "--set: lanes[7].beta is not there: the list has 2 items, the first is [0]");
        row("no such label", "lanes.SGDD.beta", "1",
            "--set lanes.SGDD.beta: the experiment has no lane \"SGDD\"; did you mean \"SGD\"?");
        row("index of a number", "steps[0]", "1", "--set: steps[0] is not there: [...] stands behind a list");
        row("key of a number", "steps.beta", "1",
            "--set: steps.beta is not there: \"beta\" stands behind a single value");
        row("bad index", "lanes[x].beta", "1",
            "--set: lanes[x].beta is not a path: [...] must hold a whole number, as in lanes[0].beta");
        row("open bracket", "lanes[0", "1",
            "--set: lanes[0 is not a path: [...] must hold a whole number, as in lanes[0].beta");
        row("range", "lanes[1].beta", "-1", "--set: lanes[1].beta must be greater than 0 and at most 1e+30, not -1");
        row("type", "lanes[1].beta", "hot", "--set: lanes[1].beta must be a number, not \"hot\"");
        row("decimal comma", "lanes[1].beta", "0,5", "--set: lanes[1].beta must be a number, not \"0,5\"");
        row("nan", "lanes[1].beta", "nan", "--set: lanes[1].beta must be a number, not \"nan\"");
        row("fraction", "steps", "1.5", "--set: steps must be a whole number, not 1.5");
        row("broken list", "start.points", "[[1, 2]", "--set: start.points: line 1, column 7: not JSON (");
    }

    void wrong_paths_are_named()
    {
        QFETCH(QString, path);
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const QString given = complaint([&] { with_value(small(), path.toStdString(), text.toStdString()); });
        QVERIFY2(given.startsWith(expected), qPrintable(given));
    }

    void a_new_lane_has_a_name_of_its_own()
    {
        ExperimentSpec spec = small();
        spec.lanes.push_back(suggest_lane(spec, "sgd"));
        spec.lanes.push_back(suggest_lane(spec, "sgd"));
        QCOMPARE(spec.lanes[2].label, std::string("SGD 2"));
        QCOMPARE(spec.lanes[3].label, std::string("SGD 3"));
        QCOMPARE(spec.lanes[2].params.number("step_size"), suggestion(spec.objective).step_size);
        QVERIFY(parse_spec(format_spec(spec), "a") == spec);
    }

    void another_objective_brings_its_settings_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("key");
        for (const ObjectiveEntry& entry : objective_entries()) {
            QTest::newRow(entry.key.c_str()) << QString::fromStdString(entry.kind) << QString::fromStdString(entry.key);
        }
    }

    void another_objective_brings_its_settings()
    {
        QFETCH(QString, kind);
        QFETCH(QString, key);
        const ExperimentSpec spec = with_objective(parse_spec(kTwoWells, "t"), kind.toStdString(), key.toStdString());
        const Suggestion settings = suggestion(spec.objective);
        QCOMPARE(spec.objective.key, key.toStdString());
        QCOMPARE(spec.start.points, settings.points);
        QCOMPARE(spec.lanes[1].params.number("step_size"), settings.step_size);
        QCOMPARE(spec.lanes[1].params.number("beta"), settings.beta);
        QCOMPARE(spec.lanes[1].params.flag("coupling"), !settings.sigma.has_value());
        QCOMPARE(spec.chains, kind == QLatin1String("network") ? std::size_t{1} : std::size_t{20000});
    }

    void a_replay_has_the_changes_of_the_folder()
    {
        QTemporaryDir folder;
        const QString name = folder.path();
        ExperimentSpec spec = small(QString::fromUtf8(
            R"(, "changes": [{"step": 2, "lane": 1, "key": "beta", "value": 7},
                             {"step": 8, "lane": 1, "key": "beta", "value": 9}])"));
        write_spec(spec, folder.filePath(QStringLiteral("spec.json")).toStdString());
        write(folder.filePath(QStringLiteral("changes.csv")),
              "step,lane,key,value\n2,1,beta,7\n3,0,step_size,\"{\"\"schedule\"\": \"\"cosine\"\", \"\"value\"\": "
              "0.5}\"\n");
        const ExperimentSpec replay = replay_spec(name.toStdString());
        QCOMPARE(replay.changes.size(), std::size_t{3});
        QVERIFY(replay.changes[0] == spec.changes[0]);
        QCOMPARE(replay.changes[1].key, std::string("step_size"));
        QCOMPARE(std::get<Schedule>(replay.changes[1].value).value, 0.5);
        QVERIFY(replay.changes[2] == spec.changes[1]);
        QVERIFY(parse_spec(format_spec(replay), "r") == replay);

        write(folder.filePath(QStringLiteral("changes.csv")), "step,lane,key,value\n2,1\n");
        const QString given = complaint([&] { replay_spec(name.toStdString()); });
        QVERIFY2(given.endsWith(QLatin1String("changes.csv: line 2: must be step,lane,key,value")), qPrintable(given));
    }
};

QTEST_APPLESS_MAIN(SpecTest)
#include "spec_test.moc"
