// NumPy's array file, version 1.0: what numpy.load reads.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace basin {

/// Writes `rows x columns` float32 numbers in C order, whole or not at all. Throws std::runtime_error.
void write_npy(const std::filesystem::path& file, std::span<const float> values, std::size_t rows, std::size_t columns);

}  // namespace basin
