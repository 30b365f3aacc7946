#include "text_recorder.h"

#include <QFontMetricsF>
#include <QPaintEngine>
#include <QPainter>
#include <QTransform>
#include <QWidget>

namespace basin {

class TextRecorder::Engine : public QPaintEngine {
public:
    Engine() : QPaintEngine(AllFeatures) {}

    bool begin(QPaintDevice* /*device*/) override { return true; }
    bool end() override { return true; }
    Type type() const override { return User; }
    void drawPixmap(const QRectF& /*to*/, const QPixmap& /*pixmap*/, const QRectF& /*from*/) override {}
    void drawPath(const QPainterPath& /*path*/) override {}
    void drawPolygon(const QPointF* /*points*/, int /*count*/, PolygonDrawMode /*mode*/) override {}
    void drawImage(const QRectF& /*to*/, const QImage& /*image*/, const QRectF& /*from*/,
                   Qt::ImageConversionFlags /*flags*/) override
    {
    }

    void updateState(const QPaintEngineState& changed) override
    {
        if ((changed.state() & DirtyTransform) != 0) {
            transform_ = changed.transform();
        }
    }

    void drawTextItem(const QPointF& at, const QTextItem& item) override
    {
        if (item.text().trimmed().isEmpty()) {
            return;
        }
        const QRectF box(at.x(), at.y() - item.ascent(), item.width(), item.ascent() + item.descent());
        const QRectF clip = painter()->hasClipping() ? transform_.mapRect(painter()->clipBoundingRect()) : QRectF();
        texts.push_back({item.text(), transform_.mapRect(box), clip});
    }

    std::vector<DrawnText> texts;

private:
    QTransform transform_;
};

TextRecorder::TextRecorder(const QSize& size) : size_(size), engine_(std::make_unique<Engine>()) {}

TextRecorder::~TextRecorder() = default;

QPaintEngine* TextRecorder::paintEngine() const
{
    return engine_.get();
}

std::vector<DrawnText> TextRecorder::texts() const
{
    constexpr double kTouch = 1;
    std::vector<DrawnText> joined;
    for (const DrawnText& text : engine_->texts) {
        if (!joined.empty()) {
            DrawnText& last = joined.back();
            const bool line = qAbs(last.box.bottom() - text.box.bottom()) < 0.5 * text.box.height();
            const bool next = qAbs(last.box.right() - text.box.left()) < kTouch;
            if (line && next) {
                last.text += text.text;
                last.box |= text.box;
                continue;
            }
        }
        joined.push_back(text);
    }
    return joined;
}

std::vector<DrawnText> TextRecorder::of(QWidget& widget)
{
    TextRecorder recorder(widget.size());
    widget.render(&recorder, QPoint(), QRegion(), QWidget::RenderFlags());
    return recorder.texts();
}

int TextRecorder::metric(PaintDeviceMetric metric) const
{
    constexpr int kDotsPerInch = 96;
    switch (metric) {
        case PdmWidth:
            return size_.width();
        case PdmHeight:
            return size_.height();
        case PdmWidthMM:
            return qRound(size_.width() * 25.4 / kDotsPerInch);
        case PdmHeightMM:
            return qRound(size_.height() * 25.4 / kDotsPerInch);
        case PdmNumColors:
            return 1 << 24;
        case PdmDepth:
            return 32;
        case PdmDevicePixelRatio:
            return 1;
        case PdmDevicePixelRatioScaled:
            return qRound(devicePixelRatioFScale());
        default:
            return kDotsPerInch;
    }
}

}  // namespace basin
