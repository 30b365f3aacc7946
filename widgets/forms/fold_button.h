// A button whose arrow says whether something is unfolded.
#pragma once

#include <QToolButton>

namespace basin {

/// Checked is open. Unlike a checkable tool button it does not look pressed while it is open. Window's thread only.
class FoldButton : public QToolButton {
    Q_OBJECT

public:
    explicit FoldButton(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace basin
