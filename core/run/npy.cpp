#include "core/run/npy.h"

#include <bit>
#include <cassert>
#include <cstring>
#include <string>

#include "core/run/append_file.h"

namespace basin {

void write_npy(const std::filesystem::path& file, std::span<const float> values, std::size_t rows, std::size_t columns)
{
    static_assert(std::endian::native == std::endian::little, "'<f4' below says little-endian");
    assert(values.size() == rows * columns);
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                         std::to_string(columns) + "), }";
    // The data begin at a multiple of 64: 10 bytes of preamble, header, a line feed.
    const std::size_t padded = (10 + header.size() + 1 + 63) / 64 * 64;
    header.append(padded - 10 - header.size() - 1, ' ');
    header += '\n';
    std::string content("\x93NUMPY\x01\x00", 8);
    content += static_cast<char>(header.size() & 0xff);
    content += static_cast<char>(header.size() >> 8);
    content += header;
    content.resize(padded + values.size() * sizeof(float));
    if (!values.empty()) {
        std::memcpy(content.data() + padded, values.data(), values.size() * sizeof(float));
    }
    replace_file(file, content, false);
}

}  // namespace basin
