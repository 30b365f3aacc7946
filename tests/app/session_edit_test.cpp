// A person changes parameters while it runs, and adds, copies, hides, renames and removes lanes.
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSignalSpy>
#include <QSlider>
#include <QStyleOptionSlider>
#include <QTableWidget>
#include <QToolButton>
#include <cmath>

#include "session.h"
#include "widgets/plots/curve_chart.h"

using namespace basin;
using State = RunController::State;

namespace {

double number_of(const RunController& run, int lane, const std::string& key)
{
    return run.spec().lanes.at(static_cast<std::size_t>(lane)).params.number(key);
}

QRect handle_of(QSlider* slider)
{
    QStyleOptionSlider option;
    option.initFrom(slider);
    option.orientation = slider->orientation();
    option.minimum = slider->minimum();
    option.maximum = slider->maximum();
    option.sliderPosition = slider->sliderPosition();
    option.sliderValue = slider->value();
    option.state |= QStyle::State_Horizontal;
    return slider->style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, slider);
}

/// The marks that a hover over the curves reads at a step.
QStringList marks_at(CurveChart* chart, std::uint64_t step)
{
    return chart->readout(static_cast<double>(step)).notes;
}

}  // namespace

class SessionEditTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_value_typed_while_it_runs_is_recorded_and_acts();
    void a_slider_dragged_while_it_runs_is_recorded();
    void undo_and_redo_act_while_it_runs();
    void what_can_not_be_is_refused_in_the_form();
    void lanes_are_added_copied_renamed_and_removed();
    void a_hidden_lane_is_drawn_nowhere_and_goes_on();
    void another_objective_brings_its_suggestions();
    void measures_now();
};

void SessionEditTest::a_value_typed_while_it_runs_is_recorded_and_acts()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > 5, kPatience);
    const std::uint64_t number = run.runNumber();
    Session::type(session.line(0, "step_size"), "1e-9");
    QCOMPARE(number_of(run, 0, "step_size"), 1e-9);
    QTRY_VERIFY_WITH_TIMEOUT(!run.changes().empty(), kPatience);
    const ChangeSpec change = run.changes().front();
    QCOMPARE(change.lane, std::size_t{0});
    QCOMPARE(change.key, std::string("step_size"));
    QCOMPARE(std::get<double>(change.value), 1e-9);
    QCOMPARE(run.changes().size(), std::size_t{1});
    QCOMPARE(run.runNumber(), number);  // the same run
    QCOMPARE(run.state(), State::running);

    // It acts: one step of 1e-9 moves a particle by 1e-5, so the mean loss of the lane stands still (to 1e-5), while
    // that of the other lane moves by some 1e-4 a step.
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > change.step + 15, kPatience);
    const auto moved = [&run, &change](std::size_t lane) {
        const LaneHistory& history = run.lane(lane).history;
        double most = 0;
        for (std::size_t row = 1; row < history.size(); ++row) {
            if (history.steps()[row - 1] > static_cast<double>(change.step)) {
                most = std::max(most, std::fabs(history.losses()[row] - history.losses()[row - 1]));
            }
        }
        return most;
    };
    QVERIFY2(moved(0) < 1e-5, qPrintable(QString::number(moved(0))));
    QVERIFY2(moved(1) > 2e-5, qPrintable(QString::number(moved(1))));

    auto* chart = session.find<CurveChart>("lossChart");
    QTRY_VERIFY_WITH_TIMEOUT(!marks_at(chart, change.step).isEmpty(), kPatience);
    const QString mark = marks_at(chart, change.step).join(' ');
    QVERIFY2(mark.contains("SGLD") && mark.contains(QString::number(change.step)), qPrintable(mark));
    // A replay has it too.
    QCOMPARE(run.replaySpec().changes.size(), std::size_t{1});
    QCOMPARE(run.replaySpec().lanes[0].params.number("step_size"), 0.05);
}

void SessionEditTest::a_slider_dragged_while_it_runs_is_recorded()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    QTRY_VERIFY_WITH_TIMEOUT(run.step() > 2, kPatience);
    auto* editor = session.find<QWidget>(session.lane(1), "beta");
    auto* slider = session.find<QSlider>(editor, "slider");
    session.find<QScrollArea>("experimentPanel")->ensureWidgetVisible(slider);
    const double before = number_of(run, 1, "beta");
    const QPointF handle = handle_of(slider).center();
    drag(slider, handle, QPointF(slider->width() - 3, handle.y()));
    const double after = number_of(run, 1, "beta");
    QVERIFY2(after > before, qPrintable(QString::number(after)));
    QCOMPARE(Session::find<QLineEdit>(editor, "line")->text().toDouble(), after);
    QTRY_VERIFY_WITH_TIMEOUT(!run.changes().empty() && run.changes().back().key == "beta" &&
                                 std::get<double>(run.changes().back().value) == after,
                             kPatience);
    QCOMPARE(run.changes().back().lane, std::size_t{1});
    QCOMPARE(run.runNumber(), std::uint64_t{1});
    // fSGLD is coupled: beta decides sigma, and the form says what is in force: (beta (1 + eta))^(-1/4).
    const double eta = number_of(run, 1, "eta");
    const double sigma = session.line(1, "sigma")->text().toDouble();
    QVERIFY(std::fabs(sigma / std::pow(after, -(1 + eta) / 4) - 1) < 1e-5);
    // A drag is one step of undo.
    session.find<QAction>("undo")->trigger();
    QCOMPARE(number_of(run, 1, "beta"), before);
    QVERIFY(!run.canUndo());
}

void SessionEditTest::undo_and_redo_act_while_it_runs()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    QVERIFY(!session.find<QAction>("undo")->isEnabled());
    Session::type(session.line(0, "step_size"), "0.01");
    auto* map = session.find<QWidget>("landscapeView");
    map->setFocus();
    session.key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(number_of(run, 0, "step_size"), 0.05);
    QCOMPARE(session.line(0, "step_size")->text(), QString("0.05"));
    session.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(number_of(run, 0, "step_size"), 0.01);
    // Three changes of one parameter before the same step leave the last; the run holds what the form says.
    QTRY_VERIFY_WITH_TIMEOUT(!run.changes().empty() && std::get<double>(run.changes().back().value) == 0.01, kPatience);
    QCOMPARE(run.runNumber(), std::uint64_t{1});
}

void SessionEditTest::what_can_not_be_is_refused_in_the_form()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    QLineEdit* line = session.line(0, "step_size");
    for (const char* wrong : {"-1", "much", "2e6"}) {
        Session::type(line, wrong);
        auto* error = Session::find<QLabel>(session.lane(0), "error_step_size");
        QVERIFY(error->isVisible());
        QVERIFY2(error->text().contains("must be"), qPrintable(error->text()));
        QCOMPARE(number_of(run, 0, "step_size"), 0.05);
    }
    QTest::keyClick(line, Qt::Key_Escape);
    QCOMPARE(line->text(), QString("0.05"));
    QCOMPARE(run.state(), State::running);
    QVERIFY(run.changes().empty());
}

void SessionEditTest::lanes_are_added_copied_renamed_and_removed()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    Session::choose(session.find<QToolButton>("addLane"), "add_sam");
    QTRY_COMPARE_WITH_TIMEOUT(run.laneCount(), std::size_t{3}, kPatience);
    QCOMPARE(run.spec().lanes[2].optimizer, std::string("sam"));
    QTRY_VERIFY_WITH_TIMEOUT(run.state() == State::running && run.lane(2).status.step > 0, kPatience);
    auto* table = session.find<QTableWidget>("compareTable");
    QTRY_COMPARE_WITH_TIMEOUT(table->rowCount(), 3, kPatience);

    Session::choose(Session::find<QToolButton>(session.lane(2), "more"), "duplicateLane");
    QTRY_COMPARE_WITH_TIMEOUT(run.laneCount(), std::size_t{4}, kPatience);
    QVERIFY(run.spec().lanes[3].label != run.spec().lanes[2].label);
    QVERIFY(run.spec().lanes[3].params == run.spec().lanes[2].params);

    Session::choose(Session::find<QToolButton>(session.lane(3), "more"), "renameLane");
    auto* rename = Session::find<QLineEdit>(session.lane(3), "rename");
    QTRY_VERIFY_WITH_TIMEOUT(rename->isVisible(), kPatience);
    Session::type(rename, "my lane");
    QCOMPARE(run.spec().lanes[3].label, std::string("my lane"));

    Session::choose(Session::find<QToolButton>(session.lane(0), "more"), "removeLane");
    QTRY_COMPARE_WITH_TIMEOUT(run.laneCount(), std::size_t{3}, kPatience);
    QCOMPARE(run.spec().lanes[0].label, std::string("fSGLD"));
    QTRY_VERIFY_WITH_TIMEOUT(table->rowCount() == 3 && table->item(0, 0)->text() == "fSGLD", kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(run.state() == State::running && run.step() > 0, kPatience);
    // fSGLD keeps the colour it had as second lane.
    QCOMPARE(run.lane(0).style, 1);

    // The last lane stays: the window says why.
    for (int left = 2; left >= 0; --left) {
        Session::choose(Session::find<QToolButton>(session.lane(0), "more"), "removeLane");
        QTRY_VERIFY_WITH_TIMEOUT(run.laneCount() == static_cast<std::size_t>(std::max(left, 1)), kPatience);
    }
    QTRY_VERIFY_WITH_TIMEOUT(session.find<QLabel>("messageText")->text().contains("at least one lane"), kPatience);
}

void SessionEditTest::a_hidden_lane_is_drawn_nowhere_and_goes_on()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    auto* chart = session.find<CurveChart>("lossChart");
    QTRY_COMPARE_WITH_TIMEOUT(chart->readout(1).lines.size(), std::size_t{2}, kPatience);
    auto* eye = Session::find<QToolButton>(session.lane(0), "eye");
    QTest::mouseClick(eye, Qt::LeftButton);
    QVERIFY(!run.lane(0).visible);
    QCOMPARE(chart->readout(1).lines.size(), std::size_t{1});
    const std::uint64_t before = run.lane(0).status.step;
    QTRY_VERIFY_WITH_TIMEOUT(run.lane(0).status.step > before, kPatience);
    QTest::mouseClick(eye, Qt::LeftButton);
    QVERIFY(run.lane(0).visible);
    QCOMPARE(chart->readout(1).lines.size(), std::size_t{2});
    QVERIFY(!run.isModified());
}

void SessionEditTest::another_objective_brings_its_suggestions()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, true));
    auto* objective = session.find<QComboBox>("objective");
    objective->setFocus();
    // Letters choose in a drop-down list, as on any desktop.
    QTest::keyClicks(objective, "Himm");
    QTRY_COMPARE_WITH_TIMEOUT(run.spec().objective.key, std::string("himmelblau"), kPatience);
    QCOMPARE(number_of(run, 0, "step_size"), 0.001);
    QTRY_VERIFY_WITH_TIMEOUT(run.state() == State::running && run.step() > 0, kPatience);
    QVERIFY(run.landscape() != nullptr);
    QCOMPARE(run.landscape()->minima().size(), std::size_t{4});
}

void SessionEditTest::measures_now()
{
    Session session;
    RunController& run = session.run();
    QVERIFY(session.openExample(0, false));
    session.click("step");
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::paused, kPatience);
    // The panel measures what stands still once, by itself.
    const auto answered = [&run] {
        std::size_t live = 0;
        for (const ProbeReport& report : run.reports()) {
            live += report.live && report.step == 1 ? 1 : 0;
        }
        return live;
    };
    QTRY_VERIFY_WITH_TIMEOUT(answered() >= 2, kPatience);
    auto* section = session.find<QToolButton>("section_measurements");
    session.find<QScrollArea>("experimentPanel")->ensureWidgetVisible(section);
    QTest::mouseClick(section, Qt::LeftButton);
    const std::size_t before = answered();
    session.click("measure_gibbs_distance");
    QTRY_VERIFY_WITH_TIMEOUT(answered() >= before + 2, kPatience);
    QVERIFY(run.reports().back().error.empty());
    QCOMPARE(run.state(), State::paused);
    // Nothing of it is part of what a replay repeats.
    QCOMPARE(run.replaySpec().probes.size(), std::size_t{1});
    QVERIFY(run.replaySpec().changes.empty());
}

int main(int argc, char** argv)
{
    return run_session_test<SessionEditTest>(argc, argv);
}
#include "session_edit_test.moc"
