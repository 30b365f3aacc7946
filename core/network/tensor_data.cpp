#include "core/network/tensor_data.h"

#include <utility>

namespace basin {

TensorData::TensorData(DataSet data) : set(std::move(data))
{
    // LibTorch knows no constant tensors; nothing here writes to these.
    const auto inputs = [this](const DataSplit& split) {
        return at::from_blob(const_cast<float*>(split.inputs.data()), batch_shape(split.size()), at::kFloat);
    };
    const auto labels = [](const DataSplit& split) {
        return at::from_blob(const_cast<std::int64_t*>(split.labels.data()), {static_cast<std::int64_t>(split.size())},
                             at::kLong);
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
