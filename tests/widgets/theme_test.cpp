#include "widgets/plots/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QPushButton>
#include <QSpinBox>
#include <QStyleOptionButton>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtTest>
#include <set>

#include "widgets/plots/lane_style.h"

using namespace basin;

class ThemeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void text_can_be_read_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    // The promises of theme.h and lane_style.h in WCAG's measure: 7 for text, 4.5 for small print, 3 for lines.
    void text_can_be_read()
    {
        QFETCH(bool, dark);
        const Theme& theme = dark ? Theme::night() : Theme::light();
        QVERIFY(contrast(theme.text, theme.panel) >= 7);
        QVERIFY(contrast(theme.text, theme.window) >= 7);
        QVERIFY(contrast(theme.muted, theme.panel) >= 4.5);
        QVERIFY(contrast(theme.muted, theme.window) >= 4.5);
        for (const QColor& color : {theme.good, theme.warn, theme.bad, theme.accent}) {
            QVERIFY2(contrast(color, theme.panel) >= 4.5, qPrintable(color.name()));
        }
        for (int lane = 0; lane < 8; ++lane) {
            const double ratio = contrast(lane_style(lane, dark).color, theme.panel);
            QVERIFY2(ratio >= 3, qPrintable(QString::number(lane) + QLatin1Char(' ') + QString::number(ratio)));
        }
    }

    void contrast_of_black_and_white()
    {
        QCOMPARE(contrast(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrast(Qt::red, Qt::red), 1.0);
    }

    void thirty_two_lanes_differ()
    {
        std::set<std::pair<QRgb, std::vector<double>>> seen;
        for (int lane = 0; lane < 32; ++lane) {
            const LaneStyle style = lane_style(lane, false);
            seen.insert({style.color.rgb(), style.dashes});
        }
        QCOMPARE(seen.size(), std::size_t{32});
    }

    void a_widget_knows_its_theme()
    {
        QLabel label;
        label.setPalette(Theme::night().palette());
        QVERIFY(Theme::of(label).dark);
        label.setPalette(Theme::light().palette());
        QVERIFY(!Theme::of(label).dark);
        QVERIFY(Theme::of(ThemeChoice::dark, Theme::light().palette()).dark);
        QVERIFY(Theme::of(ThemeChoice::system, Theme::night().palette()).dark);
    }

    void where_to_write_and_tick_is_seen_data() { text_can_be_read_data(); }

    // WCAG's 3 for the edges of controls on a dark ground; on a light one they are Fusion's.
    void where_to_write_and_tick_is_seen()
    {
        QFETCH(bool, dark);
        const Theme& theme = dark ? Theme::night() : Theme::light();
        apply_theme(*qApp, theme);
        QWidget window;
        window.setAutoFillBackground(true);
        window.setBackgroundRole(QPalette::Base);  // as the card of a lane
        auto* layout = new QVBoxLayout(&window);
        auto* line = new QLineEdit;
        auto* number = new QSpinBox;
        auto* box = new QCheckBox;
        auto* last = new QPushButton;  // has the focus
        for (QWidget* control : std::initializer_list<QWidget*>{last, line, number, box}) {
            layout->addWidget(control);
        }
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        last->setFocus();
        const QImage image = window.grab().toImage();
        QStyleOptionButton option;
        option.initFrom(box);
        const QRect tick = box->style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, box);
        for (const QPoint at : {line->mapTo(&window, QPoint(0, line->height() / 2)),
                                number->mapTo(&window, QPoint(0, number->height() / 2)),
                                box->mapTo(&window, QPoint(tick.left(), tick.center().y()))}) {
            const double ratio = contrast(image.pixelColor(at), theme.panel);
            QVERIFY2(ratio >= (dark ? 3 : 1.5), qPrintable(QString("%1, %2: %3").arg(at.x()).arg(at.y()).arg(ratio)));
        }
    }

    void what_a_tool_bar_has_no_room_for_is_pointed_to_data() { text_can_be_read_data(); }

    void what_a_tool_bar_has_no_room_for_is_pointed_to()
    {
        QFETCH(bool, dark);
        const Theme& theme = dark ? Theme::night() : Theme::light();
        apply_theme(*qApp, theme);
        QMainWindow window;
        QToolBar* bar = window.addToolBar(QStringLiteral("bar"));
        for (int i = 0; i < 20; ++i) {
            bar->addAction(QStringLiteral("action %1").arg(i));
        }
        window.resize(300, 100);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        auto* more = bar->findChild<QToolButton*>(QStringLiteral("qt_toolbar_ext_button"));
        QVERIFY(more != nullptr && more->isVisible());
        const QImage image = more->grab().toImage();
        double best = 0;
        for (int x = 0; x < image.width(); ++x) {
            for (int y = 0; y < image.height(); ++y) {
                best = std::max(best, contrast(image.pixelColor(x, y), theme.window));
            }
        }
        QVERIFY2(best >= 4.5, qPrintable(QString::number(best)));
    }

    void presentation_type_does_not_pile_up()
    {
        const double before = QApplication::font().pointSizeF();
        apply_theme(*qApp, Theme::light(), 1.5);
        apply_theme(*qApp, Theme::night(), 1.5);
        QCOMPARE(QApplication::font().pointSizeF(), before * 1.5);
        apply_theme(*qApp, Theme::light(), 1.0);
        QCOMPARE(QApplication::font().pointSizeF(), before);
    }
};

QTEST_MAIN(ThemeTest)
#include "theme_test.moc"
