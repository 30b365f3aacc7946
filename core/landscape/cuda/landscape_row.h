// Included before a landscape's file: with BASIN_KERNEL_ISA defined, that gives its functor and, by the macro below,
// its row for BASIN_CUDA_MACHINE.
#pragma once

#include "core/landscape/cuda/rows.h"

// NOLINTBEGIN(bugprone-macro-parentheses): a template's name cannot stand in parentheses.
#undef BASIN_LANDSCAPE_KERNELS
#define BASIN_LANDSCAPE_KERNELS(key, Functor)                                  \
    namespace cuda {                                                           \
    LandscapeRow landscape_row_##key();                                        \
    LandscapeRow landscape_row_##key()                                         \
    {                                                                          \
        return Rows<BASIN_CUDA_MACHINE, Stretched<Functor<float>>>::row(#key); \
    }                                                                          \
    }
// NOLINTEND(bugprone-macro-parentheses)
