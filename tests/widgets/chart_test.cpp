// What all charts share: the same keys, wheel and drags move each of them, and each is saved as a table.
#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>

#include "core/landscape/landscape.h"
#include "widgets/plots/chart_frame.h"
#include "widgets/plots/curve_chart.h"
#include "widgets/plots/landscape_view.h"
#include "widgets/plots/readout_box.h"
#include "widgets/plots/slice_chart.h"
#include "widgets/plots/spectrum_chart.h"
#include "widgets/plots/theme.h"

using namespace basin;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::unique_ptr<Chart> curves()
{
    auto chart = std::make_unique<CurveChart>();
    auto series = std::make_shared<CurveSeries>();
    for (int step = 0; step <= 100; ++step) {
        series->append(step, step, 0, 1 + 0.01 * step);
    }
    chart->set_curves({{QStringLiteral("SGD"), 0, true, series}});
    return chart;
}

std::unique_ptr<Chart> spectra()
{
    auto chart = std::make_unique<SpectrumChart>();
    auto spectrum = std::make_shared<Spectrum>();
    spectrum->at = {0, 1, 2};
    spectrum->density = {1, 0.5, 0.1};
    spectrum->error = {0.1, 0.1, 0.1};
    spectrum->eigenvalues = {2};
    spectrum->residuals = {0.01};
    chart->set_curves({{QStringLiteral("SGD"), 0, true, spectrum}});
    return chart;
}

std::vector<SliceField> plane_fields()
{
    SliceField loss{QStringLiteral("training loss"), 2, 3, {-1, 1}, {0, 2}, {1, 2, 3, 4, kNan, 6}};
    SliceField accuracy = loss;
    accuracy.name = QStringLiteral("training accuracy");
    accuracy.values = {0.1, 0.2, 0.3, 0.4, kNan, 0.5};
    return {loss, accuracy};
}

std::unique_ptr<Chart> plane()
{
    auto chart = std::make_unique<SliceChart>();
    chart->set_slice(plane_fields(), plane_fields());
    return chart;
}

std::unique_ptr<Chart> line()
{
    auto chart = std::make_unique<SliceChart>();
    const std::vector<SliceField> fields{{QStringLiteral("training loss"), 1, 3, {0, 1}, {0, 1}, {1, 2, 4}}};
    chart->set_slice(fields, fields);
    return chart;
}

struct Kind {
    const char* name;
    std::unique_ptr<Chart> (*make)();
    bool both;  // wheel, + and - zoom both axes
};
constexpr Kind kKinds[] = {
    {"curves", curves, false}, {"spectra", spectra, false}, {"plane", plane, true}, {"line", line, false}};

bool near(double a, double b)
{
    return std::fabs(a - b) < 1e-9 * std::max(1.0, std::fabs(b));
}

void wheel(const Chart& chart, const QPointF& share, int angle, Qt::KeyboardModifiers keys = {})
{
    auto* frame = chart.findChild<ChartFrame*>();
    const QRectF area = frame->plot_area();
    const QPointF at(area.left() + share.x() * area.width(), area.bottom() - share.y() * area.height());
    QWheelEvent event(at, frame->viewport()->mapToGlobal(at), {}, {0, angle}, Qt::NoButton, keys, Qt::NoScrollPhase,
                      false);
    QCoreApplication::sendEvent(frame->viewport(), &event);
}

}  // namespace

class ChartTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void moved_in_the_same_way_data();
    void moved_in_the_same_way();
    void a_hover_speaks_until_a_drag_begins();
    void tables_have_what_is_drawn();
    void paths_and_maps_are_tables_too();
    void curves_by_step_alone_say_so();
    void saved_by_the_ending();
    void the_dialog_follows_the_kind_of_file();
    void the_readout_stays_in_its_room();
};

void ChartTest::moved_in_the_same_way_data()
{
    QTest::addColumn<int>("kind");
    for (int i = 0; i < 4; ++i) {
        QTest::newRow(kKinds[i].name) << i;
    }
}

void ChartTest::moved_in_the_same_way()
{
    QFETCH(const int, kind);
    const std::unique_ptr<Chart> chart = kKinds[kind].make();
    const bool both = kKinds[kind].both;
    chart->resize(500, 400);
    chart->show();
    QVERIFY(QTest::qWaitForWindowExposed(chart.get()));
    chart->fit();
    QVERIFY(chart->follows());
    const AxisRange x = chart->x_range();
    const AxisRange y = chart->y_range();
    const auto fits = [&] { return chart->follows() && chart->x_range() == x && chart->y_range() == y; };

    // + and = make the spans 0.7 of what they were about the middle, - undoes that.
    for (const Qt::Key key : {Qt::Key_Plus, Qt::Key_Equal}) {
        QTest::keyClick(chart.get(), key);
        QVERIFY(!chart->follows());
        QVERIFY(near(chart->x_range().span(), 0.7 * x.span()));
        QVERIFY(near(chart->y_range().span(), (both ? 0.7 : 1) * y.span()));
        QVERIFY(near(chart->x_range().low + chart->x_range().high, x.low + x.high));
        QTest::keyClick(chart.get(), Qt::Key_Minus);
        QVERIFY(near(chart->x_range().low, x.low) && near(chart->y_range().high, y.high));
        QTest::keyClick(chart.get(), key == Qt::Key_Plus ? Qt::Key_F : Qt::Key_0);
        QVERIFY(fits());
    }
    // Arrows pan by a tenth of the span.
    QTest::keyClick(chart.get(), Qt::Key_Right);
    QVERIFY(near(chart->x_range().low, x.low + 0.1 * x.span()) && chart->y_range() == y);
    QTest::keyClick(chart.get(), Qt::Key_Left);
    QTest::keyClick(chart.get(), Qt::Key_Up);
    QVERIFY(near(chart->x_range().low, x.low) && near(chart->y_range().low, y.low + 0.1 * y.span()));
    QTest::keyClick(chart.get(), Qt::Key_Down);
    QVERIFY(near(chart->y_range().low, y.low));
    chart->fit();
    // Four notches away from the user halve the span; what is under the cursor stays there. With Shift: y alone.
    wheel(*chart, {0.25, 0.75}, 480);
    QVERIFY(near(chart->x_range().span(), 0.5 * x.span()));
    QVERIFY(near(chart->x_range().low + 0.25 * chart->x_range().span(), x.low + 0.25 * x.span()));
    QVERIFY(near(chart->y_range().span(), (both ? 0.5 : 1) * y.span()));
    chart->fit();
    wheel(*chart, {0.25, 0.75}, 480, Qt::ShiftModifier);
    QVERIFY(chart->x_range() == x && near(chart->y_range().span(), 0.5 * y.span()));
    QVERIFY(near(chart->y_range().low + 0.75 * chart->y_range().span(), y.low + 0.75 * y.span()));
    // Double click fits, a drag takes the data along.
    auto* viewport = chart->findChild<ChartFrame*>()->viewport();
    const QRectF area = chart->findChild<ChartFrame*>()->plot_area();
    QTest::mouseDClick(viewport, Qt::LeftButton, {}, area.center().toPoint());
    QVERIFY(fits());
    QTest::mousePress(viewport, Qt::LeftButton, {}, area.center().toPoint());
    const QPointF to = area.center().toPoint() + QPointF(40, 20);
    QMouseEvent move(QEvent::MouseMove, to, viewport->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
    QCoreApplication::sendEvent(viewport, &move);
    QTest::mouseRelease(viewport, Qt::LeftButton, {}, to.toPoint());
    QVERIFY(near(chart->x_range().low, x.low - 40 / area.width() * x.span()));
    QVERIFY(near(chart->y_range().low, y.low + 20 / area.height() * y.span()));
}

void ChartTest::a_hover_speaks_until_a_drag_begins()
{
    const std::unique_ptr<Chart> made = curves();
    auto* chart = static_cast<CurveChart*>(made.get());
    chart->resize(500, 400);
    chart->show();
    QVERIFY(QTest::qWaitForWindowExposed(chart));
    QSignalSpy hovered(chart, &CurveChart::hovered);
    auto* viewport = chart->findChild<ChartFrame*>()->viewport();
    const QPointF at = chart->findChild<ChartFrame*>()->plot_area().center().toPoint();
    QMouseEvent move(QEvent::MouseMove, at, viewport->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
    QCoreApplication::sendEvent(viewport, &move);
    QVERIFY(std::fabs(hovered.last().first().toDouble() - 50) < 2);
    QTest::mousePress(viewport, Qt::LeftButton, {}, at.toPoint());
    QCoreApplication::sendEvent(viewport, &move);
    QVERIFY(std::isnan(hovered.last().first().toDouble()));
}

void ChartTest::tables_have_what_is_drawn()
{
    // A plane: every known point with every value; the one that is not known is left out.
    QCOMPARE(plane()->table(), QByteArray("alpha,beta,\"training loss\",\"training accuracy\"\n"
                                          "-1,0,1,0.1\n0,0,2,0.2\n1,0,3,0.3\n-1,2,4,0.4\n1,2,6,0.5\n"));
    QCOMPARE(line()->table(), QByteArray("alpha,\"training loss\"\n0,1\n0.5,2\n1,4\n"));
    QCOMPARE(spectra()->table(), QByteArray("curve,kind,eigenvalue,density,error\n"
                                            "\"SGD\",density,0,1,0.1\n\"SGD\",density,1,0.5,0.1\n"
                                            "\"SGD\",density,2,0.1,0.1\n\"SGD\",eigenvalue,2,,0.01\n"));
    QVERIFY(curves()->table().startsWith("curve,step,gradients,seconds,value\n\"SGD\",0,0,0,1\n"));
    QVERIFY(SliceChart().table().isEmpty());
}

void ChartTest::paths_and_maps_are_tables_too()
{
    SliceChart chart;
    chart.set_paths({{QStringLiteral("SGD"), 0, true, {{-0.5, 0.25, 0.125, 47}}}});
    QCOMPARE(chart.paths_table(), QByteArray("lane,step,alpha,beta,distance\n\"SGD\",47,-0.5,0.25,0.125\n"));

    LandscapeView view;
    const LandscapeEntry& entry = find_landscape("himmelblau");
    const std::shared_ptr<const Landscape> landscape = entry.make(Params(entry.schema));
    QVERIFY(view.field_table().isEmpty());
    view.resize(300, 240);
    view.set_landscape(landscape, {});
    view.show();
    QTRY_VERIFY(view.picture() != nullptr);
    const QList<QByteArray> lines = view.field_table().split('\n');
    QCOMPARE(lines.front(), QByteArray("x,y,value"));
    QCOMPARE(static_cast<std::size_t>(lines.size()), view.picture()->values.values.size() + 2);
    for (qsizetype i = 1; i + 1 < lines.size(); i += 97) {
        const QList<QByteArray> cells = lines[i].split(',');
        const double value = landscape->value({cells[0].toDouble(), cells[1].toDouble()});
        QVERIFY(std::fabs(cells[2].toDouble() - value) < 1e-6 * std::max(1.0, std::fabs(value)));  // kept as floats
    }
}

void ChartTest::curves_by_step_alone_say_so()
{
    CurveChart chart;
    auto series = std::make_shared<CurveSeries>();
    auto error = std::make_shared<CurveSeries>();
    series->append(100, 100, 0, 2.5);
    error->append(100, 100, 0, 0.25);
    chart.set_steps_only(true);
    chart.set_curves({{QStringLiteral("a \"b\""), 0, true, series, error}, {QStringLiteral("2/λ"), 0, true, series}});
    QCOMPARE(chart.table(), QByteArray("curve,step,value,error\n\"a \"\"b\"\"\",100,2.5,0.25\n\"2/λ\",100,2.5,\n"));
}

void ChartTest::saved_by_the_ending()
{
    const QTemporaryDir folder;
    const std::unique_ptr<Chart> chart = plane();
    chart->resize(400, 300);
    chart->show();
    QVERIFY(QTest::qWaitForWindowExposed(chart.get()));
    const QString csv = folder.filePath(QStringLiteral("slice.CSV"));
    QCOMPARE(chart->save(csv), QString());
    QFile file(csv);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), chart->table());
    const QString png = folder.filePath(QStringLiteral("slice.png"));
    QCOMPARE(chart->save(png), QString());
    QVERIFY(QImage(png).width() >= 800);  // for slides: twice the pixels
    QVERIFY(chart->save(folder.filePath(QStringLiteral("slice.bmp"))).contains(QStringLiteral(".png, .svg or .csv")));
    QVERIFY(!chart->save(folder.filePath(QStringLiteral("none/slice.csv"))).isEmpty());
}

// The kind of file that is chosen gives the name its ending: a table called .png would be a picture.
void ChartTest::the_dialog_follows_the_kind_of_file()
{
    const QTemporaryDir folder;
    const std::unique_ptr<Chart> chart = plane();
    chart->resize(400, 300);
    chart->show();
    QVERIFY(QTest::qWaitForWindowExposed(chart.get()));
    QString proposed;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &look, [&] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) {
            return;
        }
        look.stop();
        auto* kinds = dialog->findChild<QComboBox*>(QStringLiteral("fileTypeCombo"));
        auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
        while (!kinds->currentText().contains(QStringLiteral("csv"))) {
            QTest::keyClick(kinds, Qt::Key_Down);
        }
        proposed = name->text();
        name->setText(folder.filePath(QStringLiteral("mine")));
        QTest::keyClick(name, Qt::Key_Return);
    });
    look.start(10);
    chart->saveAs();
    QVERIFY2(proposed.endsWith(QStringLiteral("slice.csv")), qPrintable(proposed));
    QFile file(folder.filePath(QStringLiteral("mine.csv")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), chart->table());
}

// Wherever the cursor is, nothing is drawn outside of the room; where the box is larger than that, at least inside of
// its left and upper edge.
void ChartTest::the_readout_stays_in_its_room()
{
    const QRectF room(100, 50, 300, 200);
    std::vector<ReadoutLine> lines = readout_lines({QStringLiteral("step 100"), QStringLiteral("fSGLD: 0.25")});
    lines.push_back({QStringLiteral("SGD"), QStringLiteral("0.125"), lane_style(0, false)});
    for (const QPointF at : {room.topLeft(), room.topRight(), room.bottomLeft(), room.bottomRight(), room.center()}) {
        QImage image(500, 300, QImage::Format_RGB32);
        image.fill(Qt::magenta);
        QPainter painter(&image);
        draw_readout(painter, room, at, lines, Theme::light());
        painter.end();
        int drawn = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixelColor(x, y) != QColor(Qt::magenta)) {
                    QVERIFY(room.adjusted(-1, -1, 1, 1).contains(QPointF(x, y)));
                    ++drawn;
                }
            }
        }
        QVERIFY(drawn > 1000);
    }
}

int main(int argc, char** argv)
{
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);  // whose widgets can be driven
    const QApplication application(argc, argv);
    ChartTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "chart_test.moc"
