// One landscape's row of the plug-in's table, for a machine: the GPU, or a test's CPU loop.
#pragma once

#include <cstring>

#include "basin_block_methods.h"
#include "core/landscape/cuda/block_steps.h"
#include "core/landscape/kernels.h"

namespace basin::cuda {

template <class Machine, class Functor>
struct Rows {
    static Functor functor_of(const void* functor) { return *static_cast<const Functor*>(functor); }

    template <class Method, bool kNoisy>
    static Status steps(CUstream_st* stream, const void* functor, const StepJob* job)
    {
        return Machine::launch_blocks(stream, BlockSteps<Method, Functor, kNoisy>{functor_of(functor), *job});
    }
    static Status measure(CUstream_st* stream, const void* functor, const MeasureJob* job)
    {
        return Machine::launch_blocks(stream, BlockMeasure<Functor>{functor_of(functor), *job});
    }
    static Status evaluate(CUstream_st* stream, const void* functor, const float* theta, std::uint64_t chains,
                           float* values, float* gradient)
    {
        return Machine::launch(stream, Evaluate<Functor>{functor_of(functor), theta, chains, values, gradient});
    }
#define BASIN_METHOD_ROW(key, Method) {#key, &steps<Method, false>, &steps<Method, true>},
    static constexpr MethodRow kMethods[] = {BASIN_BLOCK_METHODS(BASIN_METHOD_ROW){nullptr, nullptr, nullptr}};
#undef BASIN_METHOD_ROW

    static constexpr LandscapeRow row(const char* key)
    {
        return {key, sizeof(Functor), &evaluate, &measure, kMethods};
    }
};

}  // namespace basin::cuda
