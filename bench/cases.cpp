#include "bench/pairs.h"

namespace basin::bench {

Case flagship_case();

std::vector<Case> cases()
{
    return {flagship_case()};
}

}  // namespace basin::bench
