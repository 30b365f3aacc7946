#include "widgets/plots/save_picture.h"

#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QWidget>
#ifdef BASIN_WITH_SVG
#include <QBuffer>
#include <QSvgGenerator>
#endif

namespace basin {

namespace {

constexpr double kPrintScale = 2;

QString sentence(const QString& path, const QString& reason)
{
    return QStringLiteral("%1 could not be written: %2.").arg(path, reason);
}

#ifdef BASIN_WITH_SVG
QString save_svg(QWidget& widget, const QString& path)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(widget.size());
    generator.setViewBox(widget.rect());
    generator.setTitle(widget.accessibleName().isEmpty() ? QStringLiteral("Basin") : widget.accessibleName());
    QPainter painter(&generator);
    widget.render(&painter, QPoint(), QRegion(), QWidget::DrawWindowBackground | QWidget::DrawChildren);
    painter.end();
    return save_text(buffer.data(), path);
}
#endif

}  // namespace

QString save_picture(QWidget& widget, const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    if (ending == QLatin1String("svg")) {
#ifdef BASIN_WITH_SVG
        return save_svg(widget, path);
#else
        return sentence(path, QStringLiteral("this build has no SVG; choose a name that ends in .png"));
#endif
    }
    if (ending != QLatin1String("png")) {
        return sentence(path, QStringLiteral("its name must end in .png, .svg or .csv"));
    }
    QImage image(widget.size() * kPrintScale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(kPrintScale);
    image.fill(Qt::transparent);
    widget.render(&image);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !image.save(&file, "PNG") || !file.commit()) {
        return sentence(path, file.errorString());
    }
    return {};
}

QString picture_filters(bool table)
{
    QString filters = QStringLiteral("PNG picture (*.png)");
#ifdef BASIN_WITH_SVG
    filters += QStringLiteral(";;SVG drawing (*.svg)");
#endif
    if (table) {
        filters += QStringLiteral(";;CSV table (*.csv)");
    }
    return filters;
}

QString save_text(const QByteArray& text, const QString& path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit()) {
        return sentence(path, file.errorString());
    }
    return {};
}

}  // namespace basin
