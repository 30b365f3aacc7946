// One row a lane, with its colour.
#pragma once

#include <QStringList>
#include <QTableWidget>
#include <vector>

namespace basin {

/// A compact table of texts that are replaced a few times a second; only cells that changed are touched. Columns are as
/// wide as their widest text so far. Where they do not all fit, the least important are left out, so that what is
/// shown is whole. Window's thread only.
class LaneTable : public QTableWidget {
    Q_OBJECT

public:
    struct Row {
        QString label;
        int style = 0;
        bool visible = true;
        QStringList cells;
        QString tip;       // why a lane failed
        bool bad = false;  // its first cell is shown as a warning
    };

    explicit LaneTable(QWidget* parent = nullptr);
    /// `columns` without the lane's own; `leave_out`: those of them that may be left out, the first of them first.
    void set_columns(const QStringList& columns, const QStringList& leave_out = {});
    void set_rows(const std::vector<Row>& rows);
    /// lane and columns, left out or not, as text with commas.
    QByteArray table() const;
    /// .png, .svg, or .csv with the table. Empty when it went well, else one sentence.
    QString save(const QString& path);
    /// Three rows are shown whole, or all where there are less.
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void saveAs();

Q_SIGNALS:
    void saveFailed(const QString& message);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void set_row_height();
    void measure_columns();
    void fit_columns();
    int cell_width(int row, int column) const;
    void put(int row, int column, const QString& text);
    void paint_swatches();

    std::vector<Row> rows_;
    QStringList leave_out_;
    std::vector<int> widths_;  // that the columns need, hidden ones too
};

}  // namespace basin
