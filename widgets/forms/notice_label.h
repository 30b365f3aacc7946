// A sentence in the colour of its kind.
#pragma once

#include <QLabel>

namespace basin {

/// Text that wraps, small: second-rate text in the theme's muted colour, what is wrong in its own. Follows the theme.
class NoticeLabel : public QLabel {
    Q_OBJECT

public:
    enum class Kind { muted, warn, bad };

    explicit NoticeLabel(Kind kind, const QString& text = {}, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void recolor();
    Kind kind_;
};

}  // namespace basin
