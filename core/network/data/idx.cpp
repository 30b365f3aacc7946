#include "core/network/data/idx.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

#include "core/network/data/byte_source.h"

namespace basin {
namespace {

constexpr std::size_t kFirstPiece = std::size_t{1} << 20U;
constexpr std::uint8_t kUnsignedByte = 0x08;

std::string plural(std::uint64_t count, const std::string& thing)
{
    return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

/// One file: header, then exactly as many bytes as the header announces, then the end.
class IdxFile {
public:
    IdxFile(const std::filesystem::path& file, std::size_t rank, const char* contents)
        : name_(file.string()), source_(file), contents_(contents)
    {
        std::array<std::uint8_t, 4> magic{};
        read_header(magic);
        if (magic[0] != 0 || magic[1] != 0)
            fail("this is not an IDX file: it must begin with two zero bytes");
        if (magic[2] != kUnsignedByte)
            fail("its numbers are of IDX type " + std::to_string(magic[2]) + "; only unsigned bytes (type 8) are read");
        if (magic[3] != rank)
            fail("it has " + plural(magic[3], "dimension") + ", but " + contents + " have " + std::to_string(rank) +
                 "; are images and labels exchanged?");
        for (std::size_t i = 0; i < rank; ++i) {
            std::array<std::uint8_t, 4> extent{};
            read_header(extent);
            extents_.push_back(std::uint32_t{extent[0]} << 24U | std::uint32_t{extent[1]} << 16U |
                               std::uint32_t{extent[2]} << 8U | extent[3]);
        }
        check_size();
    }

    std::size_t extent(std::size_t i) const { return extents_[i]; }

    std::vector<std::uint8_t> read_all()
    {
        std::vector<std::uint8_t> bytes;
        while (bytes.size() < expected_) {
            // Memory follows what has really been read, so that a forged gzip file cannot ask for more than it holds.
            const std::size_t have = bytes.size();
            const std::size_t piece = std::min(expected_ - have, std::max(kFirstPiece, have));
            bytes.resize(have + piece);
            const std::size_t got = source_.read(std::span(bytes).subspan(have));
            if (got < piece)
                fail(announces() + ", but it ends after " + plural(have + got, "byte") + " of data; fetch it again");
        }
        std::array<std::uint8_t, 1> more{};
        if (source_.read(more) != 0)
            fail(announces() + ", but more bytes follow; fetch it again");
        return bytes;
    }

    std::string hash() { return source_.hash(); }

    [[noreturn]] void fail(const std::string& what) const { throw std::invalid_argument(name_ + ": " + what); }

private:
    void read_header(std::span<std::uint8_t> out)
    {
        if (source_.read(out) < out.size())
            fail(std::string("it ends inside its header; an IDX file of ") + contents_ + " was expected");
    }

    std::string announces() const
    {
        std::string text = "its header announces ";
        for (std::size_t i = 0; i < extents_.size(); ++i)
            text += (i == 0 ? "" : " x ") + std::to_string(extents_[i]);
        return text + " bytes";
    }

    void check_size()
    {
        std::uint64_t product = 1;
        for (const std::uint64_t extent : extents_) {
            if (extent == 0)
                fail(announces() + ", so there is nothing in it");
            if (product > std::numeric_limits<std::uint64_t>::max() / extent)
                fail(announces() + ", more than any file holds; the header is damaged");
            product *= extent;
        }
        const std::uint64_t room = source_.at_most();
        if (source_.is_gzip() ? product > room : product != room)
            fail(announces() + ", but " +
                 (source_.is_gzip() ? plural(source_.file_size(), "byte") + " of gzip cannot hold so much"
                                    : plural(room, "byte") + " follow it") +
                 "; fetch it again");
        expected_ = static_cast<std::size_t>(product);
    }

    std::string name_;
    ByteSource source_;
    const char* contents_;
    std::vector<std::uint32_t> extents_;
    std::size_t expected_ = 0;
};

}  // namespace

IdxImages read_idx_images(const std::filesystem::path& file)
{
    IdxFile idx(file, 3, "images");
    IdxImages images;
    images.count = idx.extent(0);
    images.rows = idx.extent(1);
    images.columns = idx.extent(2);
    images.pixels = idx.read_all();
    images.sha256 = idx.hash();
    return images;
}

IdxLabels read_idx_labels(const std::filesystem::path& file, int classes)
{
    IdxFile idx(file, 1, "labels");
    IdxLabels labels;
    labels.labels = idx.read_all();
    const auto wrong =
        std::find_if(labels.labels.begin(), labels.labels.end(), [&](int label) { return label >= classes; });
    if (wrong != labels.labels.end())
        idx.fail("label number " + std::to_string(wrong - labels.labels.begin()) + " is " + std::to_string(*wrong) +
                 "; labels go from 0 to " + std::to_string(classes - 1));
    labels.sha256 = idx.hash();
    return labels;
}

}  // namespace basin
