#include "core/compute/cuda_library.h"

#include <dlfcn.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "core/compute/beside_program.h"

namespace basin {
namespace {

/// The few functions of the driver's library that are asked, by the names it has had since CUDA 3.2.
struct Driver {
    int (*init)(unsigned flags) = nullptr;
    int (*version)(int* version) = nullptr;
    int (*count)(int* count) = nullptr;
    int (*get)(int* device, int ordinal) = nullptr;
    int (*name)(char* name, int size, int device) = nullptr;
    int (*total)(std::size_t* bytes, int device) = nullptr;
    int (*attribute)(int* value, int attribute, int device) = nullptr;
};

constexpr int kNoDevice = 100;         // CUDA_ERROR_NO_DEVICE
constexpr int kCapabilityMajor = 75;   // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
constexpr int kCapabilityMinor = 76;   // ..._MINOR
constexpr int kOldestCapability = 75;  // the first architecture that nvcc 13 still compiles for

std::string from_environment(const char* variable, const std::string& otherwise)
{
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

template <class Function>
bool find(void* library, const char* name, Function& function)
{
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
}

bool find_all(void* library, Driver& driver)
{
    return find(library, "cuInit", driver.init) && find(library, "cuDriverGetVersion", driver.version) &&
           find(library, "cuDeviceGetCount", driver.count) && find(library, "cuDeviceGet", driver.get) &&
           find(library, "cuDeviceGetName", driver.name) && find(library, "cuDeviceTotalMem_v2", driver.total) &&
           find(library, "cuDeviceGetAttribute", driver.attribute);
}

std::string version_words(int version)
{
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

std::string number_words(int status)
{
    return " (CUDA error " + std::to_string(status) + ")";
}

/// Fills in what the driver says of its first device; returns the reason where there is none.
std::string ask_driver(const Driver& driver, DeviceInfo& info, int& version)
{
    if (const int status = driver.init(0); status != 0) {
        return status == kNoDevice ? "no device: the NVIDIA driver finds no GPU"
                                   : "the NVIDIA driver could not be started" + number_words(status);
    }
    int count = 0;
    driver.version(&version);
    if (const int status = driver.count(&count); status != 0 || count == 0) {
        return "no device: the NVIDIA driver finds no GPU";
    }
    int device = 0;
    std::array<char, 256> name{};
    std::size_t total = 0;
    int major = 0;
    int minor = 0;
    for (const int status :
         {driver.get(&device, 0), driver.name(name.data(), static_cast<int>(name.size()) - 1, device),
          driver.total(&total, device), driver.attribute(&major, kCapabilityMajor, device),
          driver.attribute(&minor, kCapabilityMinor, device)}) {
        if (status != 0) {
            return "the NVIDIA driver does not describe its first GPU" + number_words(status);
        }
    }
    info.name = name.data();
    info.total_bytes = total;
    info.capability = 10 * major + minor;
    if (info.capability < kOldestCapability) {
        return info.name + " is too old: its compute capability is " + std::to_string(major) + "." +
               std::to_string(minor) + " and must be 7.5 or higher";
    }
    return {};
}

/// Returns the reason where the plug-in cannot be used.
std::string load_plug_in(const std::string& file, int driver_version, const cuda::Table*& table)
{
    void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) {
        const std::string why = dlerror();
        std::error_code ignored;
        return file == cuda::kPlugInFile || !std::filesystem::exists(file, ignored)
                   ? file + " was not built: ./dev run --cuda"
                   : file + " could not be loaded: " + why;
    }
    cuda::TableFunction get = nullptr;
    if (!find(library, cuda::kTableFunction, get)) {
        return file + " is no plug-in of Basin's: it has no " + cuda::kTableFunction;
    }
    const cuda::Table* found = get();
    if (found->abi != cuda::kAbi || found->bytes != sizeof(cuda::Table)) {
        return file + " is of another version (its number is " + std::to_string(found->abi) + ", this program's " +
               std::to_string(cuda::kAbi) + "): build both together";
    }
    // A CUDA runtime works with the drivers of its own major version and with newer ones.
    if (driver_version / 1000 < static_cast<int>(found->runtime) / 1000) {
        return "the NVIDIA driver is too old: it is made for CUDA " + version_words(driver_version) + ", and " + file +
               " needs one for CUDA " + std::to_string(found->runtime / 1000) + ".0 or newer";
    }
    table = found;
    return {};
}

}  // namespace

CudaLibrary load_cuda(const DeviceSearch& search)
{
    CudaLibrary result;
    result.info.device = Device::cuda;
    std::string& reason = result.info.reason;
    const std::string file =
        search.driver == DeviceSearch{}.driver ? from_environment("BASIN_CUDA_DRIVER", search.driver) : search.driver;
    void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    Driver driver;
    int version = 0;
    if (library == nullptr) {
        reason = "no NVIDIA driver: " + file + " was not found";
    } else if (!find_all(library, driver)) {
        reason = "the NVIDIA driver is too old: " + file + " lacks functions that it has had since CUDA 3.2";
    } else {
        reason = ask_driver(driver, result.info, version);
    }
    if (reason.empty()) {
        const std::string wish = search.plug_in.empty() ? from_environment("BASIN_CUDA_PLUG_IN", "") : search.plug_in;
        reason = load_plug_in(wish.empty() ? beside_program(cuda::kPlugInFile) : wish, version, result.table);
    }
    result.info.usable = reason.empty();
    return result;
}

}  // namespace basin
