// CIFAR-10's binary version: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009;
// https://www.cs.toronto.edu/~kriz/cifar.html ("Binary version").
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace basin {

struct CifarImages {
    static constexpr std::size_t kChannels = 3;  // red, green, blue
    static constexpr std::size_t kSide = 32;
    static constexpr std::size_t kPixels = kChannels * kSide * kSide;
    static constexpr std::size_t kRecord = 1 + kPixels;  // label, then pixels
    static constexpr int kClasses = 10;
    static constexpr std::size_t kMostRecords = 10000;  // of a file, as published

    std::vector<std::uint8_t> pixels;  // image by image, channel by channel, row by row
    std::vector<std::uint8_t> labels;
    std::vector<std::pair<std::string, std::string>> file_hashes;  // name and SHA-256 of each file on disk
};

struct CifarFolder {
    CifarImages train;
    CifarImages test;
};

/// Reads data_batch_1.bin to data_batch_5.bin and test_batch.bin, plain or .gz, from `folder` or from the folder
/// cifar-10-batches-bin in it. Fewer than the 10,000 records of a file are enough, so that a part of them can be tried.
/// Throws std::invalid_argument: one sentence with the file, what is wrong with it and what would be right.
CifarFolder read_cifar_folder(const std::filesystem::path& folder);

}  // namespace basin
