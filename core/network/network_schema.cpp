#include "core/network/data/data_set.h"
#include "core/network/network.h"
#include "core/network/precision.h"

namespace basin {

ParamSchema network_schema(const NetworkEntry& entry)
{
    ParamSchema schema = data_schema();
    schema.push_back(
        {.key = "loss",
         .label = "Loss",
         .help = "Cross-entropy of the softmax, or half the squared distance between the outputs and 1 for the "
                 "class and 0 for the others.",
         .type = ParamType::choice,
         .default_value = "cross_entropy",
         .choices = {"cross_entropy", "squared_error"}});
    schema.push_back(precision_param());
    schema.insert(schema.end(), entry.schema.begin(), entry.schema.end());
    return schema;
}

}  // namespace basin
