// NumPy's array file, version 1.0: what numpy.load reads.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace basin {

/// Writes `rows x columns` float32 numbers in C order, whole or not at all. Throws std::runtime_error.
void write_npy(const std::filesystem::path& file, std::span<const float> values, std::size_t rows, std::size_t columns);
/// The same in float64.
void write_npy(const std::filesystem::path& file, std::span<const double> values, std::size_t rows,
               std::size_t columns);

/// A float64 array of rows x columns, C order.
struct NpyMatrix {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<double> values;
};

/// Reads what write_npy writes in float64. Throws std::invalid_argument, one sentence with the file's name, when it is
/// not there, is cut short or is an array of another kind.
NpyMatrix read_npy(const std::filesystem::path& file);

}  // namespace basin
