// The examples that a network learns from and is judged by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/catalog/params.h"
#include "core/network/data/crop_flip.h"

namespace basin {

struct DataSplit {
    std::vector<float> inputs;  // example by example, row-major
    std::vector<std::int64_t> labels;

    std::size_t size() const { return labels.size(); }
};

/// Inputs are scaled by one mean and one deviation, so that all numbers of the training examples together have mean 0
/// and deviation 1; the test examples are scaled by the same two numbers. Immutable once made, so any thread may read
/// it.
struct DataSet {
    std::string name;
    std::vector<std::int64_t> example_shape;  // {channels, rows, columns}, or {coordinates}
    int classes = 0;
    double mean = 0;
    double deviation = 1;
    DataSplit train;                        // labels as given to the network
    std::vector<std::int64_t> true_labels;  // of the training examples
    std::size_t flipped = 0;                // how many of them differ
    DataSplit test;
    std::optional<CropFlip> crop_flip;                             // what a step does to its images
    std::vector<std::pair<std::string, std::string>> file_hashes;  // name and SHA-256 of each file read

    /// What a number of the files is in the inputs.
    float scaled(double x) const { return static_cast<float>((x - mean) * (1 / deviation)); }
};

/// The parameters that every network has: data set, folder, sizes, label noise, augmentation, batches.
ParamSchema data_schema();

/// Reads or makes the data, takes the subset, flips labels: all of it a pure function of params, seed and files. Throws
/// std::invalid_argument, one sentence that names the key or the file.
DataSet make_data_set(const Params& params, std::uint64_t seed);

}  // namespace basin
