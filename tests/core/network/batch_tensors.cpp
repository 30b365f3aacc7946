#include "tests/core/network/batch_tensors.h"

#include <torch/torch.h>

#include <utility>

#include "core/network/batches.h"

namespace batch_tensors {

using namespace basin;

struct Maker::Impl {
    Batches batches;
    Way way;
};

Maker::Maker(DataSet set, std::size_t size, Way way)
    : impl_(std::make_unique<Impl>(Impl{Batches(std::make_shared<const TensorData>(std::move(set)), size, {}), way}))
{
}

Maker::~Maker() = default;

Numbers Maker::batch(const BatchKey& key)
{
    Batches& batches = impl_->batches;
    const Batch batch = impl_->way == Way::cpu ? batches.gather(key) : batches.chosen(batches.choose(key));
    const auto copy = [](const at::Tensor& tensor, auto& numbers) {
        using Number = typename std::remove_reference_t<decltype(numbers)>::value_type;
        const at::Tensor whole = tensor.contiguous();
        const auto* data = whole.const_data_ptr<Number>();
        numbers.assign(data, data + whole.numel());
    };
    Numbers numbers;
    copy(batch.inputs, numbers.inputs);
    copy(batch.labels, numbers.labels);
    return numbers;
}

std::size_t Maker::steps_per_epoch() const
{
    return impl_->batches.order().steps_per_epoch();
}

}  // namespace batch_tensors
