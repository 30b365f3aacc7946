#include "widgets/plots/curve_trace.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace basin {

namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

// Rows of a column beyond which its inner turns are below what a pixel shows of a mean.
constexpr std::size_t kEveryRow = 6;
// A column's border is moved by at most one part in so many of its width.
constexpr std::size_t kFinest = 8;

class Tracer {
public:
    Tracer(const CurveSeries& series, const CurveMapping& mapping, std::size_t window)
        : series_(series), mapping_(mapping), xs_(series.column(mapping.axis)), window_(window)
    {
    }

    void trace(std::vector<PixelRun>& runs, std::size_t first_column)
    {
        const auto columns = static_cast<std::size_t>(std::max(mapping_.width, 0));
        runs.resize(std::min(first_column, columns));
        runs.resize(columns);
        if (series_.empty() || runs.empty()) {
            return;
        }
        const std::size_t shown = xs_.lower_bound(boundary(runs.size())) - xs_.lower_bound(boundary(0));
        dense_ = shown > kEveryRow * runs.size();
        while (grain_ * MinMaxPyramid::kFan * kFinest * runs.size() <= shown) {
            grain_ *= MinMaxPyramid::kFan;
        }
        if (grain_ > 1 && window_ > grain_) {
            window_ = width_ = window_ / grain_ * grain_;
        }
        double x = boundary(first_column);
        std::size_t begin = snapped(xs_.lower_bound(x));
        float enter = between(begin, x);
        for (std::size_t c = first_column; c < runs.size(); ++c) {
            x = boundary(c + 1);
            std::size_t end = begin;
            // Mostly the next boundary is past no row at all or past many.
            if (begin < xs_.size() && xs_.at(begin) < x) {
                end = std::max(begin, snapped(xs_.lower_bound(x)));
            }
            if (c + 1 == runs.size() && end < xs_.size() && xs_.at(end) <= x) {
                ++end;  // a row on the right edge belongs to the last column
            }
            const float leave = between(end, x);
            runs[c] = run(begin, end, enter, leave);
            begin = end;
            enter = leave;
        }
        if (dense_ && window_ <= 1) {
            touch(runs, first_column);
        }
    }

private:
    // With many rows a column, columns begin at whole nodes of the pyramid: the rows themselves, spread over many
    // megabytes, are then not read at all, and no row is left out.
    std::size_t snapped(std::size_t index) const { return index >= xs_.size() ? xs_.size() : index / grain_ * grain_; }

    static void touch(std::vector<PixelRun>& runs, std::size_t first_column)
    {
        for (std::size_t c = first_column; c < runs.size(); ++c) {
            PixelRun& run = runs[c];
            if (c > 0 && !run.empty && !runs[c - 1].empty) {
                run.top = std::min(run.top, runs[c - 1].bottom);
                run.bottom = std::max(run.bottom, runs[c - 1].top);
            }
            run.enter = run.leave = 0.5F * (run.top + run.bottom);
        }
    }

    double boundary(std::size_t column) const
    {
        return (mapping_.x.low + mapping_.x.span() * static_cast<double>(column) / mapping_.width) / mapping_.x_scale;
    }

    float pixel(double value) const { return static_cast<float>(mapping_.y_pixel(value)); }

    float row_pixel(std::size_t index) const
    {
        const double value =
            window_ > 1 ? series_.smoothed(index, width_) : static_cast<double>(series_.values().at(index));
        return std::isfinite(value) ? pixel(value) : kNothing;
    }

    // Where the line from row `index` - 1 to row `index` is at x.
    float between(std::size_t index, double x) const
    {
        if (index == 0 || index >= xs_.size()) {
            return kNothing;
        }
        if (dense_ && window_ <= 1) {
            return kNothing;  // touch() joins columns without reading single rows
        }
        const float a = row_pixel(index - 1);
        if (dense_) {
            return a;  // the next row is a small part of a pixel away
        }
        const double left = xs_.at(index - 1);
        const double right = xs_.at(index);
        const float b = row_pixel(index);
        const double share = right > left ? std::clamp((x - left) / (right - left), 0.0, 1.0) : 1.0;
        return a + static_cast<float>(share) * (b - a);
    }

    static void take(PixelRun& run, float y)
    {
        if (std::isnan(y)) {
            return;
        }
        run.top = run.empty ? y : std::min(run.top, y);
        run.bottom = run.empty ? y : std::max(run.bottom, y);
        run.empty = false;
    }

    PixelRun run(std::size_t begin, std::size_t end, float enter, float leave)
    {
        PixelRun result;
        result.enter = enter;
        result.leave = leave;
        const bool whole = !std::isnan(enter) && !std::isnan(leave);
        take(result, enter);
        take(result, leave);
        if (window_ > 1) {
            // A column of many rows shows the mean over no less than itself.
            width_ = std::max(window_, end - begin);
            if (end - begin <= kEveryRow || !whole) {
                const std::size_t stride = std::max<std::size_t>(1, (end - begin) / kEveryRow);
                for (std::size_t i = begin; i < end; i += stride) {
                    take(result, row_pixel(i));
                }
            }
        } else if (end > begin) {
            const MinMaxPyramid::Extent extent = series_.values().extent(begin, end);
            if (!extent.empty()) {
                take(result, pixel(static_cast<double>(extent.minimum)));
                take(result, pixel(static_cast<double>(extent.maximum)));
            }
        }
        if (result.empty) {
            return result;
        }
        if (!whole) {
            result.enter = std::isnan(enter) ? result.top : enter;
            result.leave = std::isnan(leave) ? result.top : leave;
        }
        // Straight, or so nearly that no turn inside can be seen.
        result.sloped =
            whole && result.top >= std::min(enter, leave) - 0.25F && result.bottom <= std::max(enter, leave) + 0.25F;
        return result;
    }

    const CurveSeries& series_;
    const CurveMapping& mapping_;
    const AffineColumn& xs_;
    std::size_t window_;
    std::size_t width_ = window_;
    bool dense_ = false;
    std::size_t grain_ = 1;
};

}  // namespace

double CurveMapping::y_coordinate(double value) const
{
    if (!logarithmic) {
        return value;
    }
    const double above = value - log_offset;
    return above > 0 ? std::log10(above) : -std::numeric_limits<double>::infinity();
}

double CurveMapping::y_pixel(double value) const
{
    const double pixel = (y.high - y_coordinate(value)) / y.span() * height;
    // Far outside is as good as outside, and keeps runs short.
    return std::clamp(pixel, -100.0, height + 100.0);
}

std::vector<PixelRun> trace(const CurveSeries& series, const CurveMapping& mapping, std::size_t window)
{
    std::vector<PixelRun> runs;
    Tracer(series, mapping, window).trace(runs, 0);
    return runs;
}

const std::vector<PixelRun>& TraceMemory::trace(const CurveSeries& series, const CurveMapping& mapping,
                                                std::size_t window)
{
    std::size_t first_column = 0;
    const bool same = series_ == &series && generation_ == series.generation() && mapping_ == mapping &&
                      window_ == window && size_ > 0 && size_ <= series.size();
    if (same && size_ == series.size()) {
        return runs_;
    }
    if (same) {
        // The column where the rows ended, and the one before, whose right end was open.
        const double end = mapping.x_pixel(series.column(mapping.axis).at(size_ - 1) * mapping.x_scale);
        first_column = static_cast<std::size_t>(std::clamp(std::floor(end) - 1, 0.0, 1.0 * mapping.width));
    }
    Tracer(series, mapping, window).trace(runs_, first_column);
    series_ = &series;
    generation_ = series.generation();
    mapping_ = mapping;
    window_ = window;
    size_ = series.size();
    return runs_;
}

}  // namespace basin
