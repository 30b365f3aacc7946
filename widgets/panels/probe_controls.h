// Asking for a measurement by hand, and seeing how far it is.
#pragma once

#include <QWidget>

class QCheckBox;
class QLabel;
class QProgressBar;
class QSpinBox;
class QToolButton;

namespace basin {

class WrapLayout;

/// "Measure now", "again every so many steps", and what that would take; while something is measured: what, how far,
/// how long still, and a button that gives up. Live measurements only: what the experiment schedules is set in the
/// experiment's form and is never skipped. Window's thread only.
class ProbeControls : public QWidget {
    Q_OBJECT

public:
    /// What is being measured; an empty `text` says nothing is.
    struct Activity {
        QString text;
        double share = 0;  // done, 0 to 1
        bool may_cancel = false;
        bool operator==(const Activity&) const = default;
    };

    /// `name` begins the object names of the controls.
    explicit ProbeControls(const QString& name, QWidget* parent = nullptr);

    void set_activity(const Activity& activity);
    /// What a measurement would take; shown while none goes on.
    void set_forecast(const QString& text);
    /// One more thing to choose before measuring; `name` is what its object name ends in.
    QCheckBox* add_option(const QString& name, const QString& text, const QString& help);
    /// 0: only when asked.
    int every() const;

Q_SIGNALS:
    void measureAsked();
    void cancelAsked();

private:
    void show_words();

    WrapLayout* asking_;
    QToolButton* now_;
    QLabel* every_label_;
    QSpinBox* every_;
    QProgressBar* progress_;
    QLabel* text_;
    QToolButton* cancel_;
    Activity shown_;
    QString forecast_;
};

}  // namespace basin
