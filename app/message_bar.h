// What went wrong, or what there is to see, in the window.
#pragma once

#include <QFrame>

class QLabel;

namespace basin {

/// A sentence or two over the picture, until it is closed or another one comes; several warnings in a row are counted,
/// so that nobody has to click them away one by one. The parts of a note are named noteText and closeNote, those of a
/// warning messageText, messageCount and closeMessage.
class MessageBar : public QFrame {
    Q_OBJECT

public:
    enum class Kind { warning, note };

    MessageBar(Kind kind, QWidget* parent);
    QString text() const;

public Q_SLOTS:
    void tell(const QString& sentence);
    void clear();

protected:
    void changeEvent(QEvent* event) override;

private:
    void recolor();
    Kind kind_;
    QLabel* sign_;
    QLabel* text_;
    QLabel* more_;
    int count_ = 0;
};

}  // namespace basin
