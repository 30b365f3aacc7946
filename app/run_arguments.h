// What basin-run was asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/compute/backend.h"

namespace basin {

struct RunArguments {
    enum class Verb : std::uint8_t { run, list, describe, schema, leave };
    Verb verb = Verb::run;
    int exit_status = 0;  // of Verb::leave: help and version have been printed
    std::string spec;     // file; empty with resume and replay
    std::string name;     // of list and describe
    std::vector<std::pair<std::string, std::string>> sets;
    std::filesystem::path out;
    std::filesystem::path resume;
    std::filesystem::path replay;
    std::optional<Device> device;
    int threads = 0;
    bool any_threads = false;
    bool any_device = false;
    bool json = false;
    bool quiet = false;
};

/// Throws std::invalid_argument with one sentence that names the option. Prints help and version.
RunArguments read_arguments(int argc, const char* const* argv);

}  // namespace basin
