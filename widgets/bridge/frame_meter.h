// How long the window's thread is busy.
#pragma once

#include <QElapsedTimer>
#include <cstddef>
#include <vector>

namespace basin {

/// Records, for the window's thread, how long it works in each frame and how long its event loop is held up.
/// `enter` and `leave` are called around every outermost event (WindowApplication does), `frame` once a poll.
/// Window's thread only; costs two clock readings an event.
class FrameMeter {
public:
    struct Summary {
        std::size_t frames = 0;
        double median_ms = 0;  // work in a frame
        double percentile99_ms = 0;
        double longest_ms = 0;
        double share_within_16_ms = 1;
        double longest_gap_ms = 0;  // longest time in which no event could be begun
        double frames_per_second = 0;
    };

    FrameMeter();
    void enter();
    void leave();
    void frame();
    void clear();
    /// Of everything since clear(); at most the newest kMaximum frames.
    Summary summary() const;
    /// Over the last second or so.
    double framesPerSecond() const { return frames_per_second_; }

    static constexpr std::size_t kMaximum = 1 << 16;

private:
    QElapsedTimer clock_;
    int depth_ = 0;
    qint64 entered_ = 0;
    qint64 work_ = 0;
    qint64 frame_began_ = 0;
    qint64 longest_gap_ = 0;
    qint64 started_ = 0;
    std::size_t count_ = 0;
    std::vector<qint64> frames_;
    double frames_per_second_ = 0;
    qint64 counted_at_ = 0;
    std::size_t counted_ = 0;
};

}  // namespace basin
