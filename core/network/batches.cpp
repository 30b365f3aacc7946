#include "core/network/batches.h"

#include <cstring>
#include <utility>

namespace basin {

Batches::Batches(std::shared_ptr<const TensorData> data, std::size_t size, TorchPlace place)
    : data_(std::move(data)),
      place_(std::move(place)),
      size_(size),
      order_(data_->set.train.size(), size),
      inputs_(at::empty(data_->batch_shape(size), place_.floats())),
      labels_(at::empty({static_cast<std::int64_t>(size)}, place_.integers())),
      index_(at::empty({static_cast<std::int64_t>(size)}, place_.integers()))
{
}

Batch Batches::first(std::int64_t count) const
{
    if (count == static_cast<std::int64_t>(size_))
        return {inputs_, labels_};
    return {inputs_.narrow(0, 0, count), labels_.narrow(0, 0, count)};
}

Batch Batches::gather(const BatchKey& key)
{
    if (!place_.on_cpu())
        return chosen(choose(key));
    const std::span<const std::uint32_t> examples = order_.batch(key);
    const DataSplit& train = data_->set.train;
    const std::size_t size = train.inputs.size() / train.size();
    auto* inputs = inputs_.mutable_data_ptr<float>();
    auto* labels = labels_.mutable_data_ptr<std::int64_t>();
    for (std::size_t i = 0; i < examples.size(); ++i) {
        std::memcpy(inputs + i * size, train.inputs.data() + examples[i] * size, size * sizeof(float));
        labels[i] = train.labels[examples[i]];
    }
    return first(static_cast<std::int64_t>(examples.size()));
}

const at::Tensor& Batches::order_on_device(const BatchKey& key)
{
    return epochs_.of(order_.epoch_key(key), [&] {
        const std::span<const std::uint32_t> order = order_.epoch(key);
        return place_.here(at::tensor(std::vector<std::int64_t>(order.begin(), order.end()), at::kLong));
    });
}

std::int64_t Batches::choose(const BatchKey& key)
{
    const at::NoGradGuard guard;
    const auto count = static_cast<std::int64_t>(order_.batch_size(key.step));
    index_.narrow(0, 0, count)
        .copy_(order_on_device(key).narrow(0, static_cast<std::int64_t>(order_.first(key.step)), count), true);
    return count;
}

Batch Batches::chosen(std::int64_t count)
{
    const at::NoGradGuard guard;
    Batch batch = first(count);
    const at::Tensor index = index_.narrow(0, 0, count);
    at::index_select_out(batch.inputs, data_->train_inputs, 0, index);
    at::index_select_out(batch.labels, data_->train_labels, 0, index);
    return batch;
}

}  // namespace basin
