#include "core/landscape/closed_form.h"

#include <stdexcept>

namespace basin {

ParamSpec real_parameter(std::string key, std::string label, std::string help, double value,
                         std::pair<double, double> slider)
{
    ParamSpec spec;
    spec.key = std::move(key);
    spec.label = std::move(label);
    spec.help = std::move(help);
    spec.default_value = value;
    spec.slider = slider;
    return spec;
}

ParamSpec positive_parameter(std::string key, std::string label, std::string help, double value,
                             std::pair<double, double> slider)
{
    ParamSpec spec = real_parameter(std::move(key), std::move(label), std::move(help), value, slider);
    spec.minimum = 0;
    spec.exclusive_minimum = true;
    spec.scale = ParamScale::log;
    return spec;
}

ParamSpec stretch_parameter()
{
    ParamSpec spec;
    spec.key = "stretch";
    spec.symbol = "L";
    spec.label = "Stretch";
    spec.help = "Makes the landscape this many times as wide without changing its heights: u(θ / L).";
    spec.default_value = 1.0;
    spec.minimum = 1e-3;
    spec.maximum = 1e3;
    spec.scale = ParamScale::log;
    spec.slider = {0.5, 5.0};
    return spec;
}

const LandscapeEntry& find_landscape(std::string_view key)
{
    std::vector<std::string> keys;
    for (const LandscapeEntry* entry : landscape_entries()) {
        if (entry->key == key)
            return *entry;
        keys.push_back(entry->key);
    }
    const std::string near = nearest(key, keys);
    throw std::invalid_argument("no landscape is called \"" + std::string(key) + "\"" +
                                (near.empty() ? std::string() : "; did you mean \"" + near + "\"?"));
}

}  // namespace basin
