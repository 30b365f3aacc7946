// What second derivatives of a network cost, before any is taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/network/model.h"
#include "core/objective/curvature.h"

namespace basin {

/// Of `examples` of this shape, cut into chunks, with a budget for what is kept of them. Empty for models that do
/// not say their layers. No LibTorch behind it; any thread.
std::optional<CurvatureCost> curvature_cost(const Model& model, std::span<const std::int64_t> example_shape,
                                            std::size_t examples, std::size_t chunk, std::size_t budget,
                                            CurvatureMatrix matrix);

}  // namespace basin
