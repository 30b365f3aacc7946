// A folder in MNIST's form: four IDX files with fixed names.
#pragma once

#include <filesystem>
#include <string>

#include "core/network/data/idx.h"

namespace basin {

struct ImageFolder {
    struct Part {
        std::filesystem::path image_file;
        std::filesystem::path label_file;
        IdxImages images;
        IdxLabels labels;
    };
    Part train;
    Part test;
};

/// Reads train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, plain or
/// .gz, '.' in place of the second '-' allowed. Throws std::invalid_argument naming the file: missing, damaged, not as
/// many labels as images, or test images of another size than the training images.
ImageFolder read_image_folder(const std::filesystem::path& folder, int classes);

/// Where Debian's dataset-fashion-mnist puts its files. Throws std::invalid_argument that names the package.
std::filesystem::path find_fashion_mnist();

}  // namespace basin
