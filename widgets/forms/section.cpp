#include "widgets/forms/section.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace basin {

Section::Section(const QString& title, QWidget* content, bool open, QWidget* parent)
    : QWidget(parent), title_(new QToolButton), header_(new QHBoxLayout)
{
    title_->setText(title);
    title_->setObjectName(QStringLiteral("section_") + title.toLower().replace(' ', '_'));
    title_->setCheckable(true);
    title_->setChecked(open);
    title_->setAutoRaise(true);
    // An open section is no pressed button: the arrow says it.
    title_->setStyleSheet(
        QStringLiteral("QToolButton { border: 1px solid transparent; padding: 2px 4px 2px 0; }"
                       "QToolButton:focus { border-color: palette(highlight); }"));
    title_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    title_->setFocusPolicy(Qt::TabFocus);
    QFont bold = title_->font();
    bold.setBold(true);
    title_->setFont(bold);
    header_->addWidget(title_);
    header_->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(header_);
    layout->addWidget(content);
    const auto unfold = [this, content](bool on) {
        title_->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
        content->setVisible(on);
    };
    unfold(open);
    connect(title_, &QToolButton::toggled, this, unfold);
}

void Section::addHeaderWidget(QWidget* control)
{
    header_->addWidget(control);
}

}  // namespace basin
