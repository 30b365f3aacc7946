#include "core/field/contours.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>

namespace basin {
namespace {

// A crossing lies on a lattice edge; its name is (cell index) * 2 + (0: edge towards +x, 1: edge towards +y).
using Edge = std::size_t;

struct Segment {
    Edge ends[2];
};

class Tracer {
public:
    Tracer(const Grid& grid, double level) : grid_(grid), level_(level)
    {
        const std::size_t columns = grid.lattice.columns;
        for (std::size_t row = 0; row + 1 < grid.lattice.rows; ++row) {
            for (std::size_t column = 0; column + 1 < columns; ++column)
                cut(column, row);
        }
    }

    std::vector<Polyline> join()
    {
        // Each crossing is the end of one segment (at the border) or two: walk from ends first, then round the loops.
        std::unordered_map<Edge, std::array<std::size_t, 2>> meeting;
        meeting.reserve(segments_.size() * 2);
        for (std::size_t i = 0; i < segments_.size(); ++i) {
            for (const Edge edge : segments_[i].ends) {
                auto [place, fresh] = meeting.try_emplace(edge, std::array<std::size_t, 2>{i, kNone});
                if (!fresh)
                    place->second[1] = i;
            }
        }
        std::vector<bool> used(segments_.size(), false);
        std::vector<Polyline> lines;
        const auto walk = [&](std::size_t segment, Edge from) {
            Polyline line;
            line.points.push_back(crossing(from));
            while (segment != kNone && !used[segment]) {
                used[segment] = true;
                const Segment& s = segments_[segment];
                from = s.ends[0] == from ? s.ends[1] : s.ends[0];
                line.points.push_back(crossing(from));
                const auto& two = meeting.at(from);
                segment = two[0] == segment ? two[1] : two[0];
            }
            lines.push_back(std::move(line));
        };
        for (std::size_t i = 0; i < segments_.size(); ++i) {
            for (const Edge edge : segments_[i].ends) {
                if (!used[i] && meeting.at(edge)[1] == kNone)
                    walk(i, edge);
            }
        }
        for (std::size_t i = 0; i < segments_.size(); ++i) {
            if (!used[i])
                walk(i, segments_[i].ends[0]);
        }
        return lines;
    }

private:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    void cut(std::size_t column, std::size_t row)
    {
        const double a = grid_.at(column, row);
        const double b = grid_.at(column + 1, row);
        const double c = grid_.at(column + 1, row + 1);
        const double d = grid_.at(column, row + 1);
        if (!std::isfinite(a + b + c + d))
            return;
        const bool above[4] = {a >= level_, b >= level_, c >= level_, d >= level_};
        const std::size_t cell = row * grid_.lattice.columns + column;
        const Edge edges[4] = {cell * 2, (cell + 1) * 2 + 1, (cell + grid_.lattice.columns) * 2, cell * 2 + 1};
        Edge crossed[4];
        std::size_t count = 0;
        for (std::size_t side = 0; side < 4; ++side) {
            if (above[side] != above[(side + 1) % 4])
                crossed[count++] = edges[side];
        }
        if (count == 2) {
            segments_.push_back({{crossed[0], crossed[1]}});
        } else if (count == 4) {
            // Corners a and c agree; the middle decides whether they are joined.
            const bool joined = (0.25 * (a + b + c + d) >= level_) == above[0];
            segments_.push_back({{edges[0], joined ? edges[1] : edges[3]}});
            segments_.push_back({{edges[2], joined ? edges[3] : edges[1]}});
        }
    }

    Point crossing(Edge edge) const
    {
        const std::size_t cell = edge / 2;
        const std::size_t next = edge % 2 == 0 ? cell + 1 : cell + grid_.lattice.columns;
        const double low = grid_.values[cell];
        const double high = grid_.values[next];
        const double t = (level_ - low) / (high - low);
        const Point from = grid_.lattice.middle(cell);
        const Point to = grid_.lattice.middle(next);
        return {from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)};
    }

    const Grid& grid_;
    double level_;
    std::vector<Segment> segments_;
};

}  // namespace

std::vector<Polyline> contour(const Grid& grid, double level)
{
    return Tracer(grid, level).join();
}

std::vector<double> contour_levels(const Grid& grid, std::size_t count)
{
    std::vector<double> sorted;
    sorted.reserve(grid.values.size());
    std::copy_if(grid.values.begin(), grid.values.end(), std::back_inserter(sorted),
                 [](double value) { return std::isfinite(value); });
    std::sort(sorted.begin(), sorted.end());
    std::vector<double> levels;
    for (std::size_t k = 1; k <= count && !sorted.empty(); ++k) {
        const double fraction = static_cast<double>(k) / static_cast<double>(count + 1);
        const double place = fraction * fraction * static_cast<double>(sorted.size() - 1);
        const double level = sorted[static_cast<std::size_t>(place)];
        if (level > sorted.front() && (levels.empty() || level > levels.back()))
            levels.push_back(level);
    }
    return levels;
}

ContourSet contours(const Grid& grid, std::vector<double> levels, const std::stop_token& stop)
{
    ContourSet set;
    set.levels = std::move(levels);
    set.lines.resize(set.levels.size());
    for (std::size_t k = 0; k < set.levels.size() && !stop.stop_requested(); ++k) {
        set.lines[k] = contour(grid, set.levels[k]);
    }
    return set;
}

}  // namespace basin
