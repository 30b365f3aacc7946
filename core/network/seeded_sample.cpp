#include "core/network/seeded_sample.h"

#include <stdexcept>
#include <string>
#include <vector>

#include "core/compute/rng.h"
#include "core/network/data/permutation.h"

namespace basin {

std::pair<at::Tensor, at::Tensor> seeded_sample(const at::Tensor& inputs, const at::Tensor& labels,
                                                const SampleDraw& draw)
{
    const auto count = static_cast<std::size_t>(inputs.size(0));
    if (draw.wanted > count)
        throw std::invalid_argument(std::string(draw.key) + ": " + std::to_string(draw.wanted) +
                                    " examples are wanted, but there are " + std::to_string(count) + " for " +
                                    draw.what + "; give at most that, or 0 for all");
    if (draw.wanted == 0 || draw.wanted == count)
        return {inputs, labels};
    const std::vector<std::uint32_t> chosen = subset({draw.seed, Stream::probe, 0, draw.draw, 0}, count, draw.wanted);
    const at::Tensor index =
        at::tensor(std::vector<std::int64_t>(chosen.begin(), chosen.end()), at::kLong).to(inputs.device());
    return {inputs.index_select(0, index), labels.index_select(0, index)};
}

}  // namespace basin
