// The window in large type, for a room.
#include <QDockWidget>
#include <QTest>
#include <map>

#include "session.h"
#include "text_recorder.h"

using namespace basin;

namespace {

/// How high the titles of the docks that are shown stand, by their text.
std::map<QString, double> titles(MainWindow& window)
{
    std::map<QString, double> heights;
    for (QDockWidget* dock : window.findChildren<QDockWidget*>()) {
        for (const DrawnText& text : TextRecorder::of(*dock)) {
            if (dock->isVisible() && text.text == dock->windowTitle()) {
                heights[text.text] = text.box.height();
            }
        }
    }
    return heights;
}

}  // namespace

class PresentationTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void titles_of_docks_are_as_large_as_the_rest();
};

void PresentationTest::titles_of_docks_are_as_large_as_the_rest()
{
    Session session;
    QVERIFY(session.openExample(0, false));
    const double small = QFontMetricsF(session.window().font()).height();
    const std::map<QString, double> before = titles(session.window());
    QVERIFY(before.size() >= 3);
    for (const auto& [title, height] : before) {
        QVERIFY2(std::abs(height - small) < 1, qPrintable(title));
    }
    session.window().setPresentation(true);
    QVERIFY(session.frames(2));
    const double large = QFontMetricsF(session.window().font()).height();
    QVERIFY(large > 1.3 * small);
    const std::map<QString, double> after = titles(session.window());
    QVERIFY(after.size() >= 2);  // the form is away
    for (const auto& [title, height] : after) {
        QVERIFY2(std::abs(height - large) < 1, qPrintable(QString("%1: %2").arg(title).arg(height)));
    }
    session.window().setPresentation(false);
    QVERIFY(session.frames(2));
    QVERIFY(titles(session.window()) == before);
}

int main(int argc, char** argv)
{
    return run_session_test<PresentationTest>(argc, argv);
}
#include "presentation_test.moc"
