// Where every lane of a network has been, thinned while it goes on.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/slice/make_plane.h"

namespace basin {

/// Keyframes of theta for each lane: where it began, then every k-th step. k is 8 at first and doubles when a lane has
/// as many as are kept, each second keyframe being let go; so k depends on the steps alone, never on a clock. At most
/// kFrames of a lane, fewer (8 at least) where they would take more than kBytes: a LeNet's path is 15 MiB, that of ten
/// million parameters 305 MiB. Nothing of it is written to files. One thread keeps; any may read.
class PathKeeper {
public:
    static constexpr std::size_t kFrames = 64;
    static constexpr std::size_t kFewestFrames = 8;
    static constexpr std::size_t kBytes = std::size_t{256} << 20U;  // a lane
    /// Rounds end at keyframes, and eight steps of the smallest networks are as long as a turn should be.
    static constexpr std::uint64_t kFirstEvery = 8;

    PathKeeper(std::vector<std::string> labels, std::size_t dim);

    /// Bytes that all paths take when they are full.
    std::size_t most_bytes() const { return lanes_.size() * frames_ * dim_ * sizeof(float); }
    std::size_t frames() const { return frames_; }

    // The thread that keeps.
    bool due(std::size_t lane, std::uint64_t step) const;
    /// The first step after `step` at which a keyframe is due.
    std::uint64_t next(std::uint64_t step) const { return (step / every_ + 1) * every_; }
    /// Does nothing when it is not due.
    void keep(std::size_t lane, std::uint64_t step, std::vector<float> theta);

    // Any thread.
    /// Steps ascending. Copies pointers, not thetas.
    LanePath path(std::size_t lane) const;
    /// Differs whenever path() would.
    std::uint64_t version(std::size_t lane) const { return lanes_.at(lane)->version.load(std::memory_order_acquire); }

private:
    struct Lane {
        LanePath path;
        std::atomic<std::uint64_t> version{0};
    };
    void thin();

    std::size_t dim_;
    std::size_t frames_;
    std::uint64_t every_ = kFirstEvery;  // of the keeping thread
    std::vector<std::unique_ptr<Lane>> lanes_;
    mutable std::mutex mutex_;  // of the paths; only the keeping thread writes them
};

}  // namespace basin
