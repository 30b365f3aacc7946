// Small images for residual networks, as IDX files of mnist's names.
#pragma once

#include <cstdint>
#include <string>

#include "core/network/network.h"
#include "tests/core/network/golden.h"

namespace resnet_data {

/// Noise, and a band whose place says the class.
inline void write_part(const QTemporaryDir& folder, const QString& name, int count, int side, std::uint32_t state)
{
    QByteArray pixels(count * side * side, '\0');
    for (char& pixel : pixels) {
        state = (1103515245U * state + 12345U) & 0x7fffffffU;
        pixel = static_cast<char>(state >> 17U & 127U);
    }
    QByteArray labels(count, '\0');
    for (int i = 0; i < count; ++i) {
        const int label = (7 * i + 3) % 10;
        labels[i] = static_cast<char>(label);
        for (int k = 0; k < side; ++k)
            pixels[(i * side + label % side) * side + k] = static_cast<char>(label < side ? 250 : 150);
    }
    const auto images = static_cast<std::uint32_t>(count);
    const auto extent = static_cast<std::uint32_t>(side);
    idx_files::write(folder, name + "-images-idx3-ubyte", idx_files::header({images, extent, extent}) + pixels);
    idx_files::write(folder, name + "-labels-idx1-ubyte", idx_files::header({images}) + labels);
}

/// `train` images and ten to test.
inline void write_files(const QTemporaryDir& folder, int side, int train)
{
    write_part(folder, QStringLiteral("train"), train, side, 1);
    write_part(folder, QStringLiteral("t10k"), 10, side, 2);
}

/// A resnet on files that are there.
inline basin::Params params_of(const std::string& folder, const std::string& variant, int batch_size)
{
    basin::Params params(basin::network_schema(golden::entry("resnet")));
    params.set("dataset", std::string("mnist"));
    params.set("folder", folder);
    params.set("variant", variant);
    params.set("batch_size", std::int64_t{batch_size});
    params.set("evaluation_batch", std::int64_t{7});  // divides neither
    return params;
}

/// Writes the files too.
inline basin::Params params(const QTemporaryDir& folder, const std::string& variant = "resnet20", int side = 8,
                            int train = 24, int batch_size = 8)
{
    write_files(folder, side, train);
    return params_of(folder.path().toStdString(), variant, batch_size);
}

}  // namespace resnet_data
