#include "core/run/npy.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/run/append_file.h"

namespace basin {
namespace {

static_assert(std::endian::native == std::endian::little, "'<f4' and '<f8' below say little-endian");

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);

template <class T>
void write(const std::filesystem::path& file, std::span<const T> values, std::size_t rows, std::size_t columns)
{
    assert(values.size() == rows * columns);
    std::string header = "{'descr': '<f" + std::to_string(sizeof(T)) + "', 'fortran_order': False, 'shape': (" +
                         std::to_string(rows) + ", " + std::to_string(columns) + "), }";
    // The data begin at a multiple of 64: 10 bytes of preamble, header, a line feed.
    const std::size_t padded = (10 + header.size() + 1 + 63) / 64 * 64;
    header.append(padded - 10 - header.size() - 1, ' ');
    header += '\n';
    std::string content(kMagic);
    content += static_cast<char>(header.size() & 0xff);
    content += static_cast<char>(header.size() >> 8);
    content += header;
    content.resize(padded + values.size_bytes());
    if (!values.empty()) {
        std::memcpy(content.data() + padded, values.data(), values.size_bytes());
    }
    replace_file(file, content, false);
}

/// Takes "TEXT NUMBER" off the front of `rest`; false when it does not stand there.
bool take(std::string_view& rest, std::string_view text, std::size_t& number)
{
    if (!rest.starts_with(text)) {
        return false;
    }
    rest.remove_prefix(text.size());
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return error == std::errc{} && number < (std::size_t{1} << 40U);
}

}  // namespace

void write_npy(const std::filesystem::path& file, std::span<const float> values, std::size_t rows, std::size_t columns)
{
    write(file, values, rows, columns);
}

void write_npy(const std::filesystem::path& file, std::span<const double> values, std::size_t rows, std::size_t columns)
{
    write(file, values, rows, columns);
}

NpyMatrix read_npy(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream.is_open() || stream.bad()) {
        throw std::invalid_argument(file.string() + ": cannot be read");
    }
    const auto refuse = [&file](const char* why) { throw std::invalid_argument(file.string() + ": " + why); };
    if (content.size() < 10 || !content.starts_with(kMagic)) {
        refuse("is not a NumPy array of version 1.0");
    }
    const std::size_t length = static_cast<unsigned char>(content[8]) + 256U * static_cast<unsigned char>(content[9]);
    std::string_view header = std::string_view(content).substr(10, length);
    NpyMatrix matrix;
    if (header.size() != length || !take(header, "{'descr': '<f8', 'fortran_order': False, 'shape': (", matrix.rows) ||
        !take(header, ", ", matrix.columns) || !header.starts_with("), }")) {
        refuse("is not a float64 array of two dimensions in C order");
    }
    const std::size_t bytes = content.size() - 10 - length;
    if (matrix.rows != 0 && matrix.columns > bytes / sizeof(double) / matrix.rows) {
        refuse("is cut short");
    }
    matrix.values.resize(matrix.rows * matrix.columns);
    if (bytes != matrix.values.size() * sizeof(double)) {
        refuse("is longer than its shape says");
    }
    if (bytes != 0) {
        std::memcpy(matrix.values.data(), content.data() + 10 + length, bytes);
    }
    return matrix;
}

}  // namespace basin
