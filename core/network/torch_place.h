// Where and how LibTorch computes. Includes LibTorch: for this folder's few files only.
#pragma once

#include <c10/core/StreamGuard.h>
#include <torch/torch.h>

#include <functional>
#include <optional>
#include <string>

#include "core/compute/backend.h"
#include "core/network/precision.h"

namespace basin {

/// Where a backend's numbers are, in LibTorch's words. A value.
struct TorchPlace {
    at::Device device = at::kCPU;
    std::optional<c10::Stream> queue{};  // the backend's stream
    int threads = 1;
    Precision precision = Precision::float32;

    bool on_cpu() const { return device.is_cpu(); }
    /// Threads that compute.
    int team() const { return on_cpu() ? threads : 1; }
    at::TensorOptions floats() const { return at::TensorOptions(at::kFloat).device(device); }
    at::TensorOptions integers() const { return at::TensorOptions(at::kLong).device(device); }
    /// A view on this place's memory.
    at::Tensor view(float* data, at::IntArrayRef shape) const { return at::from_blob(data, shape, floats()); }
    /// The same numbers here: itself on the CPU.
    at::Tensor here(const at::Tensor& tensor) const { return tensor.to(device); }
};

/// Throws std::invalid_argument with the reason when LibTorch cannot compute on the backend's device.
TorchPlace torch_place(const Backend& backend, Precision precision);

/// While it lives, LibTorch on this thread queues its work on the place's stream, and computes in its precision and
/// with its number of threads. Everything that this folder offers to others works inside of one.
class TorchScope {
public:
    explicit TorchScope(const TorchPlace& place);

private:
    c10::OptionalStreamGuard guard_;
};

/// While it lives, LibTorch on this thread takes the factors of products in bfloat16. Does nothing for another
/// precision.
class MixedPrecision {
public:
    explicit MixedPrecision(const TorchPlace& place);
    ~MixedPrecision();
    MixedPrecision(const MixedPrecision&) = delete;
    MixedPrecision& operator=(const MixedPrecision&) = delete;

private:
    at::DeviceType type_;
    bool on_;
};

/// Calls `work`, and says in Basin's words what LibTorch says in its own: OutOfMemory with `what` in it ("a batch of
/// 128 examples") and what would help, DeviceFailed with the first line. What the allocator keeps for later is let go
/// then.
void in_words(const TorchPlace& place, const std::function<std::string()>& what, const std::function<void()>& work);

}  // namespace basin
