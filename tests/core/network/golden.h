// The little data set of golden/make_network.py: its numbers, and its IDX files written again.
#pragma once

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cstdint>
#include <string>
#include <vector>

#include "core/network/network.h"
#include "tests/core/network/idx_files.h"

namespace golden {

inline std::vector<double> numbers(const QJsonValue& array)
{
    std::vector<double> values;
    for (const QJsonValue& value : array.toArray())
        values.push_back(value.toDouble());
    return values;
}

inline const basin::NetworkEntry& entry(const std::string& key)
{
    for (const basin::NetworkEntry* known : basin::network_entries())
        if (known->key == key)
            return *known;
    throw std::invalid_argument("no network " + key);
}

struct Network {
    QJsonObject root;

    Network()
    {
        QFile file(BASIN_SOURCE_DIR "/tests/golden/network.json");
        if (!file.open(QIODevice::ReadOnly))
            throw std::runtime_error("golden/network.json");
        root = QJsonDocument::fromJson(file.readAll()).object();
    }
    double number(const char* key) const { return root[QLatin1String(key)].toDouble(); }
    std::vector<double> numbers(const char* key) const { return golden::numbers(root[QLatin1String(key)]); }
    std::uint64_t seed() const { return static_cast<std::uint64_t>(number("seed")); }

    void write_files(const QTemporaryDir& folder) const
    {
        write_part(folder, "train", static_cast<int>(number("train")), 7, 3, 1);
        write_part(folder, "t10k", static_cast<int>(number("test")), 3, 1, 2);
    }

    basin::Params params(const QTemporaryDir& folder, const std::string& dataset,
                         const std::string& network = "lenet") const
    {
        basin::Params params(basin::network_schema(entry(network)));
        params.set("dataset", dataset);
        params.set("folder", folder.path().toStdString());
        params.set("train_size", static_cast<std::int64_t>(number("train_size")));
        params.set("batch_size", static_cast<std::int64_t>(number("batch_size")));
        params.set("label_noise.kind", std::string("symmetric"));
        params.set("label_noise.rate", number("rate"));
        params.set("evaluation_batch", std::int64_t{7});  // divides neither 32 nor 16
        return params;
    }

private:
    static constexpr int kSide = 28;

    /// made_bytes() of the script, then a bright band four rows high for each label.
    static void write_part(const QTemporaryDir& folder, const QString& name, int count, int factor, int shift,
                           std::uint32_t state)
    {
        QByteArray pixels(count * kSide * kSide, '\0');
        for (char& pixel : pixels) {
            state = (1103515245U * state + 12345U) & 0x7fffffffU;
            pixel = static_cast<char>(state >> 16U & 255U);
        }
        QByteArray labels(count, '\0');
        for (int i = 0; i < count; ++i) {
            const int label = (factor * i + shift) % 10;
            labels[i] = static_cast<char>(label);
            for (int at = (i * kSide + 2 * label) * kSide; at < (i * kSide + 2 * label + 4) * kSide; ++at)
                pixels[at] = static_cast<char>(255 - static_cast<unsigned char>(pixels[at]) / 4);
        }
        const auto extent = static_cast<std::uint32_t>(count);
        idx_files::write(folder, name + "-images-idx3-ubyte", idx_files::header({extent, kSide, kSide}) + pixels);
        idx_files::write(folder, name + "-labels-idx1-ubyte", idx_files::header({extent}) + labels);
    }
};

}  // namespace golden
