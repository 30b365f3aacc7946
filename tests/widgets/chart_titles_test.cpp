// No axis is without a name: whatever the room, each chart says what it shows, whole and apart from other texts.
#include <QTest>
#include <cmath>
#include <memory>

#include "tests/app/text_recorder.h"
#include "widgets/plots/chart_frame.h"
#include "widgets/plots/curve_chart.h"
#include "widgets/plots/theme.h"

using namespace basin;

namespace {

std::unique_ptr<CurveChart> chart_of(const QString& title, const QString& brief)
{
    auto chart = std::make_unique<CurveChart>();
    std::vector<CurveView> curves;
    for (const char* label : {"SGD", "SAM", "fSGLD"}) {
        auto series = std::make_shared<CurveSeries>();
        for (int epoch = 0; epoch <= 20; ++epoch) {
            series->append(47.0 * epoch, 47.0 * epoch, epoch, 0.1 + 0.04 * epoch);
        }
        curves.push_back({QString::fromLatin1(label), static_cast<int>(curves.size()), true, series});
    }
    chart->set_y_title(title, brief);
    chart->set_x_axis(XAxis::epochs, 1.0 / 47);
    chart->set_curves(curves);
    return chart;
}

}  // namespace

class ChartTitlesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void every_axis_has_its_name_data();
    void every_axis_has_its_name();
};

void ChartTitlesTest::every_axis_has_its_name_data()
{
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("brief");
    QTest::addColumn<double>("scale");
    for (const double scale : {1.0, 1.4}) {
        QTest::addRow("long, %g", scale) << QStringLiteral("Flipped labels fitted") << QString() << scale;
        QTest::addRow("brief, %g", scale) << QStringLiteral("mini-batch loss") << QStringLiteral("loss") << scale;
    }
}

void ChartTitlesTest::every_axis_has_its_name()
{
    QFETCH(QString, title);
    QFETCH(QString, brief);
    QFETCH(double, scale);
    const std::unique_ptr<CurveChart> chart = chart_of(title, brief);
    chart->setFont(scaled_font(chart->font(), scale));
    chart->resize(384, 400);
    chart->show();
    QVERIFY(QTest::qWaitForWindowExposed(chart.get()));
    QWidget* viewport = chart->findChild<ChartFrame*>()->viewport();
    for (const int width : {384, 300, 620}) {
        for (int step = -75; step <= 75; ++step) {  // down to the least height and up again
            chart->resize(width, 110 + 4 * std::abs(step));
            QCoreApplication::processEvents();
            const std::vector<DrawnText> texts = TextRecorder::of(*viewport);
            const QString at = QStringLiteral("%1 x %2: ").arg(width).arg(chart->height());
            const QRectF all(viewport->rect());
            int names = 0;
            int epochs = 0;
            // In 384 pixels large names of lanes leave no room for a title in their line.
            const bool room = width == 620 || (width == 384 && scale == 1.0);
            for (const DrawnText& text : texts) {
                QVERIFY2(all.contains(text.box.adjusted(2, 2, -2, -2)), qPrintable(at + text.text));
                for (const DrawnText& other : texts) {
                    const bool apart =
                        &text == &other || (text.box & other.box).width() < 2 || (text.box & other.box).height() < 2;
                    QVERIFY2(apart, qPrintable(at + text.text + QStringLiteral(" over ") + other.text));
                }
                const bool name = text.text == title || (!brief.isEmpty() && text.text == brief);
                names += name ? 1 : 0;
                QVERIFY2(!name || !room || !chart->plot_area().intersects(text.box), qPrintable(at + "over curves"));
                // Below the axis, or before the number at its end.
                epochs += text.text.startsWith(QStringLiteral("epoch")) ? 1 : 0;
                QVERIFY2(!text.text.startsWith(QStringLiteral("epoch")) || text.box.top() > chart->plot_area().bottom(),
                         qPrintable(at + "epoch over curves"));
                QVERIFY2(!text.text.contains(QStringLiteral("...")), qPrintable(at + text.text));
            }
            QVERIFY2(names == 1, qPrintable(at + "y"));
            QVERIFY2(epochs == 1, qPrintable(at + "x"));
        }
    }
}

QTEST_MAIN(ChartTitlesTest)
#include "chart_titles_test.moc"
