// The box beside the cursor that says what is there.
#pragma once

#include <QPainter>
#include <QString>
#include <optional>
#include <vector>

#include "widgets/plots/lane_style.h"

namespace basin {

struct Theme;

/// A line of the box: words on the left after a sample of a lane's line, a number on the right. Second-rate lines are
/// muted.
struct ReadoutLine {
    QString text;
    QString value{};
    std::optional<LaneStyle> style{};
    bool muted = false;
};

/// Lines of words only.
std::vector<ReadoutLine> readout_lines(const QStringList& texts);

/// Draws the box beside `at`: right of and below it, else left and above where it would leave `room`; never outside of
/// `room` while that is large enough. In the painter's font.
void draw_readout(QPainter& painter, const QRectF& room, const QPointF& at, const std::vector<ReadoutLine>& lines,
                  const Theme& theme);

/// The ground that such boxes have.
void draw_box(QPainter& painter, const QRectF& box, const Theme& theme, float opacity);

}  // namespace basin
