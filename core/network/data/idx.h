// IDX, the format of MNIST and its relatives: http://yann.lecun.com/exdb/mnist/ ("The IDX file format").
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace basin {

struct IdxImages {
    std::size_t count = 0;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<std::uint8_t> pixels;  // image by image, row by row
    std::string sha256;                // of the file on disk
};

struct IdxLabels {
    std::vector<std::uint8_t> labels;
    std::string sha256;
};

/// Read a file of unsigned bytes, plain or gzip. The header is checked against the file's true length before memory is
/// taken for what it announces. Throw std::invalid_argument: one sentence with the file, what is wrong with it and what
/// would be right.
IdxImages read_idx_images(const std::filesystem::path& file);
/// Labels are below `classes`.
IdxLabels read_idx_labels(const std::filesystem::path& file, int classes);

}  // namespace basin
