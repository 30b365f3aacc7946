#include "core/network/data/image_folder.h"

#include <stdexcept>

namespace basin {
namespace {

std::filesystem::path find_file(const std::filesystem::path& folder, const std::string& stem, const std::string& rank)
{
    for (const char* separator : {"-", "."})
        for (const char* ending : {"", ".gz"}) {
            std::error_code error;
            const std::filesystem::path file = folder / (stem + separator + rank + "-ubyte" + ending);
            if (std::filesystem::exists(file, error))
                return file;
        }
    throw std::invalid_argument("folder: " + folder.string() + " holds no " + stem + "-" + rank +
                                "-ubyte, plain or .gz; give the folder with the four IDX files of the data set");
}

ImageFolder::Part read_part(const std::filesystem::path& folder, const std::string& name, int classes)
{
    ImageFolder::Part part;
    part.image_file = find_file(folder, name + "-images", "idx3");
    part.label_file = find_file(folder, name + "-labels", "idx1");
    part.labels = read_idx_labels(part.label_file, classes);
    part.images = read_idx_images(part.image_file);
    if (part.labels.labels.size() != part.images.count)
        throw std::invalid_argument(part.label_file.string() + ": it has " + std::to_string(part.labels.labels.size()) +
                                    " labels, but " + part.image_file.string() + " has " +
                                    std::to_string(part.images.count) + " images; each image needs one label");
    return part;
}

}  // namespace

ImageFolder read_image_folder(const std::filesystem::path& folder, int classes)
{
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
        throw std::invalid_argument("folder: " + folder.string() +
                                    " is not a folder; give the one with the four IDX files of the data set");
    ImageFolder data;
    data.train = read_part(folder, "train", classes);
    data.test = read_part(folder, "t10k", classes);
    const IdxImages& train = data.train.images;
    const IdxImages& test = data.test.images;
    if (train.rows != test.rows || train.columns != test.columns)
        throw std::invalid_argument(data.test.image_file.string() + ": its images are " + std::to_string(test.rows) +
                                    " x " + std::to_string(test.columns) + ", but the training images are " +
                                    std::to_string(train.rows) + " x " + std::to_string(train.columns));
    return data;
}

std::filesystem::path find_fashion_mnist()
{
    for (const char* place : {"/usr/share/datasets/fashion-mnist", "/usr/local/share/datasets/fashion-mnist"}) {
        std::error_code error;
        if (std::filesystem::is_directory(place, error))
            return place;
    }
    throw std::invalid_argument(
        "folder: Fashion-MNIST is not in /usr/share/datasets/fashion-mnist; install Debian's package "
        "dataset-fashion-mnist, or give the folder with its four IDX files");
}

}  // namespace basin
