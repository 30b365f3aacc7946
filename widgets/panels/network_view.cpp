#include "widgets/panels/network_view.h"

#include <QEvent>
#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

#include "widgets/plots/theme.h"

namespace basin {

NetworkView::NetworkView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("networkView"));
    title_ = new QLabel;
    title_->setObjectName(QStringLiteral("networkTitle"));
    text_ = new QLabel;
    text_->setWordWrap(true);
    facts_ = new QLabel;
    facts_->setObjectName(QStringLiteral("networkFacts"));
    facts_->setWordWrap(true);
    facts_->setTextFormat(Qt::RichText);
    loss_ = new CurveChart;
    loss_->setObjectName(QStringLiteral("networkLoss"));
    loss_->setAccessibleName(QStringLiteral("Loss"));
    loss_->set_y_title(QStringLiteral("mini-batch loss"), QStringLiteral("loss"));
    loss_->set_empty_text(QStringLiteral("The loss appears here when training starts."));
    accuracy_ = new CurveChart;
    accuracy_->setObjectName(QStringLiteral("networkAccuracy"));
    accuracy_->setAccessibleName(QStringLiteral("Test accuracy"));
    accuracy_->set_y_title(QStringLiteral("test accuracy"), QStringLiteral("test"));
    accuracy_->set_empty_text(QStringLiteral("Accuracies appear here when all lanes have been evaluated."));

    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(loss_);
    splitter->addWidget(accuracy_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 8);
    layout->setSpacing(4);
    layout->addWidget(title_);
    layout->addWidget(text_);
    layout->addWidget(facts_);
    layout->addWidget(splitter, 1);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    apply_theme();
}

void NetworkView::set_summary(const QString& title, const QString& text,
                              const std::vector<std::pair<QString, QString>>& facts)
{
    title_->setText(title);
    text_->setText(text);
    text_->setVisible(!text.isEmpty());
    QStringList parts;
    for (const auto& [name, value] : facts) {
        parts << QStringLiteral("<span style='white-space:nowrap'>%1: <b>%2</b></span>")
                     .arg(name.toHtmlEscaped(), value.toHtmlEscaped());
    }
    facts_->setText(parts.join(QStringLiteral("&nbsp;&nbsp; ")));  // a line breaks at the last of the three only
}

void NetworkView::apply_theme()
{
    title_->setFont(scaled_font(font(), 1.35, true));
    QPalette muted = palette();
    muted.setColor(QPalette::WindowText, Theme::of(*this).muted);
    text_->setPalette(muted);
}

void NetworkView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        apply_theme();
    }
}

}  // namespace basin
