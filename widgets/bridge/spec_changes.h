// What an edit of a spec means for the run of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/run/spec.h"

namespace basin {

/// A live parameter whose value differs.
struct LiveChange {
    std::size_t lane = 0;
    std::string key;
    ParamValue value;
};

/// How `after` differs from `before`.
struct SpecChanges {
    /// The run can not follow: it must be made anew.
    bool restart = false;
    /// What it can follow while running, when `restart` is false.
    std::vector<LiveChange> live;
};

/// Names, labels and probes that are never scheduled need nothing; live parameters of lanes act while running; all else
/// needs a new run.
SpecChanges compare_specs(const ExperimentSpec& before, const ExperimentSpec& after);

}  // namespace basin
