#include "core/objective/point_values.h"

#include <algorithm>
#include <stdexcept>

#include "core/catalog/params.h"

namespace basin {

void check_values(const PointRequest& request, const std::vector<std::string>& known)
{
    if (request.values.empty()) {
        throw std::invalid_argument("values: name at least one of what this objective offers at points");
    }
    for (auto value = request.values.begin(); value != request.values.end(); ++value) {
        if (std::find(known.begin(), known.end(), *value) == known.end()) {
            throw_unknown("values: this objective", "value at points", *value, known);
        }
        if (std::find(request.values.begin(), value, *value) != value) {
            throw std::invalid_argument("values: \"" + *value + "\" is there twice; name each once");
        }
    }
}

}  // namespace basin
