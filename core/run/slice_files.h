// Slices on disk; FORMAT.md has the files.
#pragma once

#include <filesystem>
#include <string>

#include "core/slice/slice.h"

namespace basin {

struct SavedSlice {
    SliceSpec spec;  // complete: origin, directions, marks, buffers
    SliceValues values;
};

/// Makes `folder`, or puts this slice in the place of one that is there, whole: a reader finds the old or the new one.
/// Throws std::invalid_argument when something else is there, std::runtime_error when it cannot be written.
void save_slice(const std::filesystem::path& folder, const SliceSpec& spec, const SliceValues& values);

/// Everything, checked: a half-done slice can go on from it. Throws std::invalid_argument, one sentence, when a file is
/// missing or damaged, when another version wrote it, or when `hash` (slice_hash; empty: any) is another one.
SavedSlice load_slice(const std::filesystem::path& folder, const std::string& hash = {});

}  // namespace basin
