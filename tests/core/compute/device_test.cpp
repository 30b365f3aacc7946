#include "core/compute/device.h"

#include <QTest>
#include <fstream>

#include "core/compute/cuda_table.h"

using namespace basin;

namespace {

std::string refusal(const DeviceSearch& search)
{
    try {
        make_backend(Device::cuda, 1, search);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "made";
}

bool loaded(const std::string& library)
{
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        if (line.find(library) != std::string::npos) {
            return true;
        }
    }
    return false;
}

const DeviceSearch kPretended{FAKE_DRIVER, FAKE_PLUG_IN};

}  // namespace

class DeviceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup()
    {
        for (const char* variable :
             {"FAKE_INIT", "FAKE_VERSION", "FAKE_COUNT", "FAKE_NAME", "FAKE_CAPABILITY", "FAKE_ABI", "FAKE_RUNTIME",
              "FAKE_FAILS", "BASIN_CUDA_DRIVER", "BASIN_CUDA_PLUG_IN", "BASIN_ISA"}) {
            qunsetenv(variable);
        }
    }

    void the_cpu_is_always_usable()
    {
        const DeviceInfo info = find_device(Device::cpu);
        QVERIFY(info.usable);
        QCOMPARE(info.name.substr(0, 4), std::string("CPU "));
        QVERIFY(info.reason.empty());
        const DeviceMemory memory = device_memory(Device::cpu);
        QCOMPARE(memory.total_bytes, info.total_bytes);
        QVERIFY(memory.free_bytes > 0 && memory.free_bytes <= memory.total_bytes);
        QCOMPARE(make_backend(Device::cpu, 1)->threads(), 1);
    }

    void a_bad_instruction_set_is_said_not_thrown()
    {
        qputenv("BASIN_ISA", "z80");
        const DeviceInfo info = find_device(Device::cpu);
        QVERIFY(!info.usable);
        QVERIFY(info.reason.find("BASIN_ISA") != std::string::npos);
    }

    void words_name_devices()
    {
        QCOMPARE(parse_device("cpu"), Device::cpu);
        QCOMPARE(parse_device(device_key(Device::cuda)), Device::cuda);
        QVERIFY_EXCEPTION_THROWN(parse_device("gpu"), std::invalid_argument);
    }

    // First of the CUDA cases: later ones load the pretended libraries, which stay.
    void without_a_driver_nothing_is_loaded()
    {
        const DeviceSearch search{"libcuda_that_is_not_there.so.1", FAKE_PLUG_IN};
        const DeviceInfo info = find_device(Device::cuda, search);
        QVERIFY(!info.usable);
        QCOMPARE(info.device, Device::cuda);
        QCOMPARE(info.reason, std::string("no NVIDIA driver: libcuda_that_is_not_there.so.1 was not found"));
        QCOMPARE(refusal(search), "device: cuda cannot be used: " + info.reason);
        QVERIFY_EXCEPTION_THROWN(device_memory(Device::cuda, search), std::invalid_argument);
        QVERIFY(!loaded("fake_cuda_plug_in"));
    }

    void says_why_a_driver_will_not_do_data()
    {
        QTest::addColumn<QByteArray>("variable");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no device at start")
            << QByteArray("FAKE_INIT") << QByteArray("100") << "no device: the NVIDIA driver finds no GPU";
        QTest::newRow("no device") << QByteArray("FAKE_COUNT") << QByteArray("0")
                                   << "no device: the NVIDIA driver finds no GPU";
        QTest::newRow("does not start") << QByteArray("FAKE_INIT") << QByteArray("999")
                                        << "the NVIDIA driver could not be started (CUDA error 999)";
        QTest::newRow("says nothing") << QByteArray("FAKE_NAME") << QByteArray("3")
                                      << "the NVIDIA driver does not describe its first GPU (CUDA error 3)";
        QTest::newRow("old card")
            << QByteArray("FAKE_CAPABILITY") << QByteArray("61")
            << "Pretended GPU is too old: its compute capability is 6.1 and must be 7.5 or higher";
        QTest::newRow("old driver") << QByteArray("FAKE_VERSION") << QByteArray("12040")
                                    << "the NVIDIA driver is too old: it is made for CUDA 12.4, and " FAKE_PLUG_IN
                                       " needs one for CUDA 13.0 or newer";
        QTest::newRow("other version") << QByteArray("FAKE_ABI") << QByteArray("987")
                                       << QStringLiteral(FAKE_PLUG_IN " is of another version (its number is 987, ") +
                                              "this program's " + QString::number(cuda::kAbi) +
                                              "): build both together";
    }
    void says_why_a_driver_will_not_do()
    {
        QFETCH(QByteArray, variable);
        QFETCH(QByteArray, value);
        QFETCH(QString, reason);
        qputenv(variable.constData(), value);
        const DeviceInfo info = find_device(Device::cuda, kPretended);
        QCOMPARE(QString::fromStdString(info.reason), reason);
        QVERIFY(!info.usable);
        QCOMPARE(refusal(kPretended), "device: cuda cannot be used: " + info.reason);
    }

    void a_library_that_is_no_driver_is_said()
    {
        const DeviceInfo info = find_device(Device::cuda, {FAKE_PLUG_IN, FAKE_PLUG_IN});
        QVERIFY(info.reason.find("lacks functions") != std::string::npos);
    }

    void a_missing_plug_in_is_said()
    {
        const DeviceInfo info = find_device(Device::cuda, {FAKE_DRIVER, "/nowhere/libbasin_cuda.so"});
        QVERIFY(!info.usable);
        QCOMPARE(info.reason, std::string("/nowhere/libbasin_cuda.so was not built: ./dev run --cuda"));
        QCOMPARE(info.name, std::string("Pretended GPU"));  // what is known of the card is told all the same
    }

    void a_library_that_is_no_plug_in_is_said()
    {
        const DeviceInfo info = find_device(Device::cuda, {FAKE_DRIVER, FAKE_DRIVER});
        QCOMPARE(info.reason, std::string(FAKE_DRIVER " is no plug-in of Basin's: it has no basin_cuda_table"));
    }

    void a_file_that_is_no_library_is_said()
    {
        const DeviceInfo info = find_device(Device::cuda, {FAKE_DRIVER, BASIN_SOURCE_DIR "/README.md"});
        QVERIFY(info.reason.find("could not be loaded: ") != std::string::npos);
    }

    void describes_a_usable_device()
    {
        const DeviceInfo info = find_device(Device::cuda, kPretended);
        QVERIFY2(info.usable, info.reason.c_str());
        QCOMPARE(info.name, std::string("Pretended GPU"));
        QCOMPARE(info.total_bytes, std::uint64_t{1} << 34U);
        QCOMPARE(info.capability, 90);
        const DeviceMemory memory = device_memory(Device::cuda, kPretended);
        QCOMPARE(memory.free_bytes, std::uint64_t{3} << 30U);
        QCOMPARE(memory.total_bytes, std::uint64_t{4} << 30U);
        qputenv("FAKE_FAILS", "1");
        QVERIFY_EXCEPTION_THROWN(device_memory(Device::cuda, kPretended), std::invalid_argument);
    }

    void a_newer_driver_serves_an_older_plug_in()
    {
        qputenv("FAKE_VERSION", "14010");
        QVERIFY(find_device(Device::cuda, kPretended).usable);
    }

    void the_environment_names_other_libraries()
    {
        qputenv("BASIN_CUDA_DRIVER", FAKE_DRIVER);
        qputenv("BASIN_CUDA_PLUG_IN", FAKE_PLUG_IN);
        QVERIFY(find_device(Device::cuda).usable);
        QVERIFY(!find_device(Device::cuda, {"libcuda_that_is_not_there.so.1", ""}).usable);
    }
};

QTEST_APPLESS_MAIN(DeviceTest)
#include "device_test.moc"
