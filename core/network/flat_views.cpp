#include "core/network/flat_views.h"

namespace basin {

const std::vector<at::Tensor>& FlatViews::of(float* array)
{
    return views_.of(array, [&] {
        std::vector<at::Tensor> views;
        for (const LayoutBlock& block : layout_.blocks)
            views.push_back(at::from_blob(array + block.offset, block.shape, options_));
        return views;
    });
}

}  // namespace basin
