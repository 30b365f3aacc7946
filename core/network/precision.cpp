#include "core/network/precision.h"

#include <stdexcept>

namespace basin {

ParamSpec precision_param()
{
    return {.key = "precision",
            .label = "Precision",
            .help =
                "What a step's products are computed in: float32, tf32 (an NVIDIA GPU's rounded factors) or bf16 "
                "(mixed precision).",
            .type = ParamType::choice,
            .default_value = "float32",
            .choices = {"float32", "tf32", "bf16"}};
}

Precision network_precision(const Params& params, Device device)
{
    const std::string& word = params.text("precision");
    if (word == "tf32" && device == Device::cpu) {
        throw std::invalid_argument(
            "precision: tf32 is a mode of NVIDIA GPUs, and this run is on the CPU; choose the device cuda, or float32 "
            "or bf16");
    }
    return word == "tf32" ? Precision::tf32 : word == "bf16" ? Precision::bf16 : Precision::float32;
}

}  // namespace basin
