// The machines that a test of this folder runs on, one data row each: the plug-in's code in a CPU loop, which is always
// there, and a GPU, which is skipped with the reason where there is none.
#pragma once

#include <QtTest>

#include <memory>

#include "core/compute/device.h"

namespace basin::testing {

/// EMULATED_DRIVER, EMULATED_PLUG_IN and, in a build with kernels, CARD_PLUG_IN are files that the build made.
#ifdef CARD_PLUG_IN
inline const DeviceSearch kCard{DeviceSearch{}.driver, CARD_PLUG_IN};
#else
inline const DeviceSearch kCard{};
#endif
inline DeviceSearch search_of(const QString& machine)
{
    return machine == "emulated" ? DeviceSearch{EMULATED_DRIVER, EMULATED_PLUG_IN} : kCard;
}

inline void add_machine_column()
{
    QTest::addColumn<QString>("machine");
}

inline const QStringList& machine_names()
{
    static const QStringList names{"emulated", "card"};
    return names;
}

inline void add_machines()
{
    add_machine_column();
    for (const QString& name : machine_names()) {
        QTest::addRow("%s", qPrintable(name)) << name;
    }
}

/// After BASIN_MACHINE.
inline std::unique_ptr<Backend> backend_of(const QString& machine, int threads = 1)
{
    return make_backend(Device::cuda, threads, search_of(machine));
}

}  // namespace basin::testing

/// Skips where the row's machine cannot be used.
#define BASIN_MACHINE(machine)                                                                                         \
    QFETCH(QString, machine);                                                                                          \
    if (const auto info = basin::find_device(basin::Device::cuda, basin::testing::search_of(machine)); !info.usable) { \
        QSKIP(qPrintable("needs a GPU: " + QString::fromStdString(info.reason)));                                      \
    }
