#include "core/network/tensor_data.h"

#include <utility>

namespace basin {

TensorData::TensorData(DataSet data, at::Device device) : set(std::move(data))
{
    // LibTorch knows no constant tensors; nothing here writes to these. Copies to a GPU are done when `to` returns, so
    // that other streams may read them.
    const auto inputs = [this, device](const DataSplit& split) {
        return at::from_blob(const_cast<float*>(split.inputs.data()), batch_shape(split.size()), at::kFloat).to(device);
    };
    const auto labels = [device](const DataSplit& split) {
        return at::from_blob(const_cast<std::int64_t*>(split.labels.data()), {static_cast<std::int64_t>(split.size())},
                             at::kLong)
            .to(device);
    };
    train_inputs = inputs(set.train);
    train_labels = labels(set.train);
    test_inputs = inputs(set.test);
    test_labels = labels(set.test);
}

std::vector<std::int64_t> TensorData::batch_shape(std::size_t examples) const
{
    std::vector<std::int64_t> shape{static_cast<std::int64_t>(examples)};
    shape.insert(shape.end(), set.example_shape.begin(), set.example_shape.end());
    return shape;
}

}  // namespace basin
