// A lane's colour and line style, as a small picture.
#pragma once

#include <QWidget>

namespace basin {

/// Paints the line that a lane has everywhere.
class LaneSwatch : public QWidget {
    Q_OBJECT

public:
    explicit LaneSwatch(int style, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int style_;
};

}  // namespace basin
