#include "core/compute/beside_program.h"

#include <filesystem>
#include <system_error>

namespace basin {

std::string beside_program(const std::string& name)
{
    std::error_code ignored;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    for (const auto& file : {folder / name, folder.parent_path() / "lib" / name}) {
        if (std::filesystem::exists(file, ignored)) {
            return file.string();
        }
    }
    return name;
}

}  // namespace basin
