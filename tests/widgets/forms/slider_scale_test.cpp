// Sliders reach their ends, come back to where they were, and never give a number that is not allowed.
#include <QTest>
#include <cmath>

#include "core/optim/optimizer.h"
#include "core/run/objectives.h"
#include "widgets/forms/slider_scale.h"

using namespace basin;

class SliderScaleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void has_none_without_a_span();
    void goes_from_end_to_end();
    void goes_by_equal_factors_when_logarithmic();
    void leaves_out_an_excluded_end();
    void gives_whole_numbers_for_integers();
    void every_place_of_every_schema_is_allowed_data();
    void every_place_of_every_schema_is_allowed();
};

void SliderScaleTest::has_none_without_a_span()
{
    QVERIFY(!SliderScale::of({.key = "x", .minimum = 0.0}));
    QVERIFY(!SliderScale::of(
        {.key = "x", .type = ParamType::boolean, .default_value = true, .minimum = 0.0, .maximum = 1.0}));
}

void SliderScaleTest::goes_from_end_to_end()
{
    const auto scale = SliderScale::of({.key = "x", .minimum = -3.0, .maximum = 7.0});
    QVERIFY(scale);
    QCOMPARE(scale->value(0), -3.0);
    QCOMPARE(scale->value(SliderScale::kPlaces), 7.0);
    QCOMPARE(scale->value(SliderScale::kPlaces / 2), 2.0);
    QCOMPARE(scale->place(-100), 0);
    QCOMPARE(scale->place(100), SliderScale::kPlaces);
}

void SliderScaleTest::goes_by_equal_factors_when_logarithmic()
{
    const auto scale = SliderScale::of({.key = "x", .scale = ParamScale::log, .slider = {{1e-4, 1.0}}});
    QVERIFY(scale);
    QCOMPARE(scale->value(SliderScale::kPlaces / 2), 0.01);
    QCOMPARE(scale->value(SliderScale::kPlaces / 4), 0.001);
    QCOMPARE(scale->place(0.1), SliderScale::kPlaces * 3 / 4);
}

void SliderScaleTest::leaves_out_an_excluded_end()
{
    const auto scale = SliderScale::of({.key = "x", .minimum = 0.0, .maximum = 2.0, .exclusive_minimum = true});
    QVERIFY(scale);
    QVERIFY(scale->value(0) > 0);
}

void SliderScaleTest::gives_whole_numbers_for_integers()
{
    const auto scale = SliderScale::of({.key = "n",
                                        .type = ParamType::integer,
                                        .default_value = std::int64_t{1},
                                        .minimum = 1.0,
                                        .maximum = 16.0,
                                        .scale = ParamScale::log});
    QVERIFY(scale);
    for (int place = 0; place <= SliderScale::kPlaces; ++place) {
        QCOMPARE(scale->value(place), std::round(scale->value(place)));
    }
}

void SliderScaleTest::every_place_of_every_schema_is_allowed_data()
{
    QTest::addColumn<ParamSchema>("schema");
    for (const OptimizerEntry* entry : optimizer_entries()) {
        QTest::newRow(entry->key.c_str()) << entry->schema.get();
    }
    for (const ObjectiveEntry& entry : objective_entries()) {
        QTest::newRow(entry.key.c_str()) << entry.schema;
    }
}

void SliderScaleTest::every_place_of_every_schema_is_allowed()
{
    QFETCH(const ParamSchema, schema);
    for (const ParamSpec& spec : schema) {
        const auto scale = SliderScale::of(spec);
        for (int place = 0; scale && place <= SliderScale::kPlaces; ++place) {
            const double value = scale->value(place);
            checked_value(spec, value, spec.key);  // throws when it is not
            // Three digits are half a percent apart at most: two places of a slider with 400. Whole numbers come back.
            const int back = scale->place(value);
            QVERIFY2(spec.type == ParamType::integer ? scale->value(back) == value : std::abs(back - place) <= 2,
                     qPrintable(QStringLiteral("%1 at %2").arg(QString::fromStdString(spec.key)).arg(place)));
        }
    }
}

QTEST_APPLESS_MAIN(SliderScaleTest)
#include "slider_scale_test.moc"
