// A person clicks on the map, zooms, pans, and reads off; the same on the curves.
#include <QComboBox>
#include <QGraphicsView>
#include <QSignalSpy>
#include <cmath>

#include "session.h"
#include "widgets/plots/curve_chart.h"
#include "widgets/plots/landscape_view.h"
#include "widgets/plots/number_text.h"

using namespace basin;
using State = RunController::State;

namespace {

bool same(const Box& a, const Box& b)
{
    const double tolerance = 1e-9 * (a.x_max - a.x_min);
    return std::fabs(a.x_min - b.x_min) < tolerance && std::fabs(a.x_max - b.x_max) < tolerance &&
           std::fabs(a.y_min - b.y_min) < tolerance && std::fabs(a.y_max - b.y_max) < tolerance;
}

/// A point of the plane that a pixel of the view stands for, exactly: the mouse is on whole pixels.
Point under(const LandscapeView* view, const QPointF& pixel)
{
    return view->transform().to_plane(pixel.toPoint());
}

}  // namespace

class SessionMapTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_click_restarts_all_lanes_there_data();
    void a_click_restarts_all_lanes_there();
    void wheel_drag_and_double_click_on_the_map();
    void keys_on_the_map();
    void hovering_reads_off_the_map();
    void wheel_drag_and_double_click_on_the_curves();
    void hovering_speaks_on_all_charts_of_the_same_axis();
};

void SessionMapTest::a_click_restarts_all_lanes_there_data()
{
    QTest::addColumn<bool>("running");
    QTest::newRow("running") << true;
    QTest::newRow("waiting") << false;
}

void SessionMapTest::a_click_restarts_all_lanes_there()
{
    QFETCH(const bool, running);
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, running));
    if (running) {
        QTRY_VERIFY_WITH_TIMEOUT(run.step() > 2, kPatience);
    }
    auto* view = session.find<LandscapeView>("landscapeView");
    const QPointF pixel = view->transform().to_pixel({0.5, 1.0});
    const Point wanted = under(view, pixel);
    const std::uint64_t number = run.runNumber();
    QTest::mouseClick(view, Qt::LeftButton, {}, pixel.toPoint());
    QTRY_COMPARE_WITH_TIMEOUT(run.runNumber(), number + 1, kPatience);
    QCOMPARE(run.spec().start.points.size(), std::size_t{1});
    QCOMPARE(run.spec().start.points[0], (std::vector<double>{wanted.x, wanted.y}));
    if (running) {
        QTRY_VERIFY_WITH_TIMEOUT(run.state() == State::running && run.step() > 0, kPatience);
        return;
    }
    QCOMPARE(run.state(), State::ready);
    QCOMPARE(run.step(), std::uint64_t{0});
    for (std::size_t lane = 0; lane < run.laneCount(); ++lane) {
        QTRY_VERIFY_WITH_TIMEOUT(run.lane(lane).snapshot != nullptr, kPatience);
        const std::vector<float>& theta = run.lane(lane).snapshot->theta;
        QCOMPARE(theta.size(), 2 * run.spec().chains);
        for (std::size_t particle = 0; particle < run.spec().chains; ++particle) {
            QCOMPARE(theta[2 * particle], static_cast<float>(wanted.x));
            QCOMPARE(theta[2 * particle + 1], static_cast<float>(wanted.y));
        }
    }
}

void SessionMapTest::wheel_drag_and_double_click_on_the_map()
{
    Session session;
    QVERIFY(session.openExample(0, false));
    auto* view = session.find<LandscapeView>("landscapeView");
    QTRY_VERIFY_WITH_TIMEOUT(view->picture() != nullptr, kPatience);
    const QSignalSpy chosen(view, &LandscapeView::pointChosen);
    const Box whole = view->transform().box;

    // What is under the cursor stays there while the map grows.
    const QPointF at = view->transform().to_pixel({1.0, -0.5});
    const Point there = view->transform().to_plane(at);
    wheel(view, at, 240);
    const Box zoomed = view->transform().box;
    // A notch of 120 is a third of an octave, so two make the sides 2^(2/3) times shorter.
    QVERIFY(std::fabs((whole.x_max - whole.x_min) / (zoomed.x_max - zoomed.x_min) - std::exp2(2.0 / 3)) < 1e-9);
    QVERIFY(std::fabs(view->transform().to_plane(at).x - there.x) < 1e-9);
    QVERIFY(std::fabs(view->transform().to_plane(at).y - there.y) < 1e-9);

    const QPointF from = view->transform().area.center();
    const Point held = under(view, from);
    drag(view, from, from + QPointF(60, -35));
    const Point now = under(view, from + QPointF(60, -35));
    const double pixel = 1 / view->transform().x_scale();
    QVERIFY(std::fabs(now.x - held.x) < 1.01 * pixel && std::fabs(now.y - held.y) < 1.01 * pixel);

    QTest::mouseDClick(view, Qt::LeftButton, {}, from.toPoint());
    QVERIFY(same(view->transform().box, whole));
    // Neither a drag nor a double click is a click.
    QSignalSpy later(view, &LandscapeView::pointChosen);
    QVERIFY(!later.wait(2 * QApplication::doubleClickInterval()));
    QCOMPARE(chosen.count(), 0);
}

void SessionMapTest::keys_on_the_map()
{
    Session session;
    QVERIFY(session.openExample(0, false));
    auto* view = session.find<LandscapeView>("landscapeView");
    view->setFocus();
    const Box whole = view->transform().box;
    QTest::keyClick(view, Qt::Key_Plus);
    const Box closer = view->transform().box;
    QVERIFY(closer.x_max - closer.x_min < whole.x_max - whole.x_min);
    QTest::keyClick(view, Qt::Key_Right);
    QVERIFY(view->transform().box.x_min > closer.x_min);
    QTest::keyClick(view, Qt::Key_Up);
    QVERIFY(view->transform().box.y_min > closer.y_min);
    QTest::keyClick(view, Qt::Key_F);
    QVERIFY(same(view->transform().box, whole));
}

void SessionMapTest::hovering_reads_off_the_map()
{
    Session session;
    QVERIFY(session.openExample(0, false));
    auto* view = session.find<LandscapeView>("landscapeView");
    QTRY_VERIFY_WITH_TIMEOUT(view->picture() != nullptr, kPatience);
    const QImage before = view->grab().toImage();
    const QPointF pixel = view->transform().to_pixel({0.0, 1.0}).toPoint();
    hover(view, pixel);
    const QImage with = view->grab().toImage();
    QVERIFY(with != before);
    // Beside the cursor a box has come, and nothing else has changed far from it.
    const double ratio = with.devicePixelRatio();
    const QPoint far = (view->transform().to_pixel({-2.5, -1.0}) * ratio).toPoint();
    QCOMPARE(with.pixel(far), before.pixel(far));
    const QString text = view->hover_text(view->transform().to_plane(pixel)).join('\n');
    for (const char* word : {"θ = ", "loss u", "smoothed loss", "σ = ", "Hessian trace"}) {
        QVERIFY2(text.contains(QString::fromUtf8(word)), qPrintable(text));
    }
    const QString minimum = view->hover_text(session.run().landscape()->minima().front().at).join('\n');
    QVERIFY2(minimum.contains("global minimum") && minimum.contains("curvatures"), qPrintable(minimum));
    // Gone with the mouse.
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(view, &leave);
    QVERIFY(view->grab().toImage() == before);
}

void SessionMapTest::wheel_drag_and_double_click_on_the_curves()
{
    Session session;
    QVERIFY(session.openExample(0, true));
    auto* chart = session.find<CurveChart>("lossChart");
    QTRY_VERIFY_WITH_TIMEOUT(session.run().step() > 10 && chart->readout(10).lines.size() == 2, kPatience);
    session.click("pause");
    QTRY_COMPARE_WITH_TIMEOUT(session.run().state(), State::paused, kPatience);
    QVERIFY(session.frames(5));
    auto* viewport = Session::find<QGraphicsView>(chart, "chartFrame")->viewport();
    const AxisRange x = chart->x_range();
    const QPointF middle = viewport->mapFrom(chart, chart->plot_area().center());
    wheel(viewport, middle, 240);
    QVERIFY(chart->x_range().span() < x.span());
    QVERIFY(!chart->follows());
    const AxisRange zoomed = chart->x_range();
    drag(viewport, middle, middle + QPointF(40, 0));
    QVERIFY(chart->x_range().low < zoomed.low);
    QTest::mouseDClick(viewport, Qt::LeftButton, {}, middle.toPoint());
    QVERIFY(chart->follows());
    QVERIFY(chart->x_range().span() > zoomed.span());
}

void SessionMapTest::hovering_speaks_on_all_charts_of_the_same_axis()
{
    Session session;
    QVERIFY(session.openExample(0, true));
    auto* loss = session.find<CurveChart>("lossChart");
    QTRY_VERIFY_WITH_TIMEOUT(session.run().step() > 20 && loss->readout(20).lines.size() == 2, kPatience);
    // As the axis counts: above the lowest value, which is negative, where it is logarithmic.
    const CurveReadout::Line above = loss->readout(20).lines[0];
    QVERIFY(above.y < 0 && above.value != number_text(above.y) && !above.value.startsWith(QChar(0x2212)));
    loss->set_logarithmic(false);
    const CurveReadout::Line plain = loss->readout(20).lines[0];
    QCOMPARE(plain.value, number_text(plain.y));
    auto* quantity = session.find<QComboBox>("measureQuantity");
    quantity->setFocus();
    QTest::keyClick(quantity, Qt::Key_Down);  // from "Now" to a share over the steps
    auto* measure = session.find<CurveChart>("measureChart");
    QVERIFY(measure->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!measure->readout(0).lines.empty(), kPatience);
    session.click("pause");
    QTRY_COMPARE_WITH_TIMEOUT(session.run().state(), State::paused, kPatience);
    QVERIFY(session.frames(20));
    const QImage before = measure->grab().toImage();
    auto* viewport = Session::find<QGraphicsView>(loss, "chartFrame")->viewport();
    const double inside = std::min(loss->x_range().high, measure->x_range().high) / 4;
    const QPointF at(loss->position(inside, 1).x(), loss->plot_area().center().y());
    hover(viewport, viewport->mapFrom(loss, at));
    QVERIFY(measure->grab().toImage() != before);
    // Charts with another axis keep quiet: a step is no gradient.
    session.find<QComboBox>("lossAxis")->setFocus();
    session.key(Qt::Key_Down);
    QCOMPARE(loss->x_axis(), XAxis::gradients);
    hover(viewport, viewport->mapFrom(loss, loss->plot_area().topLeft()) - QPointF(20, 0));
    QVERIFY(measure->grab().toImage() == before);
    hover(viewport, viewport->mapFrom(loss, at));
    QVERIFY(measure->grab().toImage() == before);
}

int main(int argc, char** argv)
{
    return run_session_test<SessionMapTest>(argc, argv);
}
#include "session_map_test.moc"
