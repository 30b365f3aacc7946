#include "app/about.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <array>
#include <utility>

#include "core/compute/backend.h"

namespace basin {

namespace {

QString say(const char* text)
{
    return QCoreApplication::translate("About", text);
}

void show_dialog(QWidget* parent, const QString& title, QLayout* content)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setObjectName(QStringLiteral("dialog"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(20, 18, 20, 14);
    layout->setSpacing(14);
    layout->addLayout(content);
    layout->addWidget(buttons);
    dialog->show();
}

// A landscape of two wells and where particles settle needs no picture here; the words say what the program is for.
QString about_text()
{
    return say("<h2>Basin %1</h2>"
               "<p>A workbench that shows where optimizers settle: flatness-aware stochastic gradient Langevin "
               "dynamics "
               "beside SGD, SGLD and SAM, on landscapes of the plane and on networks.</p>"
               "<p>Built with Qt %2 (running on %3). Kernels: %4.</p>"
               "<p>Licence: GNU General Public License, version 3 or later. There is no warranty; the file LICENSE "
               "says "
               "more. Qt and Qt Charts are used under the GPL.</p>")
        .arg(QCoreApplication::applicationVersion(), QStringLiteral(QT_VERSION_STR), QString::fromLatin1(qVersion()),
             QString::fromLatin1(isa_name(choose_isa())));
}

}  // namespace

void show_about(QWidget* parent)
{
    auto* text = new QLabel(about_text());
    text->setWordWrap(true);
    text->setMinimumWidth(420);
    text->setTextInteractionFlags(Qt::TextBrowserInteraction);
    auto* layout = new QVBoxLayout;
    layout->addWidget(text);
    show_dialog(parent, say("About Basin"), layout);
}

void show_shortcuts(QWidget* parent)
{
    static constexpr std::array<std::pair<const char*, const char*>, 15> kKeys{{
        {"Space", "run or pause"},
        {"S", "one step of every lane"},
        {"R", "back to the first step"},
        {"D", "another seed"},
        {"Ctrl+Z, Ctrl+Shift+Z", "undo, redo"},
        {"Ctrl+O, Ctrl+S, Ctrl+Shift+S", "open, save, save as"},
        {"F5", "presentation mode"},
        {"F11", "full screen"},
        {"click on the map", "all lanes start there"},
        {"wheel, drag, double click", "zoom, pan, fit"},
        {"Shift+wheel", "zoom the y-axis of a chart alone"},
        {"F or 0, + and -, arrow keys", "the same from the keyboard, in a picture"},
        {"Tab, Shift+Tab", "next control, the one before"},
        {"Up, Down", "in a number: a little more, a little less"},
        {"Escape", "in a number: the old one again"},
    }};
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(6);
    int row = 0;
    for (const auto& [keys, effect] : kKeys) {
        grid->addWidget(new QLabel(QStringLiteral("<b>%1</b>").arg(say(keys))), row, 0);
        grid->addWidget(new QLabel(say(effect)), row, 1);
        ++row;
    }
    show_dialog(parent, say("Keys"), grid);
}

}  // namespace basin
