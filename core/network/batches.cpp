#include "core/network/batches.h"

#include <cstring>
#include <utility>

namespace basin {
namespace {

constexpr std::size_t kPlanned = 4;  // numbers of an augmented example

}  // namespace

Batches::Batches(std::shared_ptr<const TensorData> data, std::size_t size, TorchPlace place)
    : data_(std::move(data)),
      place_(std::move(place)),
      size_(size),
      order_(data_->set.train.size(), size),
      inputs_(at::empty(data_->batch_shape(size), place_.floats())),
      labels_(at::empty({static_cast<std::int64_t>(size)}, place_.integers())),
      chosen_(
          at::empty({static_cast<std::int64_t>(data_->set.crop_flip ? kPlanned : 1), static_cast<std::int64_t>(size)},
                    place_.integers()))
{
    if (!data_->set.crop_flip)
        return;
    const auto numbers = [this](std::size_t extent, at::IntArrayRef shape) {
        return at::arange(data_->set.example_shape[extent], place_.integers()).view(shape);
    };
    channels_ = numbers(0, {-1, 1, 1});
    rows_ = numbers(1, {-1, 1});
    columns_ = numbers(2, {-1});
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
    const auto& crop_flip = data_->set.crop_flip;
    const std::span<const std::int64_t> shape = data_->set.example_shape;
    const RngKey epoch = order_.epoch_key(key);
    const std::size_t begin = order_.first(key.step);
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const float* example = train.inputs.data() + examples[i] * size;
        if (crop_flip)
            crop_flip->copy(example, inputs + i * size, shape, crop_flip->window(epoch, begin + i, shape[2]));
        else
            std::memcpy(inputs + i * size, example, size * sizeof(float));
        labels[i] = train.labels[examples[i]];
    }
    return first(static_cast<std::int64_t>(examples.size()));
}

const at::Tensor& Batches::plan_on_device(const BatchKey& key)
{
    const RngKey epoch = order_.epoch_key(key);
    return epochs_.of(epoch, [&] {
        const std::span<const std::uint32_t> order = order_.epoch(key);
        const std::size_t count = order.size();
        std::vector<std::int64_t> plan(order.begin(), order.end());
        if (const auto& crop_flip = data_->set.crop_flip) {
            plan.resize(kPlanned * count);
            for (std::size_t place = 0; place < count; ++place) {
                const ImageWindow window = crop_flip->window(epoch, place, data_->set.example_shape[2]);
                plan[count + place] = window.row;
                plan[2 * count + place] = window.column;
                plan[3 * count + place] = window.step;
            }
        }
        return place_.here(at::tensor(plan, at::kLong).view({-1, static_cast<std::int64_t>(count)}));
    });
}

std::int64_t Batches::choose(const BatchKey& key)
{
    const at::NoGradGuard guard;
    const auto count = static_cast<std::int64_t>(order_.batch_size(key.step));
    chosen_.narrow(1, 0, count)
        .copy_(plan_on_device(key).narrow(1, static_cast<std::int64_t>(order_.first(key.step)), count), true);
    return count;
}

Batch Batches::chosen(std::int64_t count)
{
    const at::NoGradGuard guard;
    Batch batch = first(count);
    const at::Tensor plan = chosen_.narrow(1, 0, count);
    if (data_->set.crop_flip)
        look_up(plan, batch.inputs);
    else
        at::index_select_out(batch.inputs, data_->train_inputs, 0, plan[0]);
    at::index_select_out(batch.labels, data_->train_labels, 0, plan[0]);
    return batch;
}

void Batches::look_up(const at::Tensor& plan, at::Tensor& to) const
{
    const at::Tensor each = plan.view({plan.size(0), plan.size(1), 1, 1, 1});
    const at::Tensor rows = each[1] + rows_;                  // examples x 1 x rows x 1
    const at::Tensor columns = each[2] + each[3] * columns_;  // examples x 1 x 1 x columns
    const at::Tensor row = rows.clamp(0, to.size(2) - 1);
    const at::Tensor column = columns.clamp(0, to.size(3) - 1);
    using Index = std::optional<at::Tensor>;
    at::index_out(to, data_->train_inputs,
                  c10::List<Index>{Index(each[0]), Index(channels_), Index(row), Index(column)});
    to.masked_fill_(rows.ne(row).logical_or(columns.ne(column)), data_->set.crop_flip->black);
}

}  // namespace basin
