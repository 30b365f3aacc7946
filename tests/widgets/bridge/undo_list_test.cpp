// Undo and redo as lists of specs.
#include <QTest>

#include "widgets/bridge/undo_list.h"

using namespace basin;

namespace {

ExperimentSpec named(int number)
{
    ExperimentSpec spec;
    spec.name = std::to_string(number);
    return spec;
}

}  // namespace

class UndoListTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goes_back_and_forth();
    void an_edit_ends_what_can_be_redone();
    void a_dragged_slider_is_one_step();
    void forgets_the_oldest();
};

void UndoListTest::goes_back_and_forth()
{
    UndoList list;
    QVERIFY(!list.undo(named(0)));
    list.push(named(0), {});
    list.push(named(1), {});
    QCOMPARE(list.undo(named(2))->name, std::string("1"));
    QCOMPARE(list.undo(named(1))->name, std::string("0"));
    QVERIFY(!list.canUndo());
    QCOMPARE(list.redo(named(0))->name, std::string("1"));
    QCOMPARE(list.redo(named(1))->name, std::string("2"));
    QVERIFY(!list.canRedo());
}

void UndoListTest::an_edit_ends_what_can_be_redone()
{
    UndoList list;
    list.push(named(0), {});
    list.undo(named(1));
    QVERIFY(list.canRedo());
    list.push(named(0), {});
    QVERIFY(!list.canRedo());
}

void UndoListTest::a_dragged_slider_is_one_step()
{
    UndoList list;
    for (int place = 0; place < 50; ++place) {
        list.push(named(place), QStringLiteral("lane 0 beta"));
    }
    list.push(named(50), QStringLiteral("lane 1 beta"));
    QCOMPARE(list.undo(named(51))->name, std::string("50"));
    QCOMPARE(list.undo(named(50))->name, std::string("0"));
    QVERIFY(!list.canUndo());
    // After an undo the same slider begins a new step.
    list.push(named(0), QStringLiteral("lane 0 beta"));
    QCOMPARE(list.undo(named(1))->name, std::string("0"));
}

void UndoListTest::forgets_the_oldest()
{
    UndoList list;
    const int count = static_cast<int>(UndoList::kMaximum) + 10;
    for (int edit = 0; edit < count; ++edit) {
        list.push(named(edit), {});
    }
    std::string last;
    int steps = 0;
    while (const auto spec = list.undo(named(0))) {
        last = spec->name;
        ++steps;
    }
    QCOMPARE(steps, static_cast<int>(UndoList::kMaximum));
    QCOMPARE(last, std::string("10"));
}

QTEST_APPLESS_MAIN(UndoListTest)
#include "undo_list_test.moc"
