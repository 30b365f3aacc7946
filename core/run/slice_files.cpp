#include "core/run/slice_files.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "core/compute/sha256.h"
#include "core/run/append_file.h"
#include "core/run/json.h"
#include "core/run/json_params.h"
#include "core/run/npy.h"

namespace basin {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kVersion = 1;
constexpr const char* kDescription = "slice.json";

fs::path beside(const fs::path& folder, const char* ending)
{
    fs::path other = folder;
    return other += ending;
}

std::string content_of(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream.is_open() || stream.bad()) {
        throw std::invalid_argument(file.string() + ": cannot be read");
    }
    return content;
}

Json whole(std::size_t number)
{
    return static_cast<std::int64_t>(number);
}

Json seed_json(std::uint64_t seed)
{
    return seed <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
               ? Json(static_cast<std::int64_t>(seed))
               : Json(seed);
}

Json described(const SliceSpec& spec, const SliceValues& values)
{
    Json json(Json::Object{});
    json.set("version", kVersion);
    json.set("slice_sha256", slice_hash(spec));
    json.set("objective", spec.objective);
    json.set("kind", spec.plane.kind);
    Json numbers(Json::Object{});
    for (const auto& [name, value] : spec.plane.numbers) {
        numbers.set(name, value);
    }
    json.set("numbers", numbers);
    Json::Array axes;
    for (const SliceAxis& axis : spec.axes) {
        Json one(Json::Object{});
        one.set("lower", axis.lower);
        one.set("upper", axis.upper);
        one.set("count", whole(axis.count));
        axes.push_back(std::move(one));
    }
    json.set("axes", std::move(axes));
    json.set("values", Json::Array(spec.points.values.begin(), spec.points.values.end()));
    json.set("train_sample", whole(spec.points.train_sample));
    json.set("test_sample", whole(spec.points.test_sample));
    json.set("seed", seed_json(spec.points.seed));
    Json smoothing(Json::Object{});
    smoothing.set("sigma", spec.smoothing.sigma);
    smoothing.set("pairs", whole(spec.smoothing.pairs));
    smoothing.set("value", spec.smoothing.value);
    json.set("smoothing", std::move(smoothing));
    json.set("points", whole(spec.size()));
    json.set("done", whole(values.done));
    Json::Array marks;
    for (const PlaneMark& mark : spec.plane.marks) {
        Json one(Json::Object{});
        one.set("label", mark.label);
        one.set("step", seed_json(mark.step));
        one.set("alpha", mark.at.alpha);
        one.set("beta", mark.at.beta);
        one.set("distance", mark.at.distance);
        marks.push_back(std::move(one));
    }
    json.set("marks", std::move(marks));
    return json;
}

/// Members of one object of slice.json, with complaints that name them.
class Reader {
public:
    Reader(const Json& json, Place place) : json_(json), place_(std::move(place))
    {
        if (json.object() == nullptr) {
            place_.fail("must be an object, and is " + describe(json));
        }
    }
    const Json& member(std::string_view key) const
    {
        const Json* found = json_.find(key);
        if (found == nullptr) {
            place_.at(key).fail("is missing");
        }
        return *found;
    }
    Reader object(std::string_view key) const { return {member(key), place_.at(key)}; }
    const Json::Array& list(std::string_view key) const
    {
        const Json::Array* items = member(key).array();
        if (items == nullptr) {
            place_.at(key).fail("must be a list, and is " + describe(member(key)));
        }
        return *items;
    }
    std::string text(std::string_view key) const
    {
        const std::string* text = member(key).text();
        if (text == nullptr) {
            place_.at(key).fail("must be a text, and is " + describe(member(key)));
        }
        return *text;
    }
    double number(std::string_view key) const { return number_of(member(key), place_.at(key)); }
    std::uint64_t whole(std::string_view key) const
    {
        const auto& value = member(key).value;
        if (const auto* large = std::get_if<std::uint64_t>(&value)) {
            return *large;
        }
        const auto* number = std::get_if<std::int64_t>(&value);
        if (number == nullptr || *number < 0) {
            place_.at(key).fail("must be a whole number of at least 0, and is " + describe(member(key)));
        }
        return static_cast<std::uint64_t>(*number);
    }
    static double number_of(const Json& json, const Place& place)
    {
        if (const auto* number = std::get_if<double>(&json.value)) {
            return *number;
        }
        if (const auto* number = std::get_if<std::int64_t>(&json.value)) {
            return static_cast<double>(*number);
        }
        if (const auto* number = std::get_if<std::uint64_t>(&json.value)) {
            return static_cast<double>(*number);
        }
        if (std::holds_alternative<std::nullptr_t>(json.value)) {
            return std::numeric_limits<double>::quiet_NaN();  // how JSON writes what is not finite
        }
        place.fail("must be a number, and is " + describe(json));
    }
    const Place& place() const { return place_; }

private:
    const Json& json_;
    Place place_;
};

/// All but origin, directions and buffers.
SliceSpec spec_of(const Reader& reader)
{
    SliceSpec spec;
    spec.objective = reader.text("objective");
    spec.plane.kind = reader.text("kind");
    const Reader numbers = reader.object("numbers");
    for (const JsonMember& member : *reader.member("numbers").object()) {
        spec.plane.numbers.emplace_back(member.key, numbers.number(member.key));
    }
    const Json::Array& axes = reader.list("axes");
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const Reader axis(axes[i], reader.place().at("axes").at(i));
        spec.axes.push_back({axis.number("lower"), axis.number("upper"), axis.whole("count")});
    }
    const Json::Array& values = reader.list("values");
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string* name = values[i].text();
        // Names become file names.
        if (name == nullptr || name->empty() ||
            name->find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
            reader.place().at("values").at(i).fail("must be the name of a value, and is " + describe(values[i]));
        }
        spec.points.values.push_back(*name);
    }
    spec.points.train_sample = reader.whole("train_sample");
    spec.points.test_sample = reader.whole("test_sample");
    spec.points.seed = reader.whole("seed");
    const Reader smoothing = reader.object("smoothing");
    spec.smoothing = {smoothing.number("sigma"), smoothing.whole("pairs"), smoothing.text("value")};
    const Json::Array& marks = reader.list("marks");
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const Reader mark(marks[i], reader.place().at("marks").at(i));
        spec.plane.marks.push_back({mark.text("label"),
                                    mark.whole("step"),
                                    {mark.number("alpha"), mark.number("beta"), mark.number("distance")}});
    }
    return spec;
}

class Folder {
public:
    Folder(fs::path path, const Reader& reader) : path_(std::move(path)), hashes_(reader.object("files")) {}

    NpyMatrix matrix(const std::string& name) const
    {
        const fs::path file = path_ / name;
        NpyMatrix matrix = read_npy(file);
        if (sha256(content_of(file)) != hashes_.text(name)) {
            throw std::invalid_argument(file.string() + ": is damaged: it is not the file that slice.json describes");
        }
        return matrix;
    }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
    Reader hashes_;
};

void read_plane(const Folder& folder, SliceSpec& spec)
{
    const NpyMatrix plane = folder.matrix("plane.npy");
    if (plane.rows != 1 + spec.axes.size()) {
        throw std::invalid_argument((folder.path() / "plane.npy").string() + ": has " + std::to_string(plane.rows) +
                                    " rows; it must have the origin and a direction for each axis");
    }
    for (std::size_t row = 0; row < plane.rows; ++row) {
        const auto first = plane.values.begin() + static_cast<std::ptrdiff_t>(row * plane.columns);
        std::vector<double> numbers(first, first + static_cast<std::ptrdiff_t>(plane.columns));
        if (row == 0) {
            spec.plane.origin = std::move(numbers);
        } else {
            spec.plane.directions.push_back(std::move(numbers));
        }
    }
    if (fs::exists(folder.path() / "buffers.npy")) {
        const NpyMatrix buffers = folder.matrix("buffers.npy");
        std::transform(buffers.values.begin(), buffers.values.end(), std::back_inserter(spec.buffers),
                       [](double x) { return static_cast<float>(x); });
    }
}

SliceValues read_values(const Folder& folder, const Reader& reader, const SliceSpec& spec)
{
    SliceValues values;
    values.rows = spec.rows();
    values.columns = spec.columns();
    values.keys = spec.keys();
    values.done = reader.whole("done");
    if (values.done > spec.size()) {
        reader.place().at("done").fail("is more than the slice's " + std::to_string(spec.size()) + " points");
    }
    const SliceOrder order(values.rows, values.columns);
    for (const std::string& key : values.keys) {
        NpyMatrix matrix = folder.matrix(key + ".npy");
        const bool error_of_one = key.ends_with("_error") && spec.smoothing.pairs == 1;
        bool right = matrix.rows == values.rows && matrix.columns == values.columns;
        for (std::size_t k = 0; right && !error_of_one && k < spec.size(); ++k) {
            right = std::isnan(matrix.values[order[k]]) == (k >= values.done);
        }
        if (!right) {
            throw std::invalid_argument((folder.path() / (key + ".npy")).string() +
                                        ": is damaged: its points are not the ones that slice.json says are done");
        }
        values.arrays.push_back(std::move(matrix.values));
    }
    return values;
}

/// Nothing but what save_slice leaves when it is killed.
bool is_remainder(const fs::path& folder)
{
    return std::all_of(fs::directory_iterator(folder), fs::directory_iterator(), [](const fs::directory_entry& entry) {
        const std::string ending = entry.path().extension().string();
        return entry.is_regular_file() && (ending == ".npy" || ending == ".json" || ending == ".tmp");
    });
}

void write_files(const fs::path& folder, const SliceSpec& spec, const SliceValues& values)
{
    std::vector<double> plane = spec.plane.origin;
    for (const std::vector<double>& direction : spec.plane.directions) {
        plane.insert(plane.end(), direction.begin(), direction.end());
    }
    Json files(Json::Object{});
    const auto write = [&](const std::string& name, std::span<const double> numbers, std::size_t rows,
                           std::size_t columns) {
        write_npy(folder / name, numbers, rows, columns);
        files.set(name, sha256(content_of(folder / name)));
    };
    write("plane.npy", plane, 1 + spec.plane.directions.size(), spec.plane.dim());
    if (!spec.buffers.empty()) {
        write("buffers.npy", std::vector<double>(spec.buffers.begin(), spec.buffers.end()), 1, spec.buffers.size());
    }
    for (std::size_t k = 0; k < values.keys.size(); ++k) {
        write(values.keys[k] + ".npy", values.arrays[k], values.rows, values.columns);
    }
    Json json = described(spec, values);
    json.set("files", std::move(files));
    replace_file(folder / kDescription, format_json(json) + "\n", false);
}

}  // namespace

void save_slice(const fs::path& folder, const SliceSpec& spec, const SliceValues& values)
{
    const fs::path writing = beside(folder, ".writing");
    const fs::path old = beside(folder, ".old");
    for (const fs::path& place : {folder, writing, old}) {
        if (fs::exists(place) && !(fs::is_directory(place) && is_remainder(place))) {
            throw std::invalid_argument(place.string() + ": is there and is no slice; choose another name");
        }
    }
    try {
        fs::remove_all(writing);
        fs::create_directories(writing);
        write_files(writing, spec, values);
        if (fs::exists(folder)) {
            fs::remove_all(old);
            fs::rename(folder, old);
        }
        fs::rename(writing, folder);
        fs::remove_all(old);
    } catch (const fs::filesystem_error& error) {
        throw std::runtime_error(folder.string() + ": cannot be written: " + error.code().message());
    }
}

SavedSlice load_slice(const fs::path& folder, const std::string& hash)
{
    // Between save_slice's two renames the old one stands beside.
    const fs::path old = beside(folder, ".old");
    const fs::path at = !fs::exists(folder) && fs::exists(old / kDescription) ? old : folder;
    const std::string file = (at / kDescription).string();
    const Json json = parse_json(content_of(at / kDescription), file);
    const Reader reader(json, {file, {}});
    if (const std::uint64_t version = reader.whole("version"); version != kVersion) {
        reader.place().at("version").fail("is " + std::to_string(version) + ", and this program reads version 1");
    }
    const std::string stored = reader.text("slice_sha256");
    if (!hash.empty() && stored != hash) {
        throw std::invalid_argument(
            at.string() + ": is a slice of another spec (its hash differs); slice anew, or open what it is of");
    }
    SavedSlice saved;
    saved.spec = spec_of(reader);
    const Folder files(at, reader);
    read_plane(files, saved.spec);
    try {
        check_slice(saved.spec);
    } catch (const std::invalid_argument& error) {
        throw std::invalid_argument(file + ": " + error.what());
    }
    if (slice_hash(saved.spec) != stored) {
        reader.place().at("slice_sha256").fail("is not of what stands beside it; the slice is damaged");
    }
    saved.values = read_values(files, reader, saved.spec);
    return saved;
}

}  // namespace basin
