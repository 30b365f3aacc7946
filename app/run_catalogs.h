// What there is to choose from, as text for a terminal.
#pragma once

#include <string>

namespace basin {

/// A line an entry. Throws std::invalid_argument that names the kinds.
std::string list_catalog(const std::string& kind);
/// Formula, reference and every parameter of an objective, optimizer or probe; all of them where a name is used twice.
/// Throws std::invalid_argument that names the nearest.
std::string describe_entry(const std::string& name);

}  // namespace basin
