#include "core/network/torch_place.h"

#include <ATen/autocast_mode.h>
#include <c10/core/CachingDeviceAllocator.h>

#include <cstdint>
#include <new>
#include <stdexcept>

#include "core/network/threads.h"
#include "core/network/torch_cuda.h"

namespace basin {
namespace {

/// One LibTorch has one setting for all its threads; runs that differ in it follow each other.
void use_tf32(bool wanted)
{
    at::Context& context = at::globalContext();
    if (context.allowTF32CuBLAS() != wanted)
        context.setAllowTF32CuBLAS(wanted);
    if (context.allowTF32CuDNN() != wanted)
        context.setAllowTF32CuDNN(wanted);
}

std::string in_gigabytes(std::size_t bytes)
{
    return format_number(static_cast<double>(bytes / 100'000'000) / 10) + " GB";
}

[[noreturn]] void throw_out_of_memory(const TorchPlace& place, const std::string& what)
{
    std::string where = "memory";
    std::string free;
    if (!place.on_cpu()) {
        where = "memory on the GPU";
        c10::DeviceAllocator* allocator = c10::getDeviceAllocator(place.device.type());
        allocator->emptyCache();
        free = ", of which " + in_gigabytes(allocator->getMemoryInfo(place.device.index()).first) + " are free";
    }
    throw OutOfMemory("there is not enough " + where + free + ", for " + what +
                      "; take a smaller batch_size or evaluation_batch, a smaller network, or fewer lanes");
}

}  // namespace

TorchPlace torch_place(const Backend& backend, Precision precision)
{
    TorchPlace place{.threads = backend.threads(), .precision = precision};
    if (backend.device() == Device::cpu)
        return place;
    if (const std::string& reason = load_torch_cuda(); !reason.empty())
        throw std::invalid_argument("device: networks cannot run on cuda: " + reason);
    place.device = at::Device(at::kCUDA, 0);
    // A stream that LibTorch has not made itself has its address for a number (c10/cuda/CUDAStream.cpp).
    place.queue.emplace(c10::Stream::UNSAFE, place.device,
                        static_cast<c10::StreamId>(reinterpret_cast<std::intptr_t>(backend.stream())));
    return place;
}

TorchScope::TorchScope(const TorchPlace& place)
{
    use_threads(place.threads);
    if (place.on_cpu())
        return;
    guard_.reset_stream(*place.queue);
    use_tf32(place.precision == Precision::tf32);
}

MixedPrecision::MixedPrecision(const TorchPlace& place)
    : type_(place.device.type()), on_(place.precision == Precision::bf16)
{
    if (!on_)
        return;
    at::autocast::set_autocast_dtype(type_, at::kBFloat16);
    at::autocast::set_autocast_cache_enabled(false);  // theta moves under the tensors that it would be kept for
    at::autocast::set_autocast_enabled(type_, true);
}

MixedPrecision::~MixedPrecision()
{
    if (on_)
        at::autocast::set_autocast_enabled(type_, false);
}

void in_words(const TorchPlace& place, const std::function<std::string()>& what, const std::function<void()>& work)
{
    bool short_of_memory = false;
    try {
        work();
    } catch (const c10::OutOfMemoryError&) {
        short_of_memory = true;
    } catch (const std::bad_alloc&) {
        short_of_memory = true;
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        short_of_memory = text.find("DefaultCPUAllocator") != std::string::npos;
        if (!short_of_memory && place.on_cpu())
            throw;
        if (!short_of_memory)
            throw DeviceFailed("the GPU failed: " + text.substr(0, text.find('\n')));
    }
    if (short_of_memory)  // after the handler: what the exception held on to has been let go
        throw_out_of_memory(place, what());
}

}  // namespace basin
