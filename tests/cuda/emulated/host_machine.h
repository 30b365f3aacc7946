// A pretended GPU for the plug-in's code: every launch is a loop on the CPU, over memory that the host may not touch.
#pragma once

#include <cstdint>

#include "core/compute/cuda_table.h"
#include "core/landscape/cuda/block_steps.h"

namespace basin::cuda {

/// The threads of a block, one after the other.
struct HostCrew {
    Pair pairs[kBlockThreads];

    template <class Piece>
    void each(const Piece& piece)
    {
        for (unsigned thread = 0; thread < kBlockThreads; ++thread) {
            piece(thread, pairs[thread]);
        }
    }
    void barrier() {}
    void warp_barrier() {}
    void add(std::uint32_t& to, std::uint32_t what) { to += what; }
};

/// Memory is mapped twice: the pointers that are handed out may not be read, a launch finds the others. So whoever uses
/// such a pointer on the host crashes here as on a GPU, and a launch that leaves its arrays fails. As much memory as
/// BASIN_EMULATED_MIB says (256); BASIN_EMULATED_FAILS is what every launch then answers, BASIN_EMULATED_LANDSCAPES how
/// many landscapes have kernels (all). All calls from one thread at a time but allocate, release and memory.
struct HostMachine {
    static constexpr std::uint32_t kRuntime = 13000;
    static constexpr Status kIllegalAddress = 700;

    /// Turns a body's pointers into those that can be read; null stays null.
    class Translate {
    public:
        template <class T>
        void operator()(T*& data, std::uint64_t count)
        {
            if (data != nullptr && count > 0) {
                data = static_cast<T*>(find(data, count * sizeof(T)));
                failed_ = failed_ || data == nullptr;
            }
        }
        bool failed() const { return failed_; }

    private:
        bool failed_ = false;
    };

    template <class Body>
    static Status launch(CUstream_st*, Body body)
    {
        Translate translate;
        body.arrays(translate);
        if (const Status status = ready(translate); status != 0) {
            return status;
        }
        for (std::uint64_t i = 0; i < body.count(); ++i) {
            body(i);
        }
        return 0;
    }
    template <class Body>
    static Status launch_blocks(CUstream_st*, Body body)
    {
        Translate translate;
        body.arrays(translate);
        if (const Status status = ready(translate); status != 0) {
            return status;
        }
        for (std::uint64_t block = 0; block < body.blocks(); ++block) {
            // What the last block left is in a GPU's memory, too.
            static thread_local BlockShared shared;
            static thread_local HostCrew crew;
            body(crew, block, shared);
        }
        return 0;
    }

    static const char* message(Status status);
    static Status memory(std::uint64_t* free, std::uint64_t* total);
    static Status open(CUstream_st** stream);
    static void close(CUstream_st* stream);
    static Status allocate(CUstream_st* stream, void** data, std::uint64_t bytes);
    static void release(void* data);
    static Status upload(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes);
    static Status download(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes);
    static Status copy(CUstream_st* stream, void* to, const void* from, std::uint64_t bytes);
    static Status wait(CUstream_st* stream);

    /// Null where these bytes are not within one allocation.
    static void* find(const void* data, std::uint64_t bytes);
    static Status ready(const Translate& translate);
};

}  // namespace basin::cuda
