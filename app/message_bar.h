// What went wrong, in the window.
#pragma once

#include <QFrame>

class QLabel;

namespace basin {

/// One sentence over the picture, until it is closed or another one comes; several in a row are counted, so that
/// nobody has to click them away one by one.
class MessageBar : public QFrame {
    Q_OBJECT

public:
    explicit MessageBar(QWidget* parent = nullptr);
    QString text() const;

public Q_SLOTS:
    void tell(const QString& sentence);
    void clear();

protected:
    void changeEvent(QEvent* event) override;

private:
    void recolor();
    QLabel* sign_;
    QLabel* text_;
    QLabel* more_;
    int count_ = 0;
};

}  // namespace basin
