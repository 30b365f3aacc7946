#include "bench/handwritten_flagship.h"

namespace basin::bench {

#define BASIN_DECLARE(name)                                                                                         \
    void name(float* x, float* y, std::size_t first, std::size_t last, std::size_t steps, std::uint32_t first_step, \
              bool losses, double* loss_sums)
BASIN_DECLARE(handwritten_baseline);
#ifdef BASIN_HANDWRITTEN_X86
BASIN_DECLARE(handwritten_avx2);
BASIN_DECLARE(handwritten_avx512);
#endif
#undef BASIN_DECLARE

HandwrittenLoop handwritten_flagship()
{
#ifdef BASIN_HANDWRITTEN_X86
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw")) {
        return handwritten_avx512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return handwritten_avx2;
#endif
    return handwritten_baseline;
}

}  // namespace basin::bench
