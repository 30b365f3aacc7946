#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "core/compute/backend.h"
#include "core/compute/cores.h"
#include "core/compute/kernels/kernels.h"
#include "core/compute/pieces.h"
#include "core/compute/thread_pool.h"

namespace basin {
namespace {

/// Numbers of a task of an element-wise verb.
constexpr std::size_t kGrain = kPieceNumbers;
/// Numbers that one thread has done (some 25 us) before another is awake: a LeNet's theta.
constexpr std::size_t kAlone = 16 * kGrain;

bool cpu_has(Isa isa)
{
#ifdef __x86_64__
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    switch (isa) {
        case Isa::baseline:
            return true;
        case Isa::avx2:
            return avx2;
        case Isa::avx512:
            return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
    }
    return false;
#else
    return isa == Isa::baseline;
#endif
}

class CpuBackend : public Backend {
public:
    CpuBackend(int threads, Isa isa)
        : isa_(isa), kernels_(compute_kernels(isa)), pool_(threads > 0 ? threads : core_count())
    {
    }

    std::string name() const override
    {
        const int count = pool_.threads();
        return std::string("CPU ") + isa_name(isa_) + ", " + std::to_string(count) +
               (count == 1 ? " thread" : " threads");
    }
    int threads() const override { return pool_.threads(); }
    Isa isa() const override { return isa_; }

    Buffer allocate(std::size_t size) override
    {
        const auto memory =
            static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
        void* data = nullptr;
        const std::size_t padded = (size + 15) / 16 * 16;
        if (size <= memory / sizeof(float)) {
            data = std::aligned_alloc(64, std::max<std::size_t>(padded, 16) * sizeof(float));
        }
        if (data == nullptr) {
            throw OutOfMemory("an array of " + std::to_string(size) + " numbers (4 bytes each) does not fit" +
                              " into this machine's memory of " + std::to_string(memory >> 20U) +
                              " MiB: use fewer chains");
        }
        std::memset(data, 0, std::max<std::size_t>(padded, 16) * sizeof(float));
        return Buffer(static_cast<float*>(data), size, [](float* pointer) { std::free(pointer); });
    }

    void upload(float* to, std::span<const float> from) override { copy(to, from.data(), from.size()); }
    void download(std::span<float> to, const float* from) override { copy(to.data(), from, to.size()); }
    void copy(float* to, const float* from, std::size_t size) override
    {
        if (size > 0) {
            std::memcpy(to, from, size * sizeof(float));
        }
    }

    void download_some(std::span<float> to, const float* from, std::size_t chains, std::size_t dim) override
    {
        const std::size_t count = to.size() / dim;
        for (std::size_t i = 0; i < count; ++i) {
            std::memcpy(to.data() + i * dim, from + i * chains / count * dim, dim * sizeof(float));
        }
    }

    void perturb(float* y, const float* x, std::size_t size, float scale, NoiseKind kind, RngKey key) override
    {
        for_numbers(size, [&](std::size_t first, std::size_t last) {
            kernels_.perturb(y, x, first, last - first, scale, kind, key);
        });
    }

    void descend(float* theta, float* momentum_buffer, const float* gradient, std::size_t size,
                 const Descent& descent) override
    {
        for_numbers(size, [&](std::size_t first, std::size_t last) {
            kernels_.descend(theta, momentum_buffer, gradient, first, last - first, descent);
        });
    }

    void adapt(float* theta, float* first_moment, float* second_moment, float* largest, const float* gradient,
               std::size_t size, const Adaptation& adaptation) override
    {
        for_numbers(size, [&](std::size_t first, std::size_t last) {
            kernels_.adapt(theta, first_moment, second_moment, largest, gradient, first, last - first, adaptation);
        });
    }

    void add_scaled(float* y, float a, const float* x, std::size_t size) override
    {
        for_numbers(size,
                    [&](std::size_t first, std::size_t last) { kernels_.add_scaled(y, a, x, first, last - first); });
    }

    void scale(float* y, float a, std::size_t size) override
    {
        for_numbers(size, [&](std::size_t first, std::size_t last) { kernels_.scale(y, a, first, last - first); });
    }

    void ascend(float* y, const float* x, const float* g, std::size_t chains, std::size_t dim, float radius) override
    {
        if (dim == 2) {
            for_blocks(chains, kGrain / 2, [&](std::size_t first, std::size_t last) {
                kernels_.ascend_pairs(y, x, g, first, last - first, radius);
            });
            return;
        }
        std::vector<double> partial((dim + kGrain - 1) / kGrain);
        for (std::size_t chain = 0; chain < chains; ++chain) {
            const std::size_t begin = chain * dim;
            for_numbers(dim, [&](std::size_t first, std::size_t last) {
                partial[first / kGrain] = kernels_.sum_squares(g, begin + first, last - first);
            });
            double squares = 0;
            for (const double part : partial) {
                squares += part;
            }
            const auto factor = static_cast<float>(static_cast<double>(radius) / (std::sqrt(squares) + 1e-12));
            for_numbers(dim, [&](std::size_t first, std::size_t last) {
                kernels_.step_along(y, x, g, begin + first, last - first, factor);
            });
        }
    }

    void ascend_adaptive(float* y, const float* x, const float* g, std::size_t chains, std::size_t dim,
                         std::span<const Segment> adaptive, float radius, float eta) override
    {
        if (is_covered_pair(dim, adaptive)) {
            for_blocks(chains, kGrain / 2, [&](std::size_t first, std::size_t last) {
                kernels_.ascend_adaptive_pairs(y, x, g, first, last - first, radius, eta);
            });
            return;
        }
        const std::vector<Piece> pieces = pieces_of(dim, adaptive);
        const auto squares = [&](std::size_t chain, const Piece& piece) {
            const std::size_t first = chain * dim + piece.at.offset;
            return piece.adaptive ? kernels_.adaptive_squares(x, g, first, piece.at.size, eta)
                                  : kernels_.sum_squares(g, first, piece.at.size);
        };
        const auto factor = [radius](double sum) {
            return static_cast<float>(static_cast<double>(radius) / (std::sqrt(sum) + 1e-16));
        };
        const auto go = [&](std::size_t chain, const Piece& piece, float along) {
            const std::size_t first = chain * dim + piece.at.offset;
            if (piece.adaptive) {
                kernels_.adaptive_step_along(y, x, g, first, piece.at.size, along, eta);
            } else {
                kernels_.step_along(y, x, g, first, piece.at.size, along);
            }
        };
        if (chains > 1) {
            for_blocks(chains, std::max<std::size_t>(1, kGrain / dim), [&](std::size_t first, std::size_t last) {
                for (std::size_t chain = first; chain < last; ++chain) {
                    double sum = 0;
                    for (const Piece& piece : pieces) {
                        sum += squares(chain, piece);
                    }
                    for (const Piece& piece : pieces) {
                        go(chain, piece, factor(sum));
                    }
                }
            });
            return;
        }
        std::vector<double> partial(pieces.size());
        for_blocks(pieces.size(), 1,
                   [&](std::size_t first, std::size_t) { partial[first] = squares(0, pieces[first]); });
        double sum = 0;
        for (const double part : partial) {
            sum += part;
        }
        for_blocks(pieces.size(), 1, [&](std::size_t first, std::size_t) { go(0, pieces[first], factor(sum)); });
    }

    void perturb_filters(float* y, const float* x, std::size_t chains, std::size_t dim,
                         std::span<const Segment> filters, float scale, RngKey key) override
    {
        for_numbers(chains * dim, [&](std::size_t first, std::size_t last) {
            std::memset(y + first, 0, (last - first) * sizeof(float));
            kernels_.perturb(y, y, first, last - first, 1, NoiseKind::normal, key);
        });
        const std::size_t count = filters.size();
        if (dim == 2 && count == 1) {
            for_blocks(chains, kGrain / 2, [&](std::size_t first, std::size_t last) {
                kernels_.perturb_pairs(y, x, first, last - first, scale);
            });
            return;
        }
        for_blocks(chains * count, std::max<std::size_t>(1, kGrain * count / dim),
                   [&](std::size_t first, std::size_t last) {
                       for (std::size_t i = first; i < last; ++i) {
                           const Segment& filter = filters[i % count];
                           const std::size_t at = i / count * dim + filter.offset;
                           const double norm = std::sqrt(kernels_.sum_squares(x, at, filter.size));
                           kernels_.step_along(y, x, y, at, filter.size,
                                               static_cast<float>(static_cast<double>(scale) * norm));
                       }
                   });
    }

    void for_blocks(std::size_t count, std::size_t grain,
                    const std::function<void(std::size_t, std::size_t)>& body) override
    {
        pool_.run((count + grain - 1) / grain,
                  [&](std::size_t task) { body(task * grain, std::min(count, (task + 1) * grain)); });
    }

private:
    /// Cut into grains, by all threads where that is worth waking them.
    template <class Body>
    void for_numbers(std::size_t count, const Body& body)
    {
        if (count > kAlone) {
            for_blocks(count, kGrain, body);
            return;
        }
        for (std::size_t first = 0; first < count; first += kGrain) {
            body(first, std::min(count, first + kGrain));
        }
    }

    Isa isa_;
    const ComputeKernels& kernels_;
    ThreadPool pool_;
};

}  // namespace

const char* isa_name(Isa isa)
{
    switch (isa) {
        case Isa::avx512:
            return "avx512";
        case Isa::avx2:
            return "avx2";
        case Isa::baseline:
            break;
    }
    return "baseline";
}

Isa choose_isa()
{
    const Isa all[] = {Isa::avx512, Isa::avx2, Isa::baseline};
    const char* wish = std::getenv("BASIN_ISA");
    if (wish == nullptr || *wish == '\0') {
        return *std::find_if(std::begin(all), std::end(all), cpu_has);
    }
    for (const Isa isa : all) {
        if (std::string_view(wish) == isa_name(isa)) {
            if (!cpu_has(isa)) {
                throw std::invalid_argument(std::string("BASIN_ISA: this CPU does not have ") + wish);
            }
            return isa;
        }
    }
    throw std::invalid_argument(std::string("BASIN_ISA is \"") + wish + "\": must be baseline, avx2 or avx512");
}

std::unique_ptr<Backend> make_cpu_backend(int threads)
{
    return make_cpu_backend(threads, choose_isa());
}

std::unique_ptr<Backend> make_cpu_backend(int threads, Isa isa)
{
    if (!cpu_has(isa)) {
        throw std::invalid_argument(std::string("this CPU does not have ") + isa_name(isa));
    }
    return std::make_unique<CpuBackend>(threads, isa);
}

}  // namespace basin
