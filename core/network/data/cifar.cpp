#include "core/network/data/cifar.h"

#include <algorithm>
#include <span>
#include <stdexcept>

#include "core/network/data/byte_source.h"

namespace basin {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSubfolder = "cifar-10-batches-bin";

bool is_folder(const fs::path& place)
{
    std::error_code error;
    return fs::is_directory(place, error);
}

fs::path find_file(const fs::path& folder, const std::string& name)
{
    for (const char* ending : {"", ".gz"}) {
        std::error_code error;
        fs::path file = folder / (name + ending);
        if (fs::exists(file, error))
            return file;
    }
    throw std::invalid_argument("folder: " + folder.string() + " holds no " + name +
                                ", plain or .gz; give the folder with the six files of CIFAR-10's binary version");
}

/// Adds the records of a file to the others.
void read_file(const fs::path& file, CifarImages& images)
{
    const auto fail = [&file](const std::string& what) {
        throw std::invalid_argument(file.string() + ": " + what +
                                    "; a file of CIFAR-10's binary version is 10000 records of a label from 0 to 9 "
                                    "and 3072 pixels, 3073 bytes each");
    };
    ByteSource source(file);
    const std::uint64_t most =
        std::min<std::uint64_t>(source.at_most() / CifarImages::kRecord, CifarImages::kMostRecords);
    images.pixels.reserve(images.pixels.size() + static_cast<std::size_t>(most) * CifarImages::kPixels);
    std::vector<std::uint8_t> record(CifarImages::kRecord);
    std::size_t records = 0;
    for (std::size_t got = source.read(record); got != 0; got = source.read(record), ++records) {
        if (records == CifarImages::kMostRecords)
            fail("more bytes follow its 10000 records");
        if (got < record.size())
            fail("record number " + std::to_string(records) + " breaks off after " + std::to_string(got) +
                 " of its bytes");
        if (record[0] >= CifarImages::kClasses)
            fail("label number " + std::to_string(records) + " is " + std::to_string(record[0]));
        images.labels.push_back(record[0]);
        images.pixels.insert(images.pixels.end(), record.begin() + 1, record.end());
    }
    if (records == 0)
        fail("there is nothing in it");
    images.file_hashes.emplace_back(file.filename().string(), source.hash());
}

}  // namespace

CifarFolder read_cifar_folder(const fs::path& folder)
{
    if (!is_folder(folder))
        throw std::invalid_argument("folder: " + folder.string() +
                                    " is not a folder; give the one with the six files of CIFAR-10's binary version");
    const fs::path place = is_folder(folder / kSubfolder) ? folder / kSubfolder : folder;
    CifarFolder data;
    std::vector<fs::path> files;
    for (const char* number : {"1", "2", "3", "4", "5"})
        files.push_back(find_file(place, std::string("data_batch_") + number + ".bin"));
    const fs::path test = find_file(place, "test_batch.bin");
    for (const fs::path& file : files)
        read_file(file, data.train);
    read_file(test, data.test);
    return data;
}

}  // namespace basin
