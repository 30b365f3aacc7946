// IDX files that tests write, whole or broken.
#pragma once

#include <zlib.h>

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <stdexcept>

#include "core/catalog/params.h"

namespace idx_files {

/// Magic number and extents; `type` 8 is unsigned bytes.
inline QByteArray header(std::initializer_list<std::uint32_t> extents, int type = 8)
{
    QByteArray bytes;
    bytes.append(2, '\0').append(static_cast<char>(type)).append(static_cast<char>(extents.size()));
    for (const std::uint32_t extent : extents)
        for (const int shift : {24, 16, 8, 0})
            bytes.append(static_cast<char>(extent >> shift & 255U));
    return bytes;
}

inline QByteArray gzip(const QByteArray& bytes)
{
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("deflateInit2");
    QByteArray packed(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size()))), '\0');
    QByteArray input = bytes;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int answer = deflate(&stream, Z_FINISH);
    packed.resize(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    if (answer != Z_STREAM_END)
        throw std::runtime_error("deflate");
    return packed;
}

inline std::filesystem::path write(const QTemporaryDir& folder, const QString& name, const QByteArray& bytes)
{
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        throw std::runtime_error("cannot write " + name.toStdString());
    return file.fileName().toStdString();
}

/// What the call says when it refuses; empty when it does not.
template <class Call>
QString refusal(Call&& call)
{
    try {
        call();
    } catch (const std::invalid_argument& error) {
        return QString::fromStdString(error.what());
    }
    return {};
}

}  // namespace idx_files
