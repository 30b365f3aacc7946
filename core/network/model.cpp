#include "core/network/model.h"

#include <cmath>
#include <utility>

namespace basin {

std::int64_t ModelTask::numbers() const
{
    std::int64_t count = 1;
    for (const std::int64_t extent : example_shape)
        count *= extent;
    return count;
}

void Model::append_affine(const std::string& name, std::vector<std::int64_t> shape)
{
    std::int64_t fan_in = 1;
    for (std::size_t i = 1; i < shape.size(); ++i)
        fan_in *= shape[i];
    const auto bound = static_cast<float>(1 / std::sqrt(static_cast<double>(fan_in)));
    const std::int64_t outputs = shape.front();
    layout.append(name + ".weight", std::move(shape), BlockRole::weight);
    layout.append(name + ".bias", {outputs}, BlockRole::bias);
    starts.insert(starts.end(), 2, {0, bound});
}

}  // namespace basin
