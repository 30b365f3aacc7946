#include "core/network/flat_views.h"

#include <algorithm>

namespace basin {

namespace {
/// theta, its perturbed copies and gradients of one method; views of more arrays are made again.
constexpr std::size_t kRemembered = 8;
}  // namespace

const std::vector<at::Tensor>& FlatViews::of(float* array)
{
    const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.array == array; });
    if (known != entries_.end()) {
        entries_.splice(entries_.begin(), entries_, known);
        return entries_.front().views;
    }
    entries_.push_front({array, {}});
    for (const LayoutBlock& block : layout_.blocks)
        entries_.front().views.push_back(at::from_blob(array + block.offset, block.shape, options_));
    if (entries_.size() > kRemembered)
        entries_.pop_back();
    return entries_.front().views;
}

}  // namespace basin
