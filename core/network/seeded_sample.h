// Fixed samples of the data, for looking at a network. Includes LibTorch: for this folder's few files only.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <utility>

namespace basin {

/// Which examples a look at the network takes: `wanted` of them without replacement, 0: all. Equal draws of equal data
/// are equal samples.
struct SampleDraw {
    const char* key;   // of the parameter, for messages
    const char* what;  // "training" or "testing"
    std::size_t wanted;
    std::uint64_t seed;
    std::uint32_t draw;  // of Stream::probe: the last ones, a probe's own directions take the first
};
inline constexpr std::uint32_t kTrainingDraw = 4095;
inline constexpr std::uint32_t kTestDraw = 4094;

/// Inputs and labels of the sample; views when it is all of them. Throws std::invalid_argument when there are not so
/// many.
std::pair<at::Tensor, at::Tensor> seeded_sample(const at::Tensor& inputs, const at::Tensor& labels,
                                                const SampleDraw& draw);

}  // namespace basin
