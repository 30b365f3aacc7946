#include <stdexcept>

#include "core/probe/probe.h"

namespace basin {

const ProbeEntry& find_probe(std::string_view key)
{
    std::vector<std::string> keys;
    for (const ProbeEntry* entry : probe_entries()) {
        if (entry->key == key)
            return *entry;
        keys.push_back(entry->key);
    }
    const std::string near = nearest(key, keys);
    throw std::invalid_argument("no probe is called \"" + std::string(key) + "\"" +
                                (near.empty() ? std::string() : "; did you mean \"" + near + "\"?"));
}

}  // namespace basin
