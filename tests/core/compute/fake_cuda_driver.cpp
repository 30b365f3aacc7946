// The driver's functions that the program asks, with answers out of the environment.
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace {

int from_environment(const char* variable, int otherwise)
{
    const char* value = std::getenv(variable);
    return value != nullptr ? std::atoi(value) : otherwise;
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): NVIDIA's names.
extern "C" {

int cuInit(unsigned)
{
    return from_environment("FAKE_INIT", 0);
}
int cuDriverGetVersion(int* version)
{
    *version = from_environment("FAKE_VERSION", 13000);
    return 0;
}
int cuDeviceGetCount(int* count)
{
    *count = from_environment("FAKE_COUNT", 1);
    return 0;
}
int cuDeviceGet(int* device, int ordinal)
{
    *device = ordinal;
    return 0;
}
int cuDeviceGetName(char* name, int size, int)
{
    std::snprintf(name, static_cast<std::size_t>(size), "Pretended GPU");
    return from_environment("FAKE_NAME", 0);
}
int cuDeviceTotalMem_v2(std::size_t* bytes, int)
{
    *bytes = std::size_t{1} << 34U;
    return 0;
}
int cuDeviceGetAttribute(int* value, int attribute, int)
{
    const int capability = from_environment("FAKE_CAPABILITY", 90);
    *value = attribute == 75 ? capability / 10 : capability % 10;
    return 0;
}
}
// NOLINTEND(readability-identifier-naming)
