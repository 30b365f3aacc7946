#include "widgets/bridge/frame_meter.h"

#include <algorithm>
#include <cmath>

namespace basin {

namespace {
constexpr double kNanosecondsPerMillisecond = 1e6;
constexpr qint64 kSecond = 1'000'000'000;
constexpr qint64 kFrameBudget = 16'000'000;
}  // namespace

FrameMeter::FrameMeter()
{
    frames_.reserve(kMaximum);
    clock_.start();
    clear();
}

void FrameMeter::enter()
{
    if (depth_++ == 0) {
        entered_ = clock_.nsecsElapsed();
    }
}

void FrameMeter::leave()
{
    if (--depth_ > 0) {
        return;
    }
    const qint64 now = clock_.nsecsElapsed();
    // A frame that begins inside this event takes the part of it that came after.
    work_ += now - std::max(entered_, frame_began_);
    longest_gap_ = std::max(longest_gap_, now - entered_);
}

void FrameMeter::frame()
{
    const qint64 now = clock_.nsecsElapsed();
    if (depth_ > 0) {
        work_ += now - std::max(entered_, frame_began_);
    }
    if (frames_.size() < kMaximum) {
        frames_.push_back(work_);
    } else {
        frames_[count_ % kMaximum] = work_;
    }
    ++count_;
    work_ = 0;
    frame_began_ = now;
    if (now - counted_at_ >= kSecond) {
        frames_per_second_ = static_cast<double>(count_ - counted_) * static_cast<double>(kSecond) /
                             static_cast<double>(now - counted_at_);
        counted_at_ = now;
        counted_ = count_;
    }
}

void FrameMeter::clear()
{
    frames_.clear();
    count_ = 0;
    counted_ = 0;
    work_ = 0;
    longest_gap_ = 0;
    started_ = clock_.nsecsElapsed();
    frame_began_ = started_;
    counted_at_ = started_;
}

FrameMeter::Summary FrameMeter::summary() const
{
    Summary result;
    result.frames = count_;
    result.longest_gap_ms = static_cast<double>(longest_gap_) / kNanosecondsPerMillisecond;
    if (frames_.empty()) {
        return result;
    }
    std::vector<qint64> sorted = frames_;
    std::sort(sorted.begin(), sorted.end());
    const auto at = [&sorted](double share) {
        const auto last = static_cast<double>(sorted.size() - 1);
        return static_cast<double>(sorted[static_cast<std::size_t>(std::llround(share * last))]) /
               kNanosecondsPerMillisecond;
    };
    result.median_ms = at(0.5);
    result.percentile99_ms = at(0.99);
    result.longest_ms = at(1);
    const auto within = std::upper_bound(sorted.begin(), sorted.end(), kFrameBudget) - sorted.begin();
    result.share_within_16_ms = static_cast<double>(within) / static_cast<double>(sorted.size());
    result.frames_per_second = static_cast<double>(count_) * static_cast<double>(kSecond) /
                               static_cast<double>(std::max<qint64>(1, clock_.nsecsElapsed() - started_));
    return result;
}

}  // namespace basin
