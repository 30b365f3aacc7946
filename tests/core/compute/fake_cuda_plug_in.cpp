// A table that says which version the environment asks for, and can do nothing.
#include <cstdlib>

#include "core/compute/cuda_table.h"

extern "C" const basin::cuda::Table* basin_cuda_table()
{
    static basin::cuda::Table table;
    const char* abi = std::getenv("FAKE_ABI");
    const char* runtime = std::getenv("FAKE_RUNTIME");
    table = {};
    table.abi = abi != nullptr ? static_cast<std::uint32_t>(std::atoi(abi)) : basin::cuda::kAbi;
    table.bytes = sizeof(table);
    table.runtime = runtime != nullptr ? static_cast<std::uint32_t>(std::atoi(runtime)) : 13000;
    table.message = [](basin::cuda::Status) { return "as pretended"; };
    table.memory = [](std::uint64_t* free, std::uint64_t* total) {
        *free = std::uint64_t{3} << 30U;
        *total = std::uint64_t{4} << 30U;
        return std::getenv("FAKE_FAILS") != nullptr ? 1 : 0;
    };
    return &table;
}
