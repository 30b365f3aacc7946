// A file that only grows, with numbers written the same way in every locale.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace basin {

/// Collects text in memory and hands it to the system in flush(). A write that fails (disk full, file-size limit)
/// throws std::runtime_error with the file's name and the reason, so that no row is lost silently. One thread.
class AppendFile {
public:
    /// Opens the file cut to `size` bytes, or makes it (size 0). Throws std::runtime_error when it cannot be opened or
    /// is shorter than `size`.
    AppendFile(std::filesystem::path file, std::uint64_t size);
    ~AppendFile();
    AppendFile(const AppendFile&) = delete;
    AppendFile& operator=(const AppendFile&) = delete;

    AppendFile& text(std::string_view text);
    /// Quoted when it holds a comma, a quote or a line break (RFC 4180).
    AppendFile& field(std::string_view text);
    AppendFile& number(std::uint64_t value);
    /// Shortest text that reads back as the same double; NaN, Inf and -Inf as both numpy and R read them.
    AppendFile& number(double value);

    bool dirty() const { return !buffer_.empty(); }
    void flush();
    /// flush(), then waits until the disk has it.
    void sync();
    /// Bytes of the file after the last flush().
    std::uint64_t size() const { return size_; }

private:
    std::filesystem::path file_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
    std::uint64_t synced_ = 0;  // of these
    std::string buffer_;
};

/// "FOLDER/metrics.csv: cannot be written: No space left on device".
std::string file_error(const std::filesystem::path& file, std::string_view what, int error);

/// Shortest text that reads back as the same double; NaN, Inf and -Inf as both numpy and R read them.
std::string csv_number(double value);

/// Writes the whole file at once through a temporary one beside it, so that readers see the old or the new content and
/// nothing between; `durable` waits for the disk. Throws std::runtime_error.
void replace_file(const std::filesystem::path& file, std::string_view content, bool durable);

/// A write past the file-size limit then fails with EFBIG, as a full disk does, instead of ending the process.
void ignore_file_size_signal();

}  // namespace basin
