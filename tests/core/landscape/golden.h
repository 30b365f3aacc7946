// Test values of tests/golden/landscapes.json and the landscapes that they belong to.
#pragma once

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "core/landscape/landscape.h"

namespace basin {

inline nlohmann::json read_golden()
{
    std::ifstream file(BASIN_SOURCE_DIR "/tests/golden/landscapes.json");
    return nlohmann::json::parse(file);
}

inline Params golden_params(const nlohmann::json& row)
{
    Params params(find_landscape(row.at("landscape").get<std::string>()).schema);
    for (const auto& [key, value] : row.at("parameters").items())
        params.set(key, value.get<double>());
    return params;
}

inline std::unique_ptr<const Landscape> golden_landscape(const nlohmann::json& row)
{
    return find_landscape(row.at("landscape").get<std::string>()).make(golden_params(row));
}

}  // namespace basin
