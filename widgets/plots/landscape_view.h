// The plane of theta: map, contour lines, particles of every lane.
#pragma once

#include <QElapsedTimer>
#include <QPixmap>
#include <QTimer>
#include <QWidget>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "widgets/plots/field_worker.h"
#include "widgets/plots/particle_raster.h"

namespace basin {

/// One lane on the map. `style` is an index for lane_style(). `sigma`: the perturbation scale in force, 0 for none.
struct LandscapeLane {
    QString label;
    int style = 0;
    bool visible = true;
    double sigma = 0;
    bool operator==(const LandscapeLane&) const = default;
};

/// Shows a landscape as a map with contour lines and, on it, the particles of every lane: clouds where they are many,
/// dots with trails where they are few. Escaped particles are counted in the legend and never drawn. A click asks to
/// restart at that point; wheel zooms at the cursor, drag pans, double click or F fits, + - and arrows from the
/// keyboard. Nothing waits here: maps are computed by a worker, and the old one stays until the new one is ready.
/// Window's thread only.
class LandscapeView : public QWidget {
    Q_OBJECT

public:
    explicit LandscapeView(QWidget* parent = nullptr);
    ~LandscapeView() override;

    /// Up to this many particles in a lane are drawn as dots with outlines instead of a cloud.
    static constexpr std::size_t kDots = 500;
    /// Trails are for races of single particles; more of them would be a scribble.
    static constexpr std::size_t kTrails = 12;

    /// Null: nothing to show (a network). Fits the view when the landscape is another one. Trails begin anew.
    void set_landscape(std::shared_ptr<const Landscape> landscape, std::vector<Point> starts);
    /// Lanes in order; positions of lanes that stay are kept.
    void set_lanes(std::vector<LandscapeLane> lanes);
    /// x and y of each particle in turn, escaped ones not finite. `number` grows with every new snapshot; the same
    /// number again costs nothing. The positions are copied.
    void set_positions(std::size_t lane, std::span<const float> positions, std::uint64_t number, std::uint64_t escaped);
    /// The lane whose sigma the smoothed loss is shown and told with.
    void set_selected_lane(std::size_t lane);
    void set_field(FieldKind kind);

    FieldKind field() const { return kind_; }
    double sigma() const;
    const ViewTransform& transform() const { return transform_; }
    void set_view(const Box& box);
    /// The map in hand, null before the first.
    const FieldPicture* picture() const { return picture_.get(); }
    /// Lines of the read-out at a point.
    QStringList hover_text(Point at) const;
    /// How long the last paint took.
    double last_paint_ms() const { return last_paint_ms_; }
    /// .png, .svg, or .csv with the positions shown. Empty when it went well, else one sentence.
    QString save(const QString& path);
    /// Particles of the visible lanes: lane, x, y.
    QByteArray table() const;
    /// The map in hand, cell by cell: x, y, value. Empty before the first.
    QByteArray field_table() const;

public Q_SLOTS:
    void fit();
    void saveAs();

Q_SIGNALS:
    /// The user wants all lanes to restart here.
    void pointChosen(double x, double y);
    void fieldChanged();
    void viewChanged();
    void saveFailed(const QString& message);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    QSize sizeHint() const override { return {640, 520}; }
    QSize minimumSizeHint() const override { return {280, 220}; }

private:
    void save_table_as(const std::function<QByteArray()>& table, const QString& title, const QString& name);
    struct LaneState {
        LandscapeLane lane;
        std::vector<float> positions;
        std::uint64_t number = 0;
        std::uint64_t escaped = 0;
        bool counted = false;
        ParticleLayer cloud;
        std::deque<std::vector<float>> trail;  // earlier positions, oldest first; only while particles are few
    };
    void lay_out();
    void move_view(const Box& box);
    void request_field();
    void take_field();
    void keep_background(double ratio);
    void paint_background(QPainter& painter);
    void paint_clouds(QPainter& painter);
    void paint_dots(QPainter& painter) const;

    std::shared_ptr<const Landscape> landscape_;
    std::vector<Point> starts_;
    std::vector<LaneState> lanes_;
    std::size_t selected_ = 0;
    FieldKind kind_ = FieldKind::loss;
    ViewTransform transform_;
    Box wanted_view_;  // before it was given the plot's shape
    FieldWorker worker_;
    std::shared_ptr<const FieldPicture> picture_;
    QImage map_;  // the picture in the theme's colours
    QPixmap background_;
    bool background_stale_ = true;
    QImage clouds_;
    bool clouds_stale_ = true;
    std::optional<QPointF> cursor_;
    std::optional<QPointF> press_;
    bool dragging_ = false;
    QTimer click_timer_;
    QPointF click_at_;
    double last_paint_ms_ = 0;
};

}  // namespace basin
