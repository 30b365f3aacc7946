// What the window says while a lane is evaluated over whole data sets, for as long as that takes.
#include <QLabel>
#include <QtTest>

#include "app/status_line.h"
#include "tests/core/run/fake_run.h"
#include "widgets/bridge/run_controller.h"
#include "widgets/panels/accuracy_panel.h"
#include "widgets/panels/compare_panel.h"
#include "widgets/panels/lane_table.h"
#include "widgets/panels/loss_panel.h"
#include "widgets/panels/run_presenter.h"
#include "widgets/plots/curve_chart.h"

using namespace basin;
using State = RunController::State;

namespace {

constexpr int kPatience = 40000;

/// A run whose evaluations last until the gate lets them through, and those parts of the window that speak of it.
struct Desk {
    Desk() : controller(nullptr, fake_parts(std::make_shared<Gate>(true), gate)), line(controller, nullptr)
    {
        presenter = new RunPresenter(controller, &window);
        controller.setPace(RunController::kUnlimited);
    }
    QString bottom() const { return line.findChild<QLabel*>(QStringLiteral("stateText"))->text(); }
    QStringList states() const
    {
        QStringList states;
        for (int row = 0; row < presenter->compare().table().rowCount(); ++row) {
            states << presenter->compare().table().item(row, 1)->text();
        }
        return states;
    }

    std::shared_ptr<Gate> gate = std::make_shared<Gate>(false);
    RunController controller;
    StatusLine line;
    QWidget window;
    RunPresenter* presenter = nullptr;
};

}  // namespace

class EvaluationWordsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void an_evaluation_is_told_in_the_table_and_at_the_bottom();
    void before_its_start_a_run_says_what_it_is_at();
    void what_a_slow_run_has_is_shown_before_there_is_more();
    void a_new_run_does_not_wait_for_the_old_one_s_evaluation();
};

void EvaluationWordsTest::an_evaluation_is_told_in_the_table_and_at_the_bottom()
{
    Desk desk;
    desk.controller.openSpec(fake_spec(8), true);
    QTRY_COMPARE_WITH_TIMEOUT(desk.bottom(), QString("Step 0 of 8, evaluating heavy ball: 25 %"), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(desk.states(), QStringList({"evaluating", "waiting", "waiting"}), kPatience);
    desk.gate->admit(1);
    QTRY_COMPARE_WITH_TIMEOUT(desk.bottom(), QString("Step 0 of 8, evaluating fSGLD: 25 %"), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(desk.states(), QStringList({"waiting", "evaluating", "waiting"}), kPatience);
    desk.gate->admit(2);
    // The last step is done, and its lanes are looked at once more.
    QTRY_COMPARE_WITH_TIMEOUT(desk.states(), QStringList({"evaluating", "waiting", "waiting"}), kPatience);
    QCOMPARE(desk.controller.state(), State::running);
    desk.gate->open();
    QTRY_COMPARE_WITH_TIMEOUT(desk.states(), QStringList({"finished", "finished", "finished"}), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(desk.bottom(), QString("Finished at step 8"), kPatience);
}

void EvaluationWordsTest::before_its_start_a_run_says_what_it_is_at()
{
    Desk desk;
    desk.controller.openSpec(fake_spec(std::nullopt), false);
    QTRY_COMPARE_WITH_TIMEOUT(desk.bottom(), QString("Step 0, evaluating heavy ball: 25 %"), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(desk.states(), QStringList({"evaluating", "waiting", "waiting"}), kPatience);
    QCOMPARE(desk.controller.state(), State::ready);
    desk.gate->open();
    QTRY_COMPARE_WITH_TIMEOUT(desk.bottom(), QString("Ready"), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(desk.states(), QStringList({"waiting", "waiting", "waiting"}), kPatience);
}

/// The start's losses and metrics are all the news there is until the gate opens.
void EvaluationWordsTest::what_a_slow_run_has_is_shown_before_there_is_more()
{
    Desk desk;
    desk.gate->admit(3);
    ExperimentSpec spec = fake_spec(8);
    spec.metrics_every = 1;
    desk.controller.openSpec(spec, true);
    QTRY_VERIFY_WITH_TIMEOUT(desk.gate->holds(), kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.lane(0).history.size() == 1, kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(desk.presenter->loss().chart().table().count('\n'), 4, kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(desk.presenter->accuracy().chart().table().count('\n'), 4, kPatience);
    desk.gate->open();
}

/// An edit that the run cannot take makes a new one; nothing opens the gate meanwhile.
void EvaluationWordsTest::a_new_run_does_not_wait_for_the_old_one_s_evaluation()
{
    Desk desk;
    desk.controller.openSpec(fake_spec(8), true);
    QTRY_VERIFY_WITH_TIMEOUT(desk.gate->holds(), kPatience);
    const std::uint64_t number = desk.controller.runNumber();
    desk.controller.setSeed(7);
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.runNumber() > number, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(desk.gate->holds(), kPatience);
    desk.gate->open();
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.state(), State::finished, kPatience);
}

QTEST_MAIN(EvaluationWordsTest)
#include "evaluation_words_test.moc"
