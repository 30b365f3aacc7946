// The particles of a landscape at which exact second derivatives are taken.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/landscape/landscape.h"
#include "core/probe/probe.h"
#include "core/spectrum/trace.h"

namespace basin {

/// An even subset of the chains, the same at every step, without those that have escaped.
struct ParticleSample {
    static constexpr std::size_t kMost = 4096;
    std::vector<Point> at;
    std::size_t lost = 0;

    /// Throws std::runtime_error when all of the subset have escaped.
    explicit ParticleSample(const ProbeInput& input);
    static std::size_t size(const ProbeInput& input);
    /// For a note; empty when none is lost.
    std::string note() const;
};

/// A mean over particles with its standard error.
ProbeValue mean_value(std::string key, const RunningMean& mean);

}  // namespace basin
