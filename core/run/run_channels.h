// The ways from the lane worker to the one thread that watches; rings and mailboxes are lock-free.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "core/run/path_keeper.h"
#include "core/run/telemetry.h"

namespace basin {

/// A ring and a mailbox for each lane; unused when nobody observes.
struct RunChannels {
    /// Rows a ring holds. At 60 polls a second four million rows a second get through; more makes the lane wait.
    static constexpr std::size_t kRows = 1 << 16;

    RunChannels(std::size_t lanes, bool is_observed) : observed(is_observed)
    {
        for (std::size_t i = 0; i < lanes; ++i) {
            records.push_back(std::make_unique<Ring<RecordRow>>(observed ? kRows : 1));
            snapshots.push_back(std::make_unique<Mailbox<Snapshot>>());
        }
    }

    bool observed;
    std::vector<std::unique_ptr<Ring<RecordRow>>> records;
    std::vector<std::unique_ptr<Mailbox<Snapshot>>> snapshots;
    std::atomic<bool> snapshots_wanted{false};
    std::unique_ptr<PathKeeper> paths;  // null: nobody observes, or it is no network
};

}  // namespace basin
