#include "widgets/plots/landscape_view.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/plots/colour_map.h"
#include "widgets/plots/landscape_decor.h"
#include "widgets/plots/lane_style.h"
#include "widgets/plots/number_text.h"

namespace basin {

namespace {

constexpr std::size_t kTrailLength = 600;
// A map cell of this many pixels, smoothed while it is enlarged, can not be told from a finer one.
constexpr double kCell = 2;
// How far beyond the plot a map reaches, so that panning has something to show.
constexpr double kMargin = 1.2;
// Long enough for a second click to come (which fits instead), short enough to feel like an answer.
constexpr int kClickDelay = 250;

bool same_box(const Box& a, const Box& b)
{
    return a.x_min == b.x_min && a.x_max == b.x_max && a.y_min == b.y_min && a.y_max == b.y_max;
}

}  // namespace

LandscapeView::LandscapeView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("landscapeView"));
    setAccessibleName(QStringLiteral("Landscape"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    click_timer_.setSingleShot(true);
    click_timer_.setInterval(std::min(kClickDelay, QApplication::doubleClickInterval()));
    connect(&click_timer_, &QTimer::timeout, this, [this] {
        const Point at = transform_.to_plane(click_at_);
        Q_EMIT pointChosen(at.x, at.y);
    });
    connect(&worker_, &FieldWorker::ready, this, &LandscapeView::take_field);
    lay_out();
}

LandscapeView::~LandscapeView() = default;

void LandscapeView::set_landscape(std::shared_ptr<const Landscape> landscape, std::vector<Point> starts)
{
    const Landscape* before = landscape_.get();
    const Box old_view = before != nullptr ? before->view() : Box{};
    landscape_ = std::move(landscape);
    starts_ = std::move(starts);
    for (LaneState& state : lanes_) {
        state.positions.clear();
        state.trail.clear();
        state.number = 0;
        state.escaped = 0;
        state.counted = false;
    }
    clouds_stale_ = true;
    if (landscape_ && landscape_.get() != before) {
        // The same landscape with another parameter keeps the place that the user has zoomed to.
        if (before == nullptr || !same_box(landscape_->view(), old_view)) {
            picture_.reset();
            fit();
        }
        request_field();
    }
    background_stale_ = true;
    update();
}

void LandscapeView::set_lanes(std::vector<LandscapeLane> lanes)
{
    const double before = sigma();
    lanes_.resize(lanes.size());
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        lanes_[i].lane = std::move(lanes[i]);
    }
    clouds_stale_ = true;
    if (sigma() != before && kind_ != FieldKind::loss) {
        request_field();
    }
    update();
}

void LandscapeView::set_positions(std::size_t lane, std::span<const float> positions, std::uint64_t number,
                                  std::uint64_t escaped)
{
    LaneState& state = lanes_.at(lane);
    state.escaped = escaped;
    if (state.number == number) {
        return;
    }
    const bool few = positions.size() <= 2 * kTrails;
    if (few && state.positions.size() == positions.size() && !positions.empty()) {
        state.trail.push_back(state.positions);
        if (state.trail.size() > kTrailLength) {
            state.trail.pop_front();
        }
    } else {
        state.trail.clear();
    }
    state.positions.assign(positions.begin(), positions.end());
    state.number = number;
    state.counted = false;
    clouds_stale_ = true;
    update();
}

void LandscapeView::set_selected_lane(std::size_t lane)
{
    const double before = sigma();
    selected_ = lane;
    if (sigma() != before && kind_ != FieldKind::loss) {
        request_field();
    }
}

void LandscapeView::set_field(FieldKind kind)
{
    if (kind != kind_) {
        kind_ = kind;
        request_field();
        Q_EMIT fieldChanged();
    }
}

double LandscapeView::sigma() const
{
    if (selected_ < lanes_.size() && lanes_[selected_].lane.sigma > 0) {
        return lanes_[selected_].lane.sigma;
    }
    // A lane without perturbation is selected: the first that has one.
    for (const LaneState& state : lanes_) {
        if (state.lane.sigma > 0) {
            return state.lane.sigma;
        }
    }
    return 0;
}

void LandscapeView::lay_out()
{
    const LandscapeLayout layout = landscape_layout(size(), scaled_font(font(), 0.9));
    transform_.area = layout.plot;
    transform_.box = fitted(wanted_view_, layout.plot);
    background_stale_ = true;
    clouds_stale_ = true;
    for (LaneState& state : lanes_) {
        state.counted = false;
    }
}

void LandscapeView::set_view(const Box& box)
{
    wanted_view_ = box;
    lay_out();
    request_field();
    update();
    Q_EMIT viewChanged();
}

void LandscapeView::move_view(const Box& box)
{
    const double width = box.x_max - box.x_min;
    const double far = std::max(std::fabs(box.x_min), std::fabs(box.y_min));
    // Beyond these a pixel is no longer a number of its own, or the landscape a dot.
    if (width > 1e-6 * std::max(far, 1.0) && width < 1e6) {
        set_view(box);
    }
}

void LandscapeView::fit()
{
    if (landscape_) {
        set_view(landscape_->view());
    }
}

void LandscapeView::request_field()
{
    if (!landscape_ || transform_.area.width() < 20 || transform_.area.height() < 20) {
        return;
    }
    const Point middle{0.5 * (transform_.box.x_min + transform_.box.x_max),
                       0.5 * (transform_.box.y_min + transform_.box.y_max)};
    FieldRequest request;
    request.landscape = landscape_;
    request.kind = kind_;
    request.sigma = kind_ == FieldKind::loss ? 0 : sigma();
    request.box = zoomed(transform_.box, kMargin, middle);
    request.columns = static_cast<std::size_t>(kMargin * transform_.area.width() / kCell);
    request.rows = static_cast<std::size_t>(kMargin * transform_.area.height() / kCell);
    worker_.request(std::move(request));
}

void LandscapeView::take_field()
{
    if (auto picture = worker_.take()) {
        picture_ = std::move(picture);
        map_ = QImage();
        background_stale_ = true;
        update();
    }
}

QStringList LandscapeView::hover_text(Point at) const
{
    QStringList lines;
    if (!landscape_) {
        return lines;
    }
    const auto place = [](Point point) {
        return QStringLiteral("(%1, %2)").arg(fixed_text(point.x, 3), fixed_text(point.y, 3));
    };
    lines << QStringLiteral("θ = ") + place(at);
    lines << QStringLiteral("loss u = ") + number_text(landscape_->value(at));
    if (const double s = sigma(); s > 0) {
        lines << QStringLiteral("smoothed loss g = %1   (σ = %2)")
                     .arg(number_text(landscape_->smoothed(at, s)), number_text(s, 3));
        if (kind_ == FieldKind::second_order) {
            lines << QStringLiteral("u + σ²/2 tr ∇²u = ") + number_text(landscape_->second_order(at, s));
        }
    }
    lines << QStringLiteral("Hessian trace = ") + number_text(landscape_->hessian(at).trace());
    const QPointF here = transform_.to_pixel(at);
    for (const Minimum& minimum : landscape_->minima()) {
        const QPointF away = transform_.to_pixel(minimum.at) - here;
        if (std::hypot(away.x(), away.y()) < 8) {
            lines << (minimum.global ? QStringLiteral("global minimum ") : QStringLiteral("minimum ")) +
                         place(minimum.at) + QStringLiteral(": loss ") + number_text(minimum.value);
            lines << QStringLiteral("curvatures %1 and %2")
                         .arg(number_text(minimum.eigenvalues[0], 3), number_text(minimum.eigenvalues[1], 3));
        }
    }
    return lines;
}

}  // namespace basin
