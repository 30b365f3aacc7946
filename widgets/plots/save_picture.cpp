#include "widgets/plots/save_picture.h"

#include <QFileDialog>
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

QString save_plot(QWidget& widget, const std::function<QByteArray()>& table, const QString& path)
{
    return QFileInfo(path).suffix().toLower() == QLatin1String("csv") ? save_text(table(), path)
                                                                      : save_picture(widget, path);
}

QString save_plot_as(QWidget& widget, const std::function<QByteArray()>& table, const QString& title,
                     const QString& name)
{
    // Kinds of files that there are, by their endings.
    QStringList endings{QStringLiteral("png"), QStringLiteral("csv")};
    QStringList filters{QStringLiteral("PNG picture (*.png)"), QStringLiteral("CSV table (*.csv)")};
#ifdef BASIN_WITH_SVG
    endings.insert(1, QStringLiteral("svg"));
    filters.insert(1, QStringLiteral("SVG drawing (*.svg)"));
#endif
    // An empty folder is the one that was used last.
    QFileDialog dialog(&widget, title, QString(), filters.join(QStringLiteral(";;")));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setFileMode(QFileDialog::AnyFile);
    dialog.setDefaultSuffix(endings.front());
    dialog.selectFile(name + '.' + endings.front());
    QObject::connect(&dialog, &QFileDialog::filterSelected, &dialog, [&](const QString& filter) {
        const QString ending = endings.value(filters.indexOf(filter));
        const QFileInfo named(dialog.selectedFiles().value(0));
        dialog.setDefaultSuffix(ending);
        if (!named.fileName().isEmpty() && endings.contains(named.suffix().toLower())) {
            dialog.selectFile(named.completeBaseName() + '.' + ending);
        }
    });
    if (dialog.exec() != QDialog::Accepted || dialog.selectedFiles().isEmpty()) {
        return {};
    }
    return save_plot(widget, table, dialog.selectedFiles().front());
}

QByteArray csv_quoted(const QString& text)
{
    return '"' + text.toUtf8().replace('"', "\"\"") + '"';
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
