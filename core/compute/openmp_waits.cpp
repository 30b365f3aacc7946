#include "core/compute/openmp_waits.h"

#include <cstdlib>

#ifdef __linux__
#include <unistd.h>

#include <filesystem>
#include <system_error>
#endif

namespace basin {

void wait_briefly(char** argv)
{
#ifdef __linux__
    if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) {
        return;
    }
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error && setenv("GOMP_SPINCOUNT", "2000", 0) == 0) {
        execv(program.c_str(), argv);  // returns only when it cannot
    }
#else
    (void)argv;
#endif
}

}  // namespace basin
