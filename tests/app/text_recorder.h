// A paper on which only texts leave a trace.
#pragma once

#include <QPaintDevice>
#include <QRectF>
#include <QString>
#include <memory>
#include <vector>

class QWidget;

namespace basin {

/// One text as it was drawn: where its letters stand, and what of the widget could be painted on at that time.
struct DrawnText {
    QString text;
    QRectF box;   // pixels of the device
    QRectF clip;  // empty: all of the device
};

/// A paint device that records every text and where it stands. Draw into it with QWidget::render() or a QPainter.
class TextRecorder : public QPaintDevice {
public:
    explicit TextRecorder(const QSize& size);
    ~TextRecorder() override;

    /// Joined: words of a line that were drawn one by one and touch each other.
    std::vector<DrawnText> texts() const;
    QPaintEngine* paintEngine() const override;

    /// What this widget paints itself, without its children.
    static std::vector<DrawnText> of(QWidget& widget);

protected:
    int metric(PaintDeviceMetric metric) const override;

private:
    class Engine;
    QSize size_;
    std::unique_ptr<Engine> engine_;
};

}  // namespace basin
