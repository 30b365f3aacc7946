// What networks take of memory, and a memory that ends, without LibTorch's headers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/catalog/params.h"

namespace torch_memory {

struct Case {
    std::string network = "mlp";
    std::vector<std::int64_t> example_shape{};
    std::vector<double> widths{};  // of mlp
    std::string loss = "cross_entropy";
    std::int64_t examples = 128;
    bool gradient = true;
    std::string variant{};  // of resnet
};

/// basin::evaluation_bytes.
std::uint64_t estimated(const Case& what);
/// The most that LibTorch's allocator has given out at one time in that very evaluation.
std::uint64_t measured(const Case& what);

/// While it lives, LibTorch gets no piece of CPU memory as large as `bytes` or larger: the allocator then throws what a
/// GPU's throws.
class Limit {
public:
    explicit Limit(std::size_t bytes);
    ~Limit();
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;
};

}  // namespace torch_memory
