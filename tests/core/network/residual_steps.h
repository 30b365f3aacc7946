// Residual networks in double on made numbers, without LibTorch's headers: golden/make_resnet.py in C++.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/compute/layout.h"
#include "core/network/model.h"
#include "core/objective/curvature.h"

namespace residual_steps {

/// The script's u(): numbers in [-1, 1), a hash of each one's place.
std::vector<double> made(std::size_t count, std::uint64_t salt);

/// A batch of images.
struct Images {
    std::vector<std::int64_t> example_shape{};
    std::vector<double> inputs{};
    std::vector<std::int64_t> labels{};
    int classes = 10;
};
/// The script's.
Images made_images(std::int64_t count, std::int64_t channels, std::int64_t side);

struct Answer {
    std::vector<double> logits{};
    double loss = 0;
    std::vector<double> gradient{};
};

struct Network {
    Network(const std::string& variant, const std::vector<std::int64_t>& example_shape, int classes);

    std::shared_ptr<const basin::Model> model;
    std::vector<double> theta;    // begin as the script's
    std::vector<double> buffers;  // written by training

    Answer evaluate(const Images& images, bool training);
    /// In evaluation mode, in double, at theta; by the layers' tangents, or by double backward.
    std::unique_ptr<basin::Curvature> curvature(const Images& images, bool by_graph = false) const;
};

}  // namespace residual_steps
