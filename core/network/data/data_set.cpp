#include "core/network/data/data_set.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <span>
#include <stdexcept>

#include "core/network/data/cifar.h"
#include "core/network/data/image_folder.h"
#include "core/network/data/label_noise.h"
#include "core/network/data/permutation.h"
#include "core/network/data/two_moons.h"

namespace basin {
namespace {

/// Which of `available` training examples are used, ascending.
std::vector<std::uint32_t> choose(const Params& params, std::size_t available, std::uint64_t seed)
{
    const std::int64_t wanted = params.integer("train_size");
    if (wanted > static_cast<std::int64_t>(available))
        throw std::invalid_argument("train_size: " + std::to_string(wanted) + " examples are wanted, but " +
                                    params.text("dataset") + " has " + std::to_string(available) +
                                    " for training; give fewer, or 0 for all");
    if (wanted == 0) {
        std::vector<std::uint32_t> all(available);
        std::iota(all.begin(), all.end(), 0U);
        return all;
    }
    return subset({seed, Stream::subset, 0, 0, 0}, available, static_cast<std::size_t>(wanted));
}

/// Images as they are in the files.
struct ImageBytes {
    std::span<const std::uint8_t> pixels;
    std::span<const std::uint8_t> labels;
};

DataSplit make_split(const ImageBytes& images, std::span<const std::uint32_t> chosen)
{
    const std::size_t size = images.pixels.size() / images.labels.size();
    DataSplit split;
    split.inputs.resize(chosen.size() * size);
    split.labels.reserve(chosen.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        std::copy_n(images.pixels.data() + chosen[i] * size, size, split.inputs.data() + i * size);
        split.labels.push_back(images.labels[chosen[i]]);
    }
    return split;
}

std::vector<std::uint32_t> take(DataSet& data, const ImageBytes& train, const ImageBytes& test, const Params& params,
                                std::uint64_t seed)
{
    std::vector<std::uint32_t> chosen = choose(params, train.labels.size(), seed);
    data.train = make_split(train, chosen);
    std::vector<std::uint32_t> all(test.labels.size());
    std::iota(all.begin(), all.end(), 0U);
    data.test = make_split(test, all);
    return chosen;
}

std::vector<std::uint32_t> read_idx(DataSet& data, const Params& params, std::uint64_t seed)
{
    const std::string& folder = params.text("folder");
    if (folder.empty() && data.name != "fashion_mnist")
        throw std::invalid_argument("folder: " + data.name +
                                    " is looked for nowhere by itself; give the folder with its four IDX files");
    data.classes = 10;
    const ImageFolder files =
        read_image_folder(folder.empty() ? find_fashion_mnist() : std::filesystem::path(folder), data.classes);
    data.example_shape = {1, static_cast<std::int64_t>(files.train.images.rows),
                          static_cast<std::int64_t>(files.train.images.columns)};
    for (const ImageFolder::Part* part : {&files.train, &files.test}) {
        data.file_hashes.emplace_back(part->image_file.filename().string(), part->images.sha256);
        data.file_hashes.emplace_back(part->label_file.filename().string(), part->labels.sha256);
    }
    const auto bytes = [](const ImageFolder::Part& part) { return ImageBytes{part.images.pixels, part.labels.labels}; };
    return take(data, bytes(files.train), bytes(files.test), params, seed);
}

std::vector<std::uint32_t> read_cifar(DataSet& data, const Params& params, std::uint64_t seed)
{
    const std::string& folder = params.text("folder");
    if (folder.empty())
        throw std::invalid_argument("folder: " + data.name +
                                    " is looked for nowhere by itself; fetch its binary version from "
                                    "https://www.cs.toronto.edu/~kriz/cifar.html and give the folder with its six "
                                    "files");
    const CifarFolder files = read_cifar_folder(folder);
    data.classes = CifarImages::kClasses;
    data.example_shape = {CifarImages::kChannels, CifarImages::kSide, CifarImages::kSide};
    for (const CifarImages* part : {&files.train, &files.test})
        data.file_hashes.insert(data.file_hashes.end(), part->file_hashes.begin(), part->file_hashes.end());
    const auto bytes = [](const CifarImages& part) { return ImageBytes{part.pixels, part.labels}; };
    return take(data, bytes(files.train), bytes(files.test), params, seed);
}

std::vector<std::uint32_t> make_moons(DataSet& data, const Params& params, std::uint64_t seed)
{
    const auto count = static_cast<std::size_t>(params.integer("moons.count"));
    const double noise = params.number("moons.noise");
    data.classes = 2;
    data.example_shape = {2};
    const Moons train = two_moons(count, noise, seed, 0);
    std::vector<std::uint32_t> chosen = choose(params, count, seed);
    for (const std::uint32_t i : chosen) {
        data.train.inputs.insert(data.train.inputs.end(), {train.points[2 * i], train.points[2 * i + 1]});
        data.train.labels.push_back(train.labels[i]);
    }
    Moons test = two_moons(count, noise, seed, 1);
    data.test = {std::move(test.points), std::move(test.labels)};
    return chosen;
}

/// Sums in double and in order, so that the two numbers are the same everywhere.
void standardise(DataSet& data)
{
    const auto count = static_cast<double>(data.train.inputs.size());
    double sum = 0;
    double squares = 0;
    for (const float x : data.train.inputs) {
        sum += static_cast<double>(x);
        squares += static_cast<double>(x) * static_cast<double>(x);
    }
    data.mean = sum / count;
    const double variance = squares / count - data.mean * data.mean;
    data.deviation = variance > 0 ? std::sqrt(variance) : 1;  // all inputs equal: nothing to scale
    for (DataSplit* split : {&data.train, &data.test})
        for (float& x : split->inputs)
            x = data.scaled(static_cast<double>(x));
}

/// Of scaled data.
std::optional<CropFlip> make_crop_flip(const Params& params, const DataSet& data)
{
    if (params.text("augmentation.kind") != "crop_flip")
        return {};
    if (data.example_shape.size() != 3)
        throw std::invalid_argument("augmentation.kind: crop_flip is for images, and " + data.name +
                                    " has none; choose none");
    const std::int64_t padding = params.integer("augmentation.padding");
    const std::int64_t side = std::min(data.example_shape[1], data.example_shape[2]);
    if (padding >= side)
        throw std::invalid_argument("augmentation.padding: with " + std::to_string(padding) + " pixels around " +
                                    std::to_string(data.example_shape[1]) + " x " +
                                    std::to_string(data.example_shape[2]) +
                                    " a crop may have nothing of the image; give at most " + std::to_string(side - 1));
    return CropFlip{padding, data.scaled(0)};
}

}  // namespace

DataSet make_data_set(const Params& params, std::uint64_t seed)
{
    DataSet data;
    data.name = params.text("dataset");
    const auto make = data.name == "two_moons" ? make_moons : data.name == "cifar10" ? read_cifar : read_idx;
    const std::vector<std::uint32_t> chosen = make(data, params, seed);
    const auto batch = static_cast<std::size_t>(params.integer("batch_size"));
    if (batch > data.train.size())
        throw std::invalid_argument("batch_size: " + std::to_string(batch) + " is more than the " +
                                    std::to_string(data.train.size()) + " training examples; give at most that");
    standardise(data);
    data.crop_flip = make_crop_flip(params, data);
    data.true_labels = data.train.labels;
    if (params.text("label_noise.kind") == "symmetric")
        data.flipped = flip_labels(data.train.labels, chosen, data.classes, params.number("label_noise.rate"), seed);
    return data;
}

}  // namespace basin
