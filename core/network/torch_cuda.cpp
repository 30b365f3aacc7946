#include "core/network/torch_cuda.h"

#include <c10/util/env.h>
#include <dlfcn.h>
#include <torch/torch.h>

#include <filesystem>

#include "core/compute/beside_program.h"
#include "core/compute/device.h"

namespace basin {
namespace {

constexpr const char* kModule = "libbasin_torch_cuda.so";
constexpr const char* kModuleFunction = "basin_step_graph";

/// The folder of the library that a function came from.
std::filesystem::path folder_of(const void* function)
{
    Dl_info info{};
    return dladdr(function, &info) != 0 && info.dli_fname != nullptr
               ? std::filesystem::path(info.dli_fname).parent_path()
               : std::filesystem::path();
}

std::string load()
{
    const auto library = folder_of(reinterpret_cast<const void*>(&at::globalContext)) / "libtorch_cuda.so";
    // cuBLAS repeats its sums in order only with a workspace of a fixed size, which it reads once.
    c10::utils::set_env("CUBLAS_WORKSPACE_CONFIG", ":4096:8", false);
    if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE) == nullptr) {
        const std::string why = dlerror();
        return "LibTorch's CUDA libraries are not all here (" + why + "): ./dev run --cuda fetches them";
    }
    if (!torch::cuda::is_available())
        return "LibTorch finds no GPU that it can use";
    at::Context& context = at::globalContext();
    context.setDeterministicAlgorithms(true, false);
    context.setDeterministicFillUninitializedMemory(false);  // nothing here reads what it has not written
    context.setDeterministicCuDNN(true);
    context.setBenchmarkCuDNN(false);
    return {};
}

using MakeGraph = StepGraph* (*)(StepGraph* beside);

MakeGraph load_module()
{
    void* module = dlopen(beside_program(kModule).c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return module != nullptr ? reinterpret_cast<MakeGraph>(dlsym(module, kModuleFunction)) : nullptr;
}

}  // namespace

const std::string& load_torch_cuda()
{
    static const std::string reason = load();
    return reason;
}

void prepare_torch()
{
    static const bool usable = find_device(Device::cuda).usable;
    if (usable)
        load_torch_cuda();
}

std::unique_ptr<StepGraph> make_step_graph(StepGraph* beside)
{
    static const MakeGraph make = load_module();
    return std::unique_ptr<StepGraph>(make != nullptr ? make(beside) : nullptr);
}

}  // namespace basin
