// Libraries that belong to this program and are loaded only when they are needed.
#pragma once

#include <string>

namespace basin {

/// `name` in the program's own folder or in ../lib beside it, else the name alone, for the loader's path.
std::string beside_program(const std::string& name);

}  // namespace basin
