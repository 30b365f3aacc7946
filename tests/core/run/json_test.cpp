// Json: what is read strictly, what each mistake is called, and that writing and reading are inverse.
#include <QTest>
#include <clocale>
#include <stdexcept>

#include "core/run/json.h"

using namespace basin;

namespace {

QString complaint(const QByteArray& text)
{
    try {
        parse_json(text.toStdString(), "a.json");
    } catch (const std::invalid_argument& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

}  // namespace

class JsonTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void kinds_of_values()
    {
        const Json json = parse_json(
            R"({"a": null, "b": true, "c": -3, "d": 18446744073709551615, "e": 0.5, "f": "ü\n", "g": [1, {}]})", "t");
        QVERIFY(std::holds_alternative<std::nullptr_t>(json.find("a")->value));
        QVERIFY(std::get<bool>(json.find("b")->value));
        QCOMPARE(std::get<std::int64_t>(json.find("c")->value), -3);
        QCOMPARE(std::get<std::uint64_t>(json.find("d")->value), UINT64_MAX);
        QCOMPARE(std::get<double>(json.find("e")->value), 0.5);
        QCOMPARE(*json.find("f")->text(), std::string("ü\n"));
        QCOMPARE(json.find("g")->array()->size(), std::size_t{2});
        QVERIFY(json.find("h") == nullptr);
    }

    void order_is_that_of_the_text()
    {
        QCOMPARE(format_json_line(parse_json(R"({"z":1,"a":2,"m":[]})", "t")),
                 std::string(R"({"z": 1, "a": 2, "m": []})"));
    }

    void written_text_reads_back()
    {
        const std::string text =
            "{\n  \"version\": 1,\n  \"start\": {\"points\": [[-1.8, 0], [1.8, 0]], \"spread\": 1e-08},\n"
            "  \"lanes\": [\n    {\"label\": \"a \\\"b\\\\ \\u0001\\t\", \"beta\": 20},\n    {}\n  ],\n  \"none\": "
            "[]\n}";
        QCOMPARE(format_json(parse_json(text, "t")), text);
    }

    void long_objects_take_a_line_a_key()
    {
        Json inner{Json::Object()};
        for (int i = 0; i < 20; ++i) {
            inner.set("parameter_" + std::to_string(i), i);
        }
        const std::string text = format_json(Json(Json::Object{{"a", inner}}));
        QVERIFY(text.starts_with("{\n  \"a\": {\n    \"parameter_0\": 0,\n"));
        QCOMPARE(format_json(parse_json(text, "t")), text);
    }

    void numbers_do_not_depend_on_the_locale()
    {
        // Without an installed locale that has a decimal comma this still holds, but shows less.
        for (const char* locale : {"C", "de_DE.UTF-8", "de_DE.utf8"}) {
            std::setlocale(LC_ALL, locale);
            QCOMPARE(format_json_line(parse_json("[0.5, 1e-3, 2.5E2]", "t")), std::string("[0.5, 0.001, 250]"));
        }
        std::setlocale(LC_ALL, "C");
    }

    void mistakes_are_named_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const QByteArray& text, const char* expected) {
            QTest::newRow(name) << text << QString::fromUtf8(expected);
        };
        row("empty", "", "a.json: line 1, column 1: not JSON (");
        row("cut off", "{\"a\": 1,\n  \"b\": [1, 2", "a.json: line 2, column 12: not JSON (");
        row("missing comma", "{\"a\": 1\n \"b\": 2}", "a.json: line 2, column 4: not JSON (");
        row("trailing text", "{} x", "a.json: line 1, column 4: not JSON (");
        row("nan", "{\"a\": NaN}", "a.json: line 1, column 7: not JSON (");
        row("comment", "// no\n{}", "a.json: line 1, column 1: not JSON (");
        row("no utf-8", "{\"a\": \"\xff\"}", "a.json: line 1, column 8: not JSON (");
        row("nul", QByteArray("{\"a\": \0}", 8), "a.json: line 1, column 7: not JSON (");
        row("beyond double", "{\"a\": 1e999}", "a.json: line 1, column 11: 1e999 is beyond the range of numbers");
        row("twice", "{\"a\": 1, \"a\": 2}", "a.json: after \"a\": key \"a\" is given twice");
        row("twice inside", "{\"b\": [{\"x\": 1, \"x\": 2}]}", "a.json: after \"x\": key \"x\" is given twice");
        row("deep", QByteArray(100000, '['), "a.json: lists and objects are nested deeper than 32");
    }

    void mistakes_are_named()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        const QString given = complaint(text);
        QVERIFY2(given.startsWith(expected), qPrintable(given));
        QVERIFY(!given.contains(QLatin1Char('\n')));
    }

    void a_huge_object_is_read_in_one_pass()
    {
        // Looking for doubles by comparing each key with all before it would take minutes here.
        QByteArray text = "{\"k\": 0";
        for (int i = 0; i < 200'000; ++i) {
            text += ",\"" + QByteArray::number(i) + "\":0";
        }
        QCOMPARE(parse_json(QByteArray(text + "}").toStdString(), "t").object()->size(), std::size_t{200'001});
    }
};

QTEST_APPLESS_MAIN(JsonTest)
#include "json_test.moc"
