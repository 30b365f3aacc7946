// Where numbers live and the few verbs that every optimizer is written in.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/compute/layout.h"
#include "core/compute/rng.h"

namespace basin {

/// One optimizer update in a single pass over memory (PyTorch's SGD order, then Langevin noise):
///   d = gradient + weight_decay * theta;  b = first ? d : momentum * b + (1 - dampening) * d;
///   d = nesterov ? d + momentum * b : b;  theta -= step_size * d;  theta += noise_scale * N(0, 1).
/// With momentum 0 the buffer is neither read nor written; with noise_scale 0 no number is drawn.
struct Descent {
    float step_size = 0;
    float momentum = 0;
    float dampening = 0;
    float weight_decay = 0;
    bool nesterov = false;
    bool first = false;
    float noise_scale = 0;
    RngKey noise{};
};

/// One AdamW update in a single pass over memory (PyTorch's order; whatever depends on the step is put in by the host):
///   theta *= keep;  m += first_share * (g - m);  v = second_keep * v + second_share * g^2;  with amsgrad
///   v' = max(v', v), else v' = v;  theta -= step_size * (m / (sqrt(v') / root_correction + epsilon)).
struct Adaptation {
    float keep = 1;
    float first_share = 0;
    float second_keep = 0;
    float second_share = 0;
    float step_size = 0;
    float root_correction = 1;
    float epsilon = 0;
};

/// Memory on a backend: 64-byte aligned floats, zero at first, freed with the object. Move only.
class Buffer {
public:
    using Release = std::function<void(float*)>;
    Buffer() = default;
    Buffer(float* data, std::size_t size, Release release) : data_(data, std::move(release)), size_(size) {}
    float* data() const { return data_.get(); }
    std::size_t size() const { return size_; }

private:
    std::unique_ptr<float, Release> data_{nullptr, [](float*) {}};
    std::size_t size_ = 0;
};

/// Memory could not be had; what() states the sizes. Of one lane: the others may go on.
class OutOfMemory : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

/// A device failed in what it had been given to do, and gives no answer any more; what() has its own words.
class DeviceFailed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class Device : std::uint8_t { cpu, cuda };

class DeviceLandscape;

/// The instruction sets kernels are compiled for. `baseline` is SSE2 on x86-64, plain code elsewhere.
enum class Isa : std::uint8_t { baseline, avx2, avx512 };

/// Runs element-wise verbs over flat float arrays of `chains x dim`. Results do not depend on the number of
/// threads nor (CPU, x86-64) on the instruction set: equal input gives equal bytes. Calls of one backend come
/// from one thread at a time. Index of a draw = chain * dim + coordinate.
class Backend {
public:
    virtual ~Backend() = default;

    /// Short name for status bar and summary.json: "CPU avx512, 2 threads".
    virtual std::string name() const = 0;
    virtual int threads() const = 0;
    /// Which of a landscape's kernels run here.
    virtual Isa isa() const = 0;

    virtual Device device() const { return Device::cpu; }
    /// A backend whose memory is the host's, with the same threads: itself on the CPU.
    virtual Backend& host() { return *this; }
    /// The CUDA stream (cudaStream_t) on which verbs are queued; null on the CPU. Work that somebody else queues there
    /// comes in turn with them.
    virtual void* stream() const { return nullptr; }
    /// Returns when all that was queued is done.
    virtual void finish() {}
    /// The kernels of that landscape for memory that is not the host's; null on the CPU and where there are none.
    virtual DeviceLandscape* landscape(std::string_view key)
    {
        (void)key;
        return nullptr;
    }

    /// Throws OutOfMemory that states the size when it cannot be had.
    virtual Buffer allocate(std::size_t size) = 0;
    virtual void upload(float* to, std::span<const float> from) = 0;
    virtual void download(std::span<float> to, const float* from) = 0;
    virtual void copy(float* to, const float* from, std::size_t size) = 0;
    /// to.size() / dim of the chains at `from`, spread evenly and the same at each call: chain i * chains / count.
    virtual void download_some(std::span<float> to, const float* from, std::size_t chains, std::size_t dim) = 0;

    /// y = x + scale * N; y may be x.
    virtual void perturb(float* y, const float* x, std::size_t size, float scale, NoiseKind kind, RngKey key) = 0;
    virtual void descend(float* theta, float* momentum_buffer, const float* gradient, std::size_t size,
                         const Descent& descent) = 0;
    /// `largest` (v') is null without amsgrad.
    virtual void adapt(float* theta, float* first_moment, float* second_moment, float* largest, const float* gradient,
                       std::size_t size, const Adaptation& adaptation) = 0;
    /// y += a * x.
    virtual void add_scaled(float* y, float a, const float* x, std::size_t size) = 0;
    virtual void scale(float* y, float a, std::size_t size) = 0;
    /// y = x + radius * g / (|g| + 1e-12), the norm taken over each chain's dim components (SAM's ascent).
    virtual void ascend(float* y, const float* x, const float* g, std::size_t chains, std::size_t dim,
                        float radius) = 0;
    /// SAM's ascent in the metric T (ASAM): T = |x| + eta in `adaptive` (rising parts of a chain's dim numbers), 1
    /// elsewhere; y = x + radius * T^2 g / (|T g| + 1e-16), the norm taken over each chain.
    virtual void ascend_adaptive(float* y, const float* x, const float* g, std::size_t chains, std::size_t dim,
                                 std::span<const Segment> adaptive, float radius, float eta) = 0;
    /// y = x + scale * |filter of x| * N, the filters without gaps over a chain's dim numbers; y is not x.
    virtual void perturb_filters(float* y, const float* x, std::size_t chains, std::size_t dim,
                                 std::span<const Segment> filters, float scale, RngKey key) = 0;
    /// Runs body(first, last) over [0, count) cut at multiples of `grain`, on the backend's threads; returns when
    /// all are done. The cuts do not depend on the number of threads. An exception of a body is rethrown here.
    virtual void for_blocks(std::size_t count, std::size_t grain,
                            const std::function<void(std::size_t, std::size_t)>& body) = 0;
};

const char* isa_name(Isa isa);
/// The best one this CPU has, or the one that BASIN_ISA names (baseline, avx2, avx512);
/// throws std::invalid_argument when BASIN_ISA names none or one that this CPU lacks.
Isa choose_isa();

/// `threads` 0: as many as the machine has cores.
std::unique_ptr<Backend> make_cpu_backend(int threads = 0);
std::unique_ptr<Backend> make_cpu_backend(int threads, Isa isa);

}  // namespace basin
