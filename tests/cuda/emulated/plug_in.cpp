#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "core/compute/cuda/table_of.h"
#include "core/landscape/cuda/landscape_row.h"
#include "host_machine.h"

#include "basin_landscape_rows.h"
#include "basin_landscape_sources.h"

namespace basin::cuda {
namespace {

struct Block {
    std::uint64_t bytes = 0;
    void* hidden = nullptr;
};

struct Memory {
    std::mutex mutex;
    std::map<const char*, Block> blocks;  // by the address that is handed out
    std::uint64_t used = 0;
};

Memory& device_memory()
{
    static Memory memory;
    return memory;
}

std::uint64_t from_environment(const char* variable, std::uint64_t otherwise)
{
    const char* value = std::getenv(variable);
    return value != nullptr ? std::strtoull(value, nullptr, 10) : otherwise;
}

std::uint64_t total_bytes()
{
    return from_environment("BASIN_EMULATED_MIB", 256) << 20U;
}

Status moved(void* to, const void* from, std::uint64_t bytes)
{
    if (bytes == 0) {
        return 0;
    }
    if (to == nullptr || from == nullptr) {
        return HostMachine::kIllegalAddress;
    }
    std::memmove(to, from, bytes);
    return 0;
}

}  // namespace

const char* HostMachine::message(Status status)
{
    return status == kOutOfMemory ? "out of memory" : "an illegal memory access was encountered";
}

Status HostMachine::memory(std::uint64_t* free, std::uint64_t* total)
{
    Memory& memory = device_memory();
    const std::lock_guard lock(memory.mutex);
    *total = total_bytes();
    *free = *total - std::min(*total, memory.used);
    return 0;
}

Status HostMachine::open(CUstream_st** stream)
{
    *stream = reinterpret_cast<CUstream_st*>(std::malloc(1));
    return 0;
}

void HostMachine::close(CUstream_st* stream)
{
    std::free(stream);
}

Status HostMachine::allocate(CUstream_st*, void** data, std::uint64_t bytes)
{
    Memory& memory = device_memory();
    const std::lock_guard lock(memory.mutex);
    const std::uint64_t room = (bytes + 4095) / 4096 * 4096;
    if (memory.used + room > total_bytes()) {
        return kOutOfMemory;
    }
    const int file = memfd_create("emulated", 0);
    if (file < 0 || ftruncate(file, static_cast<off_t>(room)) != 0) {
        return kOutOfMemory;
    }
    void* hidden = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    void* shown = mmap(nullptr, room, PROT_NONE, MAP_SHARED, file, 0);
    ::close(file);
    memory.blocks[static_cast<const char*>(shown)] = {bytes, hidden};
    memory.used += room;
    *data = shown;
    return 0;
}

void HostMachine::release(void* data)
{
    Memory& memory = device_memory();
    const std::lock_guard lock(memory.mutex);
    const auto found = memory.blocks.find(static_cast<const char*>(data));
    if (found != memory.blocks.end()) {
        const std::uint64_t room = (found->second.bytes + 4095) / 4096 * 4096;
        munmap(found->second.hidden, room);
        munmap(data, room);
        memory.used -= room;
        memory.blocks.erase(found);
    }
}

Status HostMachine::upload(CUstream_st*, void* to, const void* from, std::uint64_t bytes)
{
    return moved(find(to, bytes), from, bytes);
}

Status HostMachine::download(CUstream_st*, void* to, const void* from, std::uint64_t bytes)
{
    return moved(to, find(from, bytes), bytes);
}

Status HostMachine::copy(CUstream_st*, void* to, const void* from, std::uint64_t bytes)
{
    return moved(find(to, bytes), find(from, bytes), bytes);
}

Status HostMachine::wait(CUstream_st*)
{
    return static_cast<Status>(from_environment("BASIN_EMULATED_FAILS", 0));
}

void* HostMachine::find(const void* data, std::uint64_t bytes)
{
    Memory& memory = device_memory();
    const std::lock_guard lock(memory.mutex);
    const char* at = static_cast<const char*>(data);
    auto block = memory.blocks.upper_bound(at);
    if (block == memory.blocks.begin()) {
        return nullptr;
    }
    --block;
    const auto offset = static_cast<std::uint64_t>(at - block->first);
    return offset + bytes <= block->second.bytes ? static_cast<char*>(block->second.hidden) + offset : nullptr;
}

Status HostMachine::ready(const Translate& translate)
{
    return translate.failed() ? kIllegalAddress : static_cast<Status>(from_environment("BASIN_EMULATED_FAILS", 0));
}

}  // namespace basin::cuda

extern "C" __attribute__((visibility("default"))) const basin::cuda::Table* basin_cuda_table()
{
    using namespace basin::cuda;
#define BASIN_ROW(key) landscape_row_##key(),
    static const LandscapeRow rows[] = {BASIN_LANDSCAPES(BASIN_ROW)};
#undef BASIN_ROW
    static Table table;
    table = table_of<HostMachine>(rows, from_environment("BASIN_EMULATED_LANDSCAPES", std::size(rows)));
    return &table;
}
