// The line in which start points are written.
#include <QTest>
#include <stdexcept>

#include "widgets/forms/start_form.h"

using namespace basin;

class StartPointsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_points();
    void reads_what_it_writes();
    void refuses_what_is_no_point_data();
    void refuses_what_is_no_point();
};

void StartPointsTest::reads_points()
{
    using Points = std::vector<std::vector<double>>;
    QCOMPARE(parse_points(QStringLiteral("-1.8, 0; 1.8, 0")), (Points{{-1.8, 0}, {1.8, 0}}));
    QCOMPARE(parse_points(QStringLiteral(" (1 2) ;; 3,4; ")), (Points{{1, 2}, {3, 4}}));
    QVERIFY(parse_points({}).empty());
}

void StartPointsTest::reads_what_it_writes()
{
    const std::vector<std::vector<double>> points{{0.1, -1e-8}, {123456.789, 0.30000000000000004}};
    QCOMPARE(parse_points(format_points(points)), points);
}

void StartPointsTest::refuses_what_is_no_point_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("a word") << QStringLiteral("here, there");
    QTest::newRow("one number") << QStringLiteral("1");
    QTest::newRow("three numbers") << QStringLiteral("1, 2, 3");
}

void StartPointsTest::refuses_what_is_no_point()
{
    QFETCH(const QString, text);
    QVERIFY_EXCEPTION_THROWN(parse_points(text), std::invalid_argument);
}

QTEST_APPLESS_MAIN(StartPointsTest)
#include "start_points_test.moc"
