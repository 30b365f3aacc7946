#include "widgets/forms/section.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "widgets/forms/fold_button.h"

namespace basin {

Section::Section(const QString& title, QWidget* content, bool open, QWidget* parent)
    : QWidget(parent), title_(new FoldButton), header_(new QHBoxLayout)
{
    title_->setText(title);
    title_->setObjectName(QStringLiteral("section_") + title.toLower().replace(' ', '_'));
    title_->setChecked(open);
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
    content->setVisible(open);
    connect(title_, &QToolButton::toggled, content, &QWidget::setVisible);
}

void Section::addHeaderWidget(QWidget* control)
{
    header_->addWidget(control);
}

}  // namespace basin
