// libbasin_torch_cuda.so: the one thing that Basin asks of LibTorch's CUDA headers. Loaded after libtorch_cuda.so.
#include <ATen/cuda/CUDAGraph.h>

#include "core/network/step_graph.h"

namespace basin {
namespace {

class CudaStepGraph final : public StepGraph {
public:
    explicit CudaStepGraph(c10::MempoolId_t pool) : pool_(pool) {}

    void capture(const std::function<void()>& work) override
    {
        // Thread-local: measurements on other threads go on allocating while this one records.
        graph_.capture_begin(pool_, cudaStreamCaptureModeThreadLocal);
        try {
            work();
        } catch (...) {
            try {
                graph_.capture_end();
            } catch (...) {  // the first error says what happened
            }
            graph_.reset();
            throw;
        }
        graph_.capture_end();
    }

    void replay() override { graph_.replay(); }
    c10::MempoolId_t pool() const { return pool_; }

private:
    c10::MempoolId_t pool_;
    at::cuda::CUDAGraph graph_;
};

}  // namespace
}  // namespace basin

/// `beside`: another of these or null.
extern "C" __attribute__((visibility("default"))) basin::StepGraph* basin_step_graph(basin::StepGraph* beside)
{
    auto* other = static_cast<basin::CudaStepGraph*>(beside);
    return new basin::CudaStepGraph(other != nullptr ? other->pool() : at::cuda::graph_pool_handle());
}
