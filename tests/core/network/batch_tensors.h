// What Batches gives, as plain numbers, without LibTorch's headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/network/data/data_set.h"
#include "core/objective/objective.h"

namespace batch_tensors {

/// gather() on the CPU, or the two parts that a GPU does, here on tensors of the CPU.
enum class Way : std::uint8_t { cpu, gpu };

struct Numbers {
    std::vector<float> inputs;
    std::vector<std::int64_t> labels;
    bool operator==(const Numbers&) const = default;
};

/// One basin::Batches, asked for any batch.
class Maker {
public:
    Maker(basin::DataSet set, std::size_t size, Way way);
    ~Maker();
    Numbers batch(const basin::BatchKey& key);
    std::size_t steps_per_epoch() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace batch_tensors
