// A part of a form that can be folded away.
#pragma once

#include <QToolButton>
#include <QWidget>

class QHBoxLayout;

namespace basin {

/// A title with an arrow over a content. The arrow, a click on the title, Space and Enter fold and unfold it.
class Section : public QWidget {
    Q_OBJECT

public:
    Section(const QString& title, QWidget* content, bool open, QWidget* parent = nullptr);
    /// Puts a control at the right end of the title's line.
    void addHeaderWidget(QWidget* control);
    bool isOpen() const { return title_->isChecked(); }
    void setOpen(bool open) { title_->setChecked(open); }

private:
    QToolButton* title_;
    QHBoxLayout* header_;
};

}  // namespace basin
