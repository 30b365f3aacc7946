// Params: defaults, types, ranges, the sentences for what is wrong, and numbers that no locale touches.
#include <QTest>
#include <clocale>
#include <limits>
#include <stdexcept>

#include "core/catalog/params.h"

using namespace basin;

namespace {

ParamSchema schema()
{
    ParamSpec beta{.key = "beta", .default_value = 20, .minimum = 0.0, .exclusive_minimum = true, .live = true};
    ParamSpec rate{.key = "label_noise.rate", .default_value = 0.4, .minimum = 0.0, .maximum = 1.0};
    ParamSpec draws{.key = "draws", .type = ParamType::integer, .default_value = 1, .minimum = 1.0, .maximum = 64.0};
    ParamSpec coupling{.key = "coupling", .type = ParamType::boolean, .default_value = true};
    ParamSpec noise{.key = "noise",
                    .type = ParamType::choice,
                    .default_value = std::string("normal"),
                    .choices = {"normal", "rademacher"}};
    ParamSpec widths{
        .key = "widths", .type = ParamType::list, .default_value = std::vector<double>{64, 32}, .minimum = 1.0};
    ParamSpec folder{.key = "folder", .type = ParamType::file, .default_value = std::string()};
    return {beta, rate, draws, coupling, noise, widths, folder};
}

QString message(const std::string& key, const ParamValue& value)
{
    Params params(schema());
    const Params before = params;
    try {
        params.set(key, value);
    } catch (const std::invalid_argument& error) {
        if (!(params == before)) {
            return QStringLiteral("changed by a refused value");
        }
        return QString::fromStdString(error.what());
    }
    return {};
}

}  // namespace

Q_DECLARE_METATYPE(basin::ParamValue)

class ParamsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void defaults_are_filled_in()
    {
        const Params params(schema());
        QCOMPARE(params.number("beta"), 20.0);
        QCOMPARE(params.integer("draws"), 1);
        QCOMPARE(params.number("draws"), 1.0);
        QVERIFY(params.flag("coupling"));
        QCOMPARE(params.text("noise"), std::string("normal"));
        QCOMPARE(params.list("widths"), (std::vector<double>{64, 32}));
        QVERIFY(params.has("label_noise.rate"));
        QVERIFY(!params.has("rate"));
    }

    void a_default_outside_its_range_is_refused()
    {
        ParamSchema wrong = schema();
        wrong[0].default_value = -1.0;
        QVERIFY_EXCEPTION_THROWN(Params{wrong}, std::invalid_argument);
    }

    void equal_values_are_equal_however_they_were_given()
    {
        Params a(schema());
        Params b(schema());
        a.set("beta", std::int64_t{5});
        b.set("beta", Schedule{.value = 5});
        QVERIFY(a == b);
        a.set("draws", 4.0);
        QCOMPARE(a.integer("draws"), 4);
        QVERIFY(!(a == b));
    }

    void a_schedule_is_evaluated()
    {
        Params params(schema());
        params.set("beta", Schedule{.kind = Schedule::Kind::cosine, .value = 10, .end = 2});
        QCOMPARE(params.number("beta", 0, 100), 10.0);
        QCOMPARE(params.number("beta", 50, 100), 6.0);
        QCOMPARE(params.number("beta", 100, 100), 2.0);
    }

    void wrong_values_are_named_data()
    {
        using Kind = Schedule::Kind;
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const double infinity = std::numeric_limits<double>::infinity();
        QTest::addColumn<QString>("key");
        QTest::addColumn<ParamValue>("value");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* key, ParamValue value, const char* expected) {
            QTest::newRow(name) << key << value << expected;
        };
        row("exclusive minimum", "beta", 0.0, "beta must be greater than 0, not 0");
        row("maximum", "label_noise.rate", 1.5, "label_noise.rate must be at least 0 and at most 1, not 1.5");
        row("nan", "beta", nan, "beta must be a finite number, not nan");
        row("infinity", "label_noise.rate", infinity, "label_noise.rate must be a finite number, not inf");
        row("text for number", "beta", std::string("hot"), "beta must be a number, not \"hot\"");
        row("boolean for number", "beta", true, "beta must be a number, not true");
        row("list for number", "beta", std::vector<double>{1, 2}, "beta must be a number, not [1, 2]");
        row("fraction for integer", "draws", 1.5, "draws must be a whole number, not 1.5");
        row("huge integer", "draws", 1e300, "draws must be a whole number, not 1e+300");
        row("integer range", "draws", std::int64_t{0}, "draws must be at least 1 and at most 64, not 0");
        row("number for boolean", "coupling", 1.0, "coupling must be true or false, not 1");
        row("unknown choice", "noise", std::string("norml"),
            "noise must be \"normal\" or \"rademacher\" (did you mean \"normal\"?), not \"norml\"");
        row("list element", "widths", std::vector<double>{8, 0}, "widths[1] must be at least 1, not 0");
        row("number for file", "folder", 3.0, "folder must be the name of a file or folder, not 3");
        row("schedule of a fixed one", "label_noise.rate", Schedule{.kind = Kind::warm_up, .value = 1, .over = 5},
            "label_noise.rate can not change while running: give it a number, not a schedule");
        row("schedule start", "beta", Schedule{.kind = Kind::cosine, .value = -1, .end = 1},
            "beta.value must be greater than 0, not -1");
        row("schedule end", "beta", Schedule{.kind = Kind::cosine, .value = 1, .end = 0},
            "beta.end must be greater than 0, not 0");
        row("no milestones", "beta", Schedule{.kind = Kind::steps, .value = 1},
            "beta.milestones must hold at least one step");
        row("falling milestones", "beta", Schedule{.kind = Kind::steps, .value = 1, .milestones = {5, 5}},
            "beta.milestones must be rising steps from 0 on");
        row("factor", "beta", Schedule{.kind = Kind::steps, .value = 1, .factor = 0, .milestones = {5}},
            "beta.factor must be greater than 0, not 0");
        row("warm-up over nothing", "beta", Schedule{.kind = Kind::warm_up, .value = 1},
            "beta.over must be at least 1, not 0");
        row("negative warm-up", "beta", Schedule{.kind = Kind::cosine, .value = 1, .end = 1, .warm_up = -3},
            "beta.warm_up must be at least 0, not -3");
        row("misspelt key", "bta", 1.0, "this has no parameter \"bta\"; did you mean \"beta\"?");
        row("unknown key", "temperature", 1.0,
            "this has no parameter \"temperature\"; known: beta, label_noise.rate, draws, coupling, noise, widths, "
            "folder");
    }

    void wrong_values_are_named()
    {
        QFETCH(QString, key);
        QFETCH(ParamValue, value);
        QFETCH(QString, expected);
        QCOMPARE(message(key.toStdString(), value), expected);
    }

    void where_stands_before_the_key()
    {
        Params params(schema());
        try {
            params.set("beta", -1.0, "a.json: lanes[1].");
            QFAIL("not refused");
        } catch (const std::invalid_argument& error) {
            QCOMPARE(QString::fromUtf8(error.what()), "a.json: lanes[1].beta must be greater than 0, not -1");
        }
    }

    void conditions_hold_in_one_of_their_alternatives()
    {
        const ParamCondition condition{{{"base", {std::string("fsgld")}}, {"coupling", {false}}},
                                       {{"base", {std::string("rwp"), std::string("sgd")}}}};
        ParamValue base = std::string("fsgld");
        ParamValue coupling = true;
        bool known = true;
        const auto value_of = [&](const std::string& key) -> const ParamValue* {
            return key == "base" ? &base : known ? &coupling : nullptr;
        };
        QVERIFY(!holds(condition, value_of));
        known = false;  // a term that does not count holds
        QVERIFY(holds(condition, value_of));
        known = true;
        coupling = false;
        QVERIFY(holds(condition, value_of));
        coupling = true;
        base = std::string("sgd");
        QVERIFY(holds(condition, value_of));
        base = std::string("sgld");
        QVERIFY(!holds(condition, value_of));
        QVERIFY(holds({}, value_of));
        QVERIFY(holds(when("base", "sgld"), value_of) && !holds(when("coupling", false), value_of));
    }

    void an_entrys_schema_is_made_once_when_it_is_first_read()
    {
        static int made = 0;
        const EntrySchema schema(+[] {
            ++made;
            return ParamSchema{{.key = "rho", .default_value = 0.05}};
        });
        const EntrySchema copy = schema;
        QCOMPARE(made, 0);
        QCOMPARE(copy.begin()->key, std::string("rho"));
        QCOMPARE(schema.defaults().number("rho"), 0.05);
        QCOMPARE(made, 1);
        QCOMPARE(Params(schema).schema().size(), 1U);
    }

    void copies_of_parameters_have_values_of_their_own()
    {
        Params one(ParamSchema{{.key = "rho", .default_value = 0.05}});
        Params two = one;
        two.set("rho", 0.1);
        QCOMPARE(one.number("rho"), 0.05);
        QCOMPARE(two.number("rho"), 0.1);
        QVERIFY(Params().schema().empty());
    }

    void the_nearest_word_is_found_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("expected");
        QTest::newRow("swap") << "momnetum"
                              << "momentum";
        QTest::newRow("missing underscore") << "stepsize"
                                            << "step_size";
        QTest::newRow("capital") << "Beta"
                                 << "beta";
        QTest::newRow("far away") << "temperature"
                                  << "";
        QTest::newRow("empty") << ""
                               << "";
        QTest::newRow("short") << "x"
                               << "";
        QTest::newRow("endless") << QString(100000, 'a') << "";
    }

    void the_nearest_word_is_found()
    {
        QFETCH(QString, word);
        QFETCH(QString, expected);
        const std::vector<std::string> known{"momentum", "step_size", "beta", "k"};
        QCOMPARE(nearest(word.toStdString(), known), expected.toStdString());
    }

    void numbers_read_back_in_any_locale()
    {
        // Where no locale with a decimal comma is installed, the C locale is still a test of the round trip.
        for (const char* locale : {"C", "de_DE.UTF-8", "de_DE.utf8"}) {
            std::setlocale(LC_ALL, locale);
            for (const double value : {0.05, 1e-8, 1e8, -0.0, 1.0 / 3, 5e-324, 1.7976931348623157e308, 20.0}) {
                QCOMPARE(parse_number(format_number(value)), std::optional(value));
            }
            QCOMPARE(format_number(0.5), std::string("0.5"));
            QVERIFY(!parse_number("0,5"));
        }
        std::setlocale(LC_ALL, "C");
    }

    void text_that_is_no_number_is_none()
    {
        for (const char* text : {"", " 1", "1 ", "1x", "nan", "inf", "1e999", "--1", "+-1", "0x10", "."}) {
            QVERIFY2(!parse_number(text), text);
        }
        QCOMPARE(parse_number("+2.5"), std::optional(2.5));
    }
};

QTEST_APPLESS_MAIN(ParamsTest)
#include "params_test.moc"
