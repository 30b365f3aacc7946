// SHA-256 (FIPS 180-4): names data files and specs by their content.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace basin {

/// Feed bytes in pieces of any size, then ask once for the digest. A value; any thread may own one.
class Sha256 {
public:
    void update(std::span<const std::uint8_t> bytes);
    /// 64 lower-case hexadecimal digits of everything fed so far; feed nothing afterwards.
    std::string finish();

private:
    void compress(const std::uint8_t* block);

    std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::uint8_t, 64> pending_{};
    std::size_t pending_size_ = 0;
    std::uint64_t length_ = 0;
};

/// 64 lower-case hexadecimal digits.
std::string sha256(std::span<const std::uint8_t> bytes);
std::string sha256(std::string_view text);

}  // namespace basin
