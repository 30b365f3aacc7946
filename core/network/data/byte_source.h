// The bytes of a data file, plain or gzip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace basin {

/// Reads one file from front to back and unpacks gzip on the way (known by its first two bytes, not by its name).
/// Holds a window of fixed size, whatever the file says about itself. Every failure is a std::invalid_argument that
/// names the file. One caller.
class ByteSource {
public:
    explicit ByteSource(const std::filesystem::path& file);
    ~ByteSource();
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;

    /// Fills `out` as far as the file reaches; returns how many bytes came.
    std::size_t read(std::span<std::uint8_t> out);
    bool is_gzip() const;
    /// The most that read() can still give: exact for a plain file, for gzip what deflate could hold at best.
    std::uint64_t at_most() const;
    /// Length on disk.
    std::uint64_t file_size() const;
    /// SHA-256 of the file as it lies on disk; reads what is left of it first.
    std::string hash();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace basin
