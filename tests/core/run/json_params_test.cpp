// Between JSON and Params: nesting, schedules, and each complaint with its path.
#include <QTest>
#include <stdexcept>

#include "core/run/json_params.h"

using namespace basin;

namespace {

ParamSchema schema()
{
    return {{.key = "beta", .default_value = 20.0, .minimum = 0.0, .exclusive_minimum = true, .live = true},
            {.key = "label_noise.kind",
             .type = ParamType::choice,
             .default_value = std::string("none"),
             .choices = {"none", "symmetric"}},
            {.key = "label_noise.rate", .default_value = 0.4, .minimum = 0.0, .maximum = 1.0},
            {.key = "count", .type = ParamType::integer, .default_value = 0, .minimum = 0.0},
            {.key = "widths", .type = ParamType::list, .default_value = std::vector<double>{}}};
}

Params read(const QString& text)
{
    Params params(schema());
    read_params(parse_json(text.toStdString(), "a.json"), {"a.json", "lanes[1]"}, {"label"}, params);
    return params;
}

}  // namespace

class JsonParamsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void values_and_nested_keys_are_read()
    {
        const Params params = read(QStringLiteral(
            R"({"label": "x", "beta": 5, "label_noise": {"rate": 0.1, "kind": "symmetric"}, "widths": [3, 4.5]})"));
        QCOMPARE(params.number("beta"), 5.0);
        QCOMPARE(params.number("label_noise.rate"), 0.1);
        QCOMPARE(params.text("label_noise.kind"), std::string("symmetric"));
        QCOMPARE(params.list("widths"), (std::vector<double>{3, 4.5}));
        QCOMPARE(params.integer("count"), 0);
    }

    void what_is_written_reads_back_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("plain") << R"({"beta": 0.1, "count": 7, "label_noise": {"rate": 1}})";
        QTest::newRow("constant") << R"({"beta": {"schedule": "constant", "value": 3}})";
        QTest::newRow("cosine")
            << R"({"beta": {"schedule": "cosine", "value": 3, "end": 1, "over": 10, "warm_up": 2}})";
        QTest::newRow("cosine, short") << R"({"beta": {"schedule": "cosine", "value": 3, "end": 1}})";
        QTest::newRow("steps") << R"({"beta": {"schedule": "steps", "value": 3, "factor": 0.5, "milestones": [1, 2]}})";
        QTest::newRow("warm-up") << R"({"beta": {"schedule": "warm_up", "value": 3, "over": 10}})";
    }

    void what_is_written_reads_back()
    {
        QFETCH(QString, text);
        const Params params = read(text);
        Json json{Json::Object()};
        write_params(params, json);
        const Params again = read(QString::fromStdString(format_json(json)));
        QVERIFY(again == params);
        QVERIFY(!(params == Params(schema())));
    }

    void schedules_keep_their_numbers()
    {
        const Params params =
            read(QStringLiteral(R"({"beta": {"schedule": "cosine", "value": 3, "end": 1, "over": 10, "warm_up": 2}})"));
        const Schedule expected{.kind = Schedule::Kind::cosine, .value = 3, .end = 1, .over = 10, .warm_up = 2};
        QCOMPARE(std::get<Schedule>(params.value("beta")), expected);
    }

    void mistakes_are_named_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(expected);
        };
        row("misspelt", R"({"bta": 1})", "a.json: lanes[1] has no key \"bta\"; did you mean \"beta\"?");
        row("unknown", R"({"temperature": 1})",
            "a.json: lanes[1] has no key \"temperature\"; known: label, beta, label_noise, count, widths");
        row("misspelt inside", R"({"label_noise": {"rat": 1}})",
            "a.json: lanes[1].label_noise has no key \"rat\"; did you mean \"rate\"?");
        row("range", R"({"beta": 0})", "a.json: lanes[1].beta must be greater than 0, not 0");
        row("range inside", R"({"label_noise": {"rate": 1.5}})",
            "a.json: lanes[1].label_noise.rate must be at least 0 and at most 1, not 1.5");
        row("type", R"({"beta": "hot"})", "a.json: lanes[1].beta must be a number, not \"hot\"");
        row("null", R"({"beta": null})", "a.json: lanes[1].beta must not be null: leave the key out");
        row("fraction", R"({"count": 1.5})", "a.json: lanes[1].count must be a whole number, not 1.5");
        row("too large for an integer", R"({"count": 123456789012345678901234567890})",
            "a.json: lanes[1].count must be a whole number, not 1.2345678901234568e+29");
        row("text in a list", R"({"widths": [1, "x"]})", "a.json: lanes[1].widths[1] must be a number, not \"x\"");
        row("list in a list", R"({"widths": [[1]]})", "a.json: lanes[1].widths[0] must be a number, not [1]");
        row("plain for nested", R"({"label_noise": 0.4})",
            "a.json: lanes[1].label_noise must be an object {\"kind\": ...}, not 0.4");
        row("not an object", "[]", "a.json: lanes[1] must be an object {...}, not a list");
        row("object without schedule", R"({"beta": {"value": 3}})",
            "a.json: lanes[1].beta must be a plain value or a schedule: an object with a key \"schedule\"");
        row("unknown schedule", R"({"beta": {"schedule": "cosin", "value": 3}})",
            "a.json: lanes[1].beta.schedule must be \"constant\", \"steps\", \"cosine\" or \"warm_up\" (did you mean "
            "\"cosine\"?), not \"cosin\"");
        row("key of another schedule", R"({"beta": {"schedule": "cosine", "value": 3, "factor": 2}})",
            "a.json: lanes[1].beta has no key \"factor\"; known: schedule, value, end, over, warm_up");
        row("schedule without value", R"({"beta": {"schedule": "cosine"}})",
            "a.json: lanes[1].beta needs a key \"value\"");
        row("schedule of a fixed one", R"({"label_noise": {"rate": {"schedule": "cosine", "value": 1}}})",
            "a.json: lanes[1].label_noise.rate can not change while running: give it a number, not a schedule");
        row("milestone", R"({"beta": {"schedule": "steps", "value": 3, "milestones": [1.5]}})",
            "a.json: lanes[1].beta.milestones[0] must be a whole number, not 1.5");
        row("milestones", R"({"beta": {"schedule": "steps", "value": 3, "milestones": 5}})",
            "a.json: lanes[1].beta.milestones must be a list of steps, not 5");
        row("schedule range", R"({"beta": {"schedule": "cosine", "value": 3, "end": -1}})",
            "a.json: lanes[1].beta.end must be greater than 0, not -1");
    }

    void mistakes_are_named()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QString given;
        try {
            read(text);
        } catch (const std::invalid_argument& error) {
            given = QString::fromUtf8(error.what());
        }
        QCOMPARE(given, expected);
    }
};

QTEST_APPLESS_MAIN(JsonParamsTest)
#include "json_params_test.moc"
