// The window's centre for a network: what is trained on what, and how it goes.
#pragma once

#include <QWidget>
#include <utility>
#include <vector>

#include "widgets/plots/curve_chart.h"

class QLabel;

namespace basin {

/// A summary of model and data above two large charts: loss, and one metric. Window's thread only.
class NetworkView : public QWidget {
    Q_OBJECT

public:
    explicit NetworkView(QWidget* parent = nullptr);

    /// `facts`: name and value each, in order ("Parameters", "61 706").
    void set_summary(const QString& title, const QString& text, const std::vector<std::pair<QString, QString>>& facts);
    CurveChart& loss() { return *loss_; }
    CurveChart& accuracy() { return *accuracy_; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void apply_theme();

    QLabel* title_;
    QLabel* text_;
    QLabel* facts_;
    CurveChart* loss_;
    CurveChart* accuracy_;
};

}  // namespace basin
