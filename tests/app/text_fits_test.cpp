// No text of the window is elided, cut off or written over another, at three sizes, light and dark, with a landscape
// and with a network. Whatever a widget paints is looked at letter by letter: labels, buttons, tables, axes, legends,
// bars.
#include <QDockWidget>
#include <QGraphicsView>
#include <QHelpEvent>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QToolTip>
#include <algorithm>

#include "app/tip_wrap.h"
#include "session.h"
#include "text_faults.h"
#include "text_recorder.h"
#include "widgets/panels/measure_panel.h"

using namespace basin;
using State = RunController::State;

class TextFitsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_cut_text_is_found();
    void everywhere_data();
    void everywhere();

    void a_long_tip_is_wrapped();
    void the_middle_keeps_its_room();

private:
    static void unfold(Session& session);
    static QStringList faults_on_all_pages(Session& session);
};

// The instrument first: it sees what is too long, what is elided, what overlaps, and is quiet about what fits.
void TextFitsTest::a_cut_text_is_found()
{
    QStringList faults;
    QLabel label(QStringLiteral("a long line of words"));
    label.resize(label.sizeHint());
    look_at(&label, faults);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join('\n')));
    label.resize(label.sizeHint().width() / 2, label.sizeHint().height());
    look_at(&label, faults);
    QVERIFY2(faults.join(' ').contains("cut off"), qPrintable(faults.join('\n')));

    faults.clear();
    QTabWidget tabs;
    tabs.setElideMode(Qt::ElideRight);
    tabs.setUsesScrollButtons(false);
    tabs.addTab(new QWidget, QStringLiteral("a long title of a page"));
    tabs.addTab(new QWidget, QStringLiteral("another long title of a page"));
    tabs.resize(120, 60);
    tabs.show();
    look_at(tabs.findChild<QTabBar*>(), faults);
    QVERIFY2(faults.join(' ').contains("elided"), qPrintable(faults.join('\n')));

    class Twice : public QWidget {
        void paintEvent(QPaintEvent* /*event*/) override
        {
            QPainter painter(this);
            painter.drawText(10, 30, QStringLiteral("one"));
            painter.drawText(14, 32, QStringLiteral("other"));
        }
    };
    faults.clear();
    Twice twice;
    twice.resize(200, 60);
    look_at(&twice, faults);
    QVERIFY2(faults.join(' ').contains("written over"), qPrintable(faults.join('\n')));
}

void TextFitsTest::everywhere_data()
{
    QTest::addColumn<QString>("what");
    for (const char* what : {"flagship", "network", "race"}) {
        QTest::newRow(what) << QString(what);
    }
}

void TextFitsTest::unfold(Session& session)
{
    for (std::size_t lane = 0; lane < session.run().laneCount(); ++lane) {
        session.lane(static_cast<int>(lane));
    }
    for (auto* section : session.find<QScrollArea>("experimentPanel")->findChildren<QToolButton*>()) {
        if (section->objectName().startsWith(QLatin1String("section_")) && !section->isChecked()) {
            section->click();
        }
    }
}

/// What is in front, then whatever stands behind others, in turn.
QStringList TextFitsTest::faults_on_all_pages(Session& session)
{
    QStringList faults = faults_of(session.window());
    for (QDockWidget* dock : session.window().findChildren<QDockWidget*>()) {
        if (dock->isVisible() && stands_behind(dock)) {
            dock->raise();
            session.frames(2);
            faults += faults_of(session.window());
        }
    }
    auto* centre = session.find<QTabWidget>("centre");
    const int page = centre->currentIndex();
    for (int other = 0; other < centre->count(); ++other) {
        if (other != page && centre->isTabVisible(other)) {
            centre->setCurrentIndex(other);
            session.frames(2);
            faults += faults_of(session.window());
        }
    }
    centre->setCurrentIndex(page);
    faults.removeDuplicates();
    session.frames(2);
    return faults;
}

void TextFitsTest::everywhere()
{
    QFETCH(const QString, what);
    Session session;
    RunController& run = session.run();
    if (what == "network") {
        const ExperimentSpec spec = parse_spec(
            R"({"version": 1, "name": "moons", "epochs": 3,
                "objective": {"network": "mlp", "dataset": "two_moons", "batch_size": 50, "widths": [8],
                              "label_noise": {"kind": "symmetric", "rate": 0.2}},
                "lanes": [{"label": "SGD", "optimizer": "sgd", "step_size": 0.05, "momentum": 0.9},
                          {"label": "fSGLD", "optimizer": "fsgld", "step_size": 0.05, "beta": 1e6}]})",
            "test");
        run.openSpec(spec, true);
        QTRY_VERIFY_WITH_TIMEOUT(run.state() != State::loading, kPatience);
        if (run.state() == State::failed && run.message().contains("LibTorch")) {
            QSKIP("this build has no networks");
        }
        run.setPace(RunController::kUnlimited);
        QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::finished, kPatience);
    } else {
        QVERIFY(session.openExample(what == "race" ? 1 : 0, true));
        const std::vector<MeasureRow>& measured = session.find<MeasurePanel>("measurePanel")->rows();
        QTRY_VERIFY_WITH_TIMEOUT(run.step() > 10 && run.reports().size() >= run.laneCount(), kPatience);
        session.click("pause");
        QTRY_COMPARE_WITH_TIMEOUT(run.state(), State::paused, kPatience);
        // A run that stands still is measured once more; what that changes is not to come while letters are looked at.
        QTRY_VERIFY_WITH_TIMEOUT(std::all_of(measured.begin(), measured.end(),
                                             [&run](const MeasureRow& row) { return row.newest.step == run.step(); }),
                                 kPatience);
    }
    unfold(session);
    const bool network = what == "network";
    auto* picture = network ? session.find<QWidget>("networkAccuracy")->findChild<QGraphicsView*>()->viewport()
                            : session.find<QWidget>("landscapeView");
    for (const QSize size : {QSize(1440, 900), QSize(1024, 700), QSize(1920, 1080)}) {
        session.window().resize(size);
        for (const ThemeChoice theme : {ThemeChoice::light, ThemeChoice::dark}) {
            session.window().setTheme(theme);
            QVERIFY(session.frames(3));
            const QStringList faults = faults_on_all_pages(session);
            const QString where = QStringLiteral("\n%1 x %2, %3\n")
                                      .arg(size.width())
                                      .arg(size.height())
                                      .arg(theme == ThemeChoice::dark ? "dark" : "light");
            QVERIFY2(faults.isEmpty(), qPrintable(where + faults.join('\n')));
            // The window was looked at, not an empty picture of it: axes and legend of the map, titles and axes of the
            // charts.
            const std::vector<DrawnText> drawn = TextRecorder::of(*picture);
            QVERIFY(drawn.size() > (network ? 4U : 10U));
            // However low a chart is, it says what it shows.
            QVERIFY(!network || std::any_of(drawn.begin(), drawn.end(), [](const DrawnText& text) {
                return text.text.contains(QLatin1String("Flipped labels fitted")) ||
                       text.text == QLatin1String("Flipped fitted");
            }));
        }
        // Large type, where it is tightest.
        session.window().setPresentation(true);
        QVERIFY(session.frames(3));
        const QStringList faults = faults_on_all_pages(session);
        session.window().setPresentation(false);
        const QString where = QStringLiteral("\n%1 x %2, presentation\n").arg(size.width()).arg(size.height());
        QVERIFY2(faults.isEmpty(), qPrintable(where + faults.join('\n')));
    }
}

void TextFitsTest::a_long_tip_is_wrapped()
{
    TipWrap wrap;
    qApp->installEventFilter(&wrap);
    QLabel label(QStringLiteral("label"));
    label.show();
    QVERIFY(QTest::qWaitForWindowExposed(&label));
    const auto shown = [&label](const QString& tip) {
        label.setToolTip(tip);
        QHelpEvent event(QEvent::ToolTip, {2, 2}, label.mapToGlobal(QPoint(2, 2)));
        QCoreApplication::sendEvent(&label, &event);
        return QToolTip::text();
    };
    const QString brief = QStringLiteral("Run (Space)");
    QCOMPARE(shown(brief), brief);
    const QString tip = QStringLiteral("Across: a < b & c; ") + QString(200, 'x').replace("xxxxx", "xxxx ");
    QVERIFY(Qt::mightBeRichText(shown(tip)));
    QVERIFY(QToolTip::text().contains(QStringLiteral("a &lt; b &amp; c")));
    QToolTip::hideText();
}

// On a small screen the docks give way to the map, and the window stays as small as it was made: also after large type,
// in which the forms were wider.
void TextFitsTest::the_middle_keeps_its_room()
{
    constexpr int kWidth = 1024;
    constexpr int kMapWithColours = 380;
    Session session;
    QVERIFY(session.openExample(0, false));
    session.window().resize(kWidth, 700);
    QVERIFY(session.frames(3));
    for (const bool large : {false, true, false}) {
        session.window().setPresentation(large);
        QVERIFY(session.frames(3));
        QCOMPARE(session.window().width(), kWidth);
        QVERIFY(session.find<QWidget>("centre")->width() > kMapWithColours);
    }
}

int main(int argc, char** argv)
{
    return run_session_test<TextFitsTest>(argc, argv);
}
#include "text_fits_test.moc"
