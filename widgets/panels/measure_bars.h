// Shares and distances as bars.
#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

#include "widgets/panels/measure_model.h"

namespace basin {

/// Draws, for every basin, each lane's share as a bar with the shares that the three measures would have marked on it,
/// and for every measure each lane's W1 with its error, its floor and whether the floor is reached. Text is never cut:
/// the widget asks for the height it needs, and gives long names two lines. Window's thread only.
class MeasureBars : public QWidget {
    Q_OBJECT

public:
    enum class Coordinate { x, y };

    explicit MeasureBars(QWidget* parent = nullptr);
    void set_rows(std::vector<MeasureRow> rows, QStringList basins);
    void set_coordinate(Coordinate coordinate);
    const std::vector<MeasureRow>& rows() const { return rows_; }
    /// What is drawn of the visible lanes, both coordinates: lane, step, quantity, value, error, the measures' own
    /// value (pi_u, pi_v, pi_g) for shares, the sampling floor for distances. Empty where nothing is known.
    QByteArray table() const;
    /// .png, .svg, or .csv with the table. Empty when it went well, else one sentence.
    QString save(const QString& path);

public Q_SLOTS:
    void saveAs();

Q_SIGNALS:
    void saveFailed(const QString& message);

public:
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    /// Paints when `painter` is set; returns the height either way.
    double arrange(double width, QPainter* painter) const;
    double heading(QPainter* painter, double y, double width, const QString& text) const;
    double share_row(QPainter* painter, double y, double width, const MeasureRow& row, const BasinShare& basin) const;
    double distance_row(QPainter* painter, double y, double width, const MeasureRow& row,
                        const MeasureDistance& distance, double longest) const;
    double label_width(double width) const;

    std::vector<MeasureRow> rows_;
    QStringList basins_;
    Coordinate coordinate_ = Coordinate::x;
};

}  // namespace basin
