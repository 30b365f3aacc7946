// What a run needs to hold its numbers.
#pragma once

#include <cstdint>
#include <string>

namespace basin {

struct RunSetup;
struct RunParts;

/// Bytes on the run's device, estimated before it starts. A value.
struct RunMemory {
    std::uint64_t lanes = 0;       // theta, state and what a step needs, of all of them
    std::uint64_t data = 0;        // examples, once
    std::uint64_t evaluation = 0;  // activations and gradients of a batch: lanes take turns, so once
    std::uint64_t libraries = 0;   // what a GPU's libraries take for themselves

    std::uint64_t total() const { return lanes + data + evaluation + libraries; }
};

/// "1.3 GB (0.4 GB for the lanes, ...)": what a reader is told before the start.
std::string memory_words(const RunMemory& memory);
/// "12 MB", "1.3 GB"; rounded up.
std::string byte_words(double bytes);

/// What the run needs. Throws std::invalid_argument with the sizes when what is free is not enough. The objective has
/// been made: its data are no longer asked for.
RunMemory reckoned_memory(const RunSetup& run, const RunParts& parts);

}  // namespace basin
