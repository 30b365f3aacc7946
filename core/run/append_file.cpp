#include "core/run/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <csignal>
#include <stdexcept>
#include <system_error>

namespace basin {
namespace {

constexpr std::size_t kFlushAt = 1 << 20;  // one write call a megabyte: far above what a call costs

void write_all(int descriptor, const std::filesystem::path& file, std::string_view content)
{
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            throw std::runtime_error(file_error(file, "cannot be written", errno));
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

std::string file_error(const std::filesystem::path& file, std::string_view what, int error)
{
    return file.string() + ": " + std::string(what) + ": " + std::generic_category().message(error);
}

std::string csv_number(double value)
{
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "Inf" : "-Inf";
    }
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value);
    return std::string(digits, end.ptr);
}

AppendFile::AppendFile(std::filesystem::path file, std::uint64_t size)
    : file_(std::move(file)), size_(size), synced_(size)
{
    descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
        throw std::runtime_error(file_error(file_, "cannot be opened", errno));
    }
    struct stat status {};
    std::string problem;
    if (::fstat(descriptor_, &status) != 0 || static_cast<std::uint64_t>(status.st_size) < size) {
        problem = file_.string() + ": is shorter than its checkpoint says; it was cut or changed by something else";
    } else if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
        problem = file_error(file_, "cannot be cut back", errno);
    }
    if (!problem.empty()) {
        ::close(descriptor_);
        throw std::runtime_error(problem);
    }
}

AppendFile::~AppendFile()
{
    ::close(descriptor_);
}

AppendFile& AppendFile::text(std::string_view text)
{
    buffer_ += text;
    return *this;
}

AppendFile& AppendFile::field(std::string_view text)
{
    if (text.find_first_of(",\"\n\r") == std::string_view::npos) {
        return this->text(text);
    }
    buffer_ += '"';
    for (const char c : text) {
        buffer_ += c;
        if (c == '"') {
            buffer_ += '"';
        }
    }
    buffer_ += '"';
    return *this;
}

AppendFile& AppendFile::number(std::uint64_t value)
{
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value);
    buffer_.append(digits, end.ptr);
    return *this;
}

AppendFile& AppendFile::number(double value)
{
    if (!std::isfinite(value)) {
        return text(csv_number(value));
    }
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value);
    buffer_.append(digits, end.ptr);
    if (buffer_.size() >= kFlushAt) {
        flush();
    }
    return *this;
}

void AppendFile::flush()
{
    if (buffer_.empty()) {
        return;
    }
    write_all(descriptor_, file_, buffer_);
    size_ += buffer_.size();
    buffer_.clear();
}

void AppendFile::sync()
{
    flush();
    if (synced_ == size_) {
        return;
    }
    if (::fdatasync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) {
        throw std::runtime_error(file_error(file_, "cannot be written", errno));
    }
    synced_ = size_;
}

void replace_file(const std::filesystem::path& file, std::string_view content, bool durable)
{
    std::filesystem::path temporary = file;
    temporary += ".tmp";
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        throw std::runtime_error(file_error(file, "cannot be written", errno));
    }
    try {
        write_all(descriptor, file, content);
        if (durable && ::fsync(descriptor) != 0) {
            throw std::runtime_error(file_error(file, "cannot be written", errno));
        }
    } catch (...) {
        ::close(descriptor);
        ::unlink(temporary.c_str());
        throw;
    }
    if (::close(descriptor) != 0 || ::rename(temporary.c_str(), file.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        throw std::runtime_error(file_error(file, "cannot be written", error));
    }
    if (durable) {  // the rename itself is on the disk only when the folder is
        const int folder =
            ::open(file.parent_path().empty() ? "." : file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder >= 0) {
            ::fsync(folder);
            ::close(folder);
        }
    }
}

void ignore_file_size_signal()
{
    std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace basin
