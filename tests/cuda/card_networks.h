// Networks on a card, and on the CPU beside it, for the tests of this folder that skip where there is none.
#pragma once

#include <QtTest>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/compute/device.h"
#include "core/run/spec.h"

namespace basin::testing {

/// A LeNet on the golden images: lanes sgd, fsgld and sam, every loss recorded.
ExperimentSpec lenet_spec(const QTemporaryDir& data, std::uint64_t steps, const std::string& precision = "float32",
                          const std::string& augmentation = "none");

/// The same with a ResNet-20. Running statistics are written by recorded steps.
ExperimentSpec resnet_spec(const QTemporaryDir& data, std::uint64_t steps, const std::string& precision = "float32");

/// To its end.
void run_on(const ExperimentSpec& spec, Device device, const std::filesystem::path& folder, bool resume = false);

/// A column of one lane, `loss` unless told; rows without it are left out.
std::vector<double> losses(const std::filesystem::path& folder, int lane, int column = 3);

/// Skips every test where networks do not run on a GPU, with the reason; gives each a folder of its own.
class CardTest : public QObject {
    Q_OBJECT

protected:
    std::filesystem::path at(const char* name) const
    {
        return std::filesystem::path(place_->path().toStdString()) / name;
    }

    std::unique_ptr<QTemporaryDir> place_;

private Q_SLOTS:
    void init();

private:
    std::optional<std::string> reason_;
};

}  // namespace basin::testing
