// Tooltips of several lines.
#pragma once

#include <QObject>

namespace basin {

/// Event filter for the whole application: a long plain tooltip of a control or a menu's entry is broken into lines
/// instead of running across the screen in one. Window's thread only.
class TipWrap : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
};

/// `tip` as rich text, which Qt wraps, where it is plain and longer than a line is read easily.
QString wrapped_tip(const QString& tip);

}  // namespace basin
