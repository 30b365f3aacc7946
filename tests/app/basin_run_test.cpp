// basin-run as a person or a script sees it: exit status, streams, interruption, resume and replay.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <csignal>

#include "workplace.h"

namespace {

QJsonObject last_line(const QByteArray& out)
{
    const QList<QByteArray> lines = out.trimmed().split('\n');
    return QJsonDocument::fromJson(lines.last()).object();
}

QStringList words(const char* text)
{
    return QString::fromUtf8(text).split(QLatin1Char(' '));
}

}  // namespace

class BasinRunTest : public QObject {
    Q_OBJECT

    static QByteArray theta(const Workplace& place, const char* folder)
    {
        return place.read(QString::fromUtf8(folder) + QLatin1String("/theta_0.npy")) +
               place.read(QString::fromUtf8(folder) + QLatin1String("/theta_1.npy"));
    }

private Q_SLOTS:
    void the_last_line_is_the_summary()
    {
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec());
        for (const char* arguments : {"a.json", "a.json --quiet", "a.json --json"}) {
            const Workplace::Result result = place.run(words(arguments));
            QCOMPARE(result.status, 0);
            const QJsonObject summary = last_line(result.out);
            QCOMPARE(summary.value(QLatin1String("event")), QJsonValue(QLatin1String("summary")));
            const QJsonArray lanes = summary.value(QLatin1String("lanes")).toArray();
            QCOMPARE(lanes.size(), 2);
            QCOMPARE(lanes[1].toObject().value(QLatin1String("label")), QJsonValue(QLatin1String("B")));
            QCOMPARE(lanes[1].toObject().value(QLatin1String("steps")), QJsonValue(20));
            QVERIFY(summary.value(QLatin1String("timing")).toObject().contains(QLatin1String("seconds")));
        }
        QCOMPARE(place.run(words("a.json --quiet")).out.count('\n'), 1);
        QCOMPARE(place.run(words("a.json --quiet")).error, QByteArray());
        QVERIFY(place.contents().size() == 1);
    }

    void every_line_of_json_is_an_event()
    {
        const Workplace place;
        place.write(
            QStringLiteral("a.json"),
            small_spec("\"steps\": 20", "\"steps\": 20, \"probes\": [{\"probe\": \"gibbs_distance\", \"every\": 10}]"));
        const Workplace::Result result = place.run(words("a.json --json"));
        QVERIFY2(result.status == 0, result.error.constData());
        QStringList events;
        for (const QByteArray& line : result.out.trimmed().split('\n')) {
            events += QJsonDocument::fromJson(line).object().value(QLatin1String("event")).toString();
        }
        QCOMPARE(events.first(), QStringLiteral("start"));
        // Two lanes at steps 10 and 20, and at the start when the runner measures there too.
        QVERIFY2(events.count(QStringLiteral("probe")) >= 4, result.out.constData());
        QVERIFY(!events.contains(QString()));
    }

    void a_run_has_its_folder()
    {
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec());
        QCOMPARE(place.run(words("a.json --set steps=30 --set lanes.A.beta=7 --out deep/er/run")).status, 0);
        const QByteArray spec = place.read(QStringLiteral("deep/er/run/spec.json"));
        QVERIFY(spec.contains("\"steps\": 30") && spec.contains("\"beta\": 7"));
        const QByteArray summary = place.read(QStringLiteral("deep/er/run/summary.json"));
        QCOMPARE(QJsonDocument::fromJson(summary).object().value(QLatin1String("total_steps")), QJsonValue(30));
        // NumPy's header of 128 bytes, then 10 chains of 2 floats.
        QCOMPARE(place.read(QStringLiteral("deep/er/run/theta_1.npy")).size(), 128 + 10 * 2 * 4);
    }

    void a_lane_that_fails_is_named_and_the_others_go_on()
    {
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec("0.05", "50"));
        const Workplace::Result result = place.run(words("a.json --quiet"));
        QCOMPARE(result.status, 3);
        QVERIFY2(result.error.startsWith("basin-run: lane \"A\": step ") && result.error.count('\n') == 1,
                 result.error.constData());
        const QJsonArray lanes = last_line(result.out).value(QLatin1String("lanes")).toArray();
        QCOMPARE(lanes[0].toObject().value(QLatin1String("state")), QJsonValue(QLatin1String("failed")));
        QCOMPARE(lanes[1].toObject().value(QLatin1String("state")), QJsonValue(QLatin1String("finished")));
        QCOMPARE(lanes[1].toObject().value(QLatin1String("steps")), QJsonValue(20));
    }

    void an_interrupted_run_goes_on_to_the_same_end_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
    }

    void an_interrupted_run_goes_on_to_the_same_end()
    {
        QFETCH(int, signal);
        const Workplace place;
        // Long enough (some tenths of a second) that a signal sent at the folder's birth finds it running.
        place.write(
            QStringLiteral("a.json"),
            small_spec("\"chains\": 10, \"steps\": 20", "\"chains\": 1000, \"steps\": 100000, \"record_every\": 1000"));
        QProcess process;
        place.start(process, words("a.json --out run"));
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(place.path(QStringLiteral("run/spec.json"))), 30'000);
        ::kill(static_cast<pid_t>(process.processId()), signal);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(process.readAllStandardError().contains("go on with: basin-run --resume run"));

        QCOMPARE(place.run(words("--resume run --quiet")).status, 0);
        QCOMPARE(place.run(words("a.json --quiet --out whole")).status, 0);
        QVERIFY(!theta(place, "whole").isEmpty());
        QCOMPARE(theta(place, "run"), theta(place, "whole"));
        QCOMPARE(place.read(QStringLiteral("run/metrics.csv")), place.read(QStringLiteral("whole/metrics.csv")));
    }

    void a_replay_repeats_what_was_changed()
    {
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec());
        place.write(QStringLiteral("changed.json"),
                    small_spec("\"steps\": 20",
                               "\"steps\": 20, \"changes\": [{\"step\": 5, \"key\": \"beta\", \"value\": 2}]"));
        QCOMPARE(place.run(words("a.json --quiet --out plain")).status, 0);
        QCOMPARE(place.run(words("changed.json --quiet --out first")).status, 0);
        QCOMPARE(place.run(words("--replay first --quiet --out second")).status, 0);
        QVERIFY(theta(place, "first") != theta(place, "plain"));
        QCOMPARE(theta(place, "second"), theta(place, "first"));
        // As if it had been a hand's doing, of which the spec knows nothing.
        place.write(QStringLiteral("first/spec.json"), place.read(QStringLiteral("plain/spec.json")));
        QCOMPARE(place.run(words("--replay first --quiet --out third")).status, 0);
        QCOMPARE(theta(place, "third"), theta(place, "first"));
    }

    void threads_change_nothing()
    {
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec("\"chains\": 10", "\"chains\": 5000"));
        QCOMPARE(place.run(words("a.json --quiet --threads 1 --out one")).status, 0);
        QCOMPARE(place.run(words("a.json --quiet --threads 3 --out three")).status, 0);
        QCOMPARE(theta(place, "one"), theta(place, "three"));
    }

    void what_there_is_can_be_asked_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("help") << "--help" << QByteArray("--resume");
        QTest::newRow("help of a verb") << "list --help" << QByteArray("KIND");
        QTest::newRow("version") << "--version" << QByteArray("basin-run ");
        QTest::newRow("objectives") << "list objectives" << QByteArray("lenet");
        QTest::newRow("landscapes") << "list landscapes" << QByteArray("gaussian_wells");
        QTest::newRow("singular") << "list optimizer" << QByteArray("fsgld");
        QTest::newRow("probes") << "list probes" << QByteArray("gibbs_distance");
        QTest::newRow("optimizer") << "describe fsgld" << QByteArray("eta");
        QTest::newRow("network") << "describe lenet" << QByteArray("label_noise.rate");
        QTest::newRow("schema") << "schema" << QByteArray("json-schema.org");
    }

    void what_there_is_can_be_asked()
    {
        QFETCH(QString, arguments);
        QFETCH(QByteArray, answer);
        const Workplace place;
        const Workplace::Result result = place.run(arguments.split(QLatin1Char(' ')));
        QCOMPARE(result.status, 0);
        QCOMPARE(result.error, QByteArray());
        QVERIFY2(result.out.contains(answer), result.out.constData());
        QVERIFY(place.contents().isEmpty());
    }
};

QTEST_GUILESS_MAIN(BasinRunTest)
#include "basin_run_test.moc"
