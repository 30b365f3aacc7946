// A landscape's kernels on the GPU.
#pragma once

#include <vector>

#include "core/compute/cuda_memory.h"
#include "core/compute/device_landscape.h"

namespace basin {

/// Runs one row of the plug-in's table on a backend's stream, with room for the blocks' sums. The row, table and stream
/// must outlive it.
class CudaLandscape final : public DeviceLandscape {
public:
    CudaLandscape(const cuda::Table& table, CUstream_st* stream, const cuda::LandscapeRow& row)
        : table_(table), stream_(stream), row_(row)
    {
    }

    void evaluate(const void* functor, const float* theta, std::size_t chains, float* values, float* gradient) override;
    EnsembleTotals measure(const void* functor, const EscapeBox& box, float* theta, std::size_t chains,
                           bool losses) override;
    bool has(std::string_view method) const override;
    const std::vector<EnsembleTotals>& steps(std::string_view method, const EnsembleJob& job) override;

private:
    const cuda::MethodRow* find(std::string_view method) const;
    /// Adds up what the blocks left, and fetches it: totals_.
    void collect(std::uint64_t blocks, std::uint64_t steps);

    const cuda::Table& table_;
    CUstream_st* stream_;
    const cuda::LandscapeRow& row_;
    CudaScratch<double> loss_sums_;
    CudaScratch<std::uint32_t> alive_;
    CudaScratch<EnsembleTotals> on_device_;
    std::vector<EnsembleTotals> totals_;
};

}  // namespace basin
