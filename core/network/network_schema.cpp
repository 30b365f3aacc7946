#include "core/network/data/data_set.h"
#include "core/network/network.h"

namespace basin {

ParamSchema network_schema(const NetworkEntry& entry)
{
    ParamSchema schema = data_schema();
    schema.insert(schema.end(), entry.schema.begin(), entry.schema.end());
    return schema;
}

}  // namespace basin
