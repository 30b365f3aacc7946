#include "core/network/data/byte_source.h"

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "core/compute/sha256.h"

namespace basin {
namespace {

constexpr std::size_t kWindow = 256 * 1024;    // large enough that the hash and inflate, not the calls, cost the time
constexpr std::uint64_t kDeflateRatio = 1032;  // the most that deflate can shrink (zlib, "Maximum Compression Factor")

std::uint64_t regular_file_size(const std::filesystem::path& file)
{
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found)
        throw std::invalid_argument(file.string() + ": there is no such file");
    if (!error && status.type() != std::filesystem::file_type::regular)
        throw std::invalid_argument(file.string() + ": this is not a regular file; give the data file itself");
    const std::uintmax_t size = error ? 0 : std::filesystem::file_size(file, error);
    if (error)
        throw std::invalid_argument(file.string() + ": cannot be read: " + error.message());
    return size;
}

}  // namespace

class ByteSource::Impl {
public:
    explicit Impl(const std::filesystem::path& file)
        : name_(file.string()), size_(regular_file_size(file)), stream_(file, std::ios::binary), window_(kWindow)
    {
        if (!stream_)
            throw std::invalid_argument(name_ + ": cannot be opened for reading; check its permissions");
        fill();
        gzip_ = filled_ >= 2 && window_[0] == 0x1f && window_[1] == 0x8b;
        constexpr int kGzipOnly = 16 + MAX_WBITS;
        if (gzip_ && inflateInit2(&inflate_, kGzipOnly) != Z_OK)
            throw std::runtime_error(name_ + ": zlib cannot start");
    }
    ~Impl()
    {
        if (gzip_)
            inflateEnd(&inflate_);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    std::size_t read(std::span<std::uint8_t> out) { return gzip_ ? read_packed(out) : read_plain(out); }

    std::uint64_t at_most() const
    {
        const std::uint64_t left = size_ - std::min(size_, fetched_) + (filled_ - used_);
        // zlib keeps up to a window's worth of output to itself.
        return gzip_ ? (left + 1) * kDeflateRatio + 32768 : left;
    }
    bool is_gzip() const { return gzip_; }
    std::uint64_t file_size() const { return size_; }

    std::string hash()
    {
        while (fill()) {
        }
        return hash_.finish();
    }

private:
    bool fill()
    {
        stream_.read(reinterpret_cast<char*>(window_.data()), static_cast<std::streamsize>(window_.size()));
        filled_ = static_cast<std::size_t>(stream_.gcount());
        used_ = 0;
        fetched_ += filled_;
        if (stream_.bad())
            throw std::invalid_argument(name_ + ": reading failed after " + std::to_string(fetched_) + " bytes");
        hash_.update(std::span(window_).first(filled_));
        return filled_ > 0;
    }

    std::size_t read_plain(std::span<std::uint8_t> out)
    {
        std::size_t done = 0;
        while (done < out.size() && (used_ < filled_ || fill())) {
            const std::size_t count = std::min(out.size() - done, filled_ - used_);
            std::copy_n(window_.data() + used_, count, out.data() + done);
            used_ += count;
            done += count;
        }
        return done;
    }

    std::size_t read_packed(std::span<std::uint8_t> out)
    {
        std::size_t done = 0;
        while (done < out.size()) {
            if (used_ == filled_ && !fill()) {
                if (ended_)
                    return done;
                throw std::invalid_argument(name_ +
                                            ": the gzip stream breaks off; the file is truncated, fetch it again");
            }
            if (ended_)
                throw std::invalid_argument(name_ + ": there are bytes after the gzip stream; fetch the file again");
            const std::size_t room = std::min<std::size_t>(out.size() - done, 1U << 30U);  // zlib counts in 32 bits
            inflate_.next_in = window_.data() + used_;
            inflate_.avail_in = static_cast<uInt>(filled_ - used_);
            inflate_.next_out = out.data() + done;
            inflate_.avail_out = static_cast<uInt>(room);
            const int answer = inflate(&inflate_, Z_NO_FLUSH);
            used_ = filled_ - inflate_.avail_in;
            done += room - inflate_.avail_out;
            if (answer == Z_STREAM_END)
                ended_ = true;
            else if (answer != Z_OK && answer != Z_BUF_ERROR)
                throw std::invalid_argument(name_ + ": damaged gzip data (" +
                                            (inflate_.msg != nullptr ? inflate_.msg : "zlib gives no reason") +
                                            "); fetch the file again");
        }
        return done;
    }

    std::string name_;
    std::uint64_t size_;
    std::ifstream stream_;
    std::vector<std::uint8_t> window_;
    std::size_t used_ = 0;
    std::size_t filled_ = 0;
    std::uint64_t fetched_ = 0;
    bool gzip_ = false;
    bool ended_ = false;
    z_stream inflate_{};
    Sha256 hash_;
};

ByteSource::ByteSource(const std::filesystem::path& file) : impl_(std::make_unique<Impl>(file)) {}
ByteSource::~ByteSource() = default;
std::size_t ByteSource::read(std::span<std::uint8_t> out)
{
    return impl_->read(out);
}
bool ByteSource::is_gzip() const
{
    return impl_->is_gzip();
}
std::uint64_t ByteSource::at_most() const
{
    return impl_->at_most();
}
std::uint64_t ByteSource::file_size() const
{
    return impl_->file_size();
}
std::string ByteSource::hash()
{
    return impl_->hash();
}

}  // namespace basin
