#include "core/run/checkpoint.h"

#include <zlib.h>

#include <bit>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

#include "core/run/append_file.h"

namespace basin {
namespace {

using nlohmann::json;

// magic, header length (8 bytes, little-endian), header (JSON, padded with spaces), float32 data, CRC-32 of all before.
constexpr std::string_view kMagic = "basin-checkpoint";
constexpr std::size_t kPreamble = kMagic.size() + 8;
constexpr std::size_t kAlign = 64;
static_assert(std::endian::native == std::endian::little, "numbers are copied into the file as they lie in memory");

std::uint32_t checksum(std::span<const char> bytes)
{
    uLong sum = crc32(0, nullptr, 0);
    while (!bytes.empty()) {  // zlib counts with 32 bits
        const std::size_t piece = std::min<std::size_t>(bytes.size(), 1U << 30U);
        sum = crc32(sum, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(piece));
        bytes = bytes.subspan(piece);
    }
    return static_cast<std::uint32_t>(sum);
}

// NaN and infinities are not JSON: numbers that may be so travel as their 64 bits.
json bits(double value)
{
    return std::bit_cast<std::uint64_t>(value);
}

double number(const json& value)
{
    return std::bit_cast<double>(value.get<std::uint64_t>());
}

/// Collects the arrays behind the header, or hands them out again.
class Data {
public:
    json add(const std::vector<float>& values)
    {
        parts_.push_back(&values);
        json place = {{"offset", size_}, {"count", values.size()}};
        size_ += values.size() * sizeof(float);
        return place;
    }
    void append_to(std::string& content) const
    {
        for (const std::vector<float>* part : parts_) {
            content.append(reinterpret_cast<const char*>(part->data()), part->size() * sizeof(float));
        }
    }
    std::size_t size() const { return size_; }

    static std::vector<float> take(const json& place, std::span<const char> data)
    {
        const auto offset = place.at("offset").get<std::uint64_t>();
        const auto count = place.at("count").get<std::uint64_t>();
        if (offset > data.size() || count > (data.size() - offset) / sizeof(float)) {
            throw std::out_of_range("an array reaches past the end");
        }
        std::vector<float> values(count);
        if (count != 0) {
            std::memcpy(values.data(), data.data() + offset, count * sizeof(float));
        }
        return values;
    }

private:
    std::vector<const std::vector<float>*> parts_;
    std::size_t size_ = 0;
};

json lane_json(const LaneCheckpoint& lane, Data& data)
{
    json metrics = json::array();
    for (const auto& [key, value] : lane.metrics) {
        metrics.push_back({key, bits(value)});
    }
    json arrays = json::array();
    for (const auto& [name, values] : lane.arrays) {
        json place = data.add(values);
        place["name"] = name;
        arrays.push_back(std::move(place));
    }
    return {{"step", lane.step},
            {"gradients", lane.counts.gradients},
            {"losses", lane.counts.losses},
            {"products", lane.counts.products},
            {"examples", lane.counts.examples},
            {"loss_bits", bits(lane.loss)},
            {"seconds_bits", bits(lane.seconds)},
            {"optimizer_seconds_bits", bits(lane.optimizer_seconds)},
            {"failed", lane.failed},
            {"owes_metrics", lane.owes_metrics},
            {"message", lane.message},
            {"metrics_bits", std::move(metrics)},
            {"arrays", std::move(arrays)}};
}

LaneCheckpoint lane_from(const json& text, std::span<const char> data)
{
    LaneCheckpoint lane;
    lane.step = text.at("step");
    lane.counts = {text.at("losses"), text.at("gradients"), text.at("products"), text.at("examples")};
    lane.loss = number(text.at("loss_bits"));
    lane.seconds = number(text.at("seconds_bits"));
    lane.optimizer_seconds = number(text.at("optimizer_seconds_bits"));
    lane.failed = text.at("failed");
    lane.owes_metrics = text.value("owes_metrics", false);  // older ones waited for all
    lane.message = text.at("message");
    for (const json& metric : text.at("metrics_bits")) {
        lane.metrics.emplace_back(metric.at(0).get<std::string>(), number(metric.at(1)));
    }
    for (const json& array : text.at("arrays")) {
        lane.arrays.emplace_back(array.at("name").get<std::string>(), Data::take(array, data));
    }
    return lane;
}

json header_json(const Checkpoint& checkpoint, Data& data)
{
    json lanes = json::array();
    for (const LaneCheckpoint& lane : checkpoint.lanes) {
        lanes.push_back(lane_json(lane, data));
    }
    json inputs = json::array();
    for (const ProbeArrays& input : checkpoint.probe_inputs) {
        json theta = data.add(input.theta);
        json buffers = data.add(input.buffers);
        inputs.push_back({{"theta", std::move(theta)}, {"buffers", std::move(buffers)}});
    }
    json pending = json::array();
    for (const PendingProbe& probe : checkpoint.pending) {
        pending.push_back({{"lane", probe.lane},
                           {"probe", probe.probe},
                           {"step", probe.step},
                           {"beta_bits", bits(probe.measure.beta)},
                           {"sigma_bits", bits(probe.measure.sigma)},
                           {"step_size_bits", bits(probe.step_size)},
                           {"input", probe.input}});
    }
    json changes = json::array();
    for (const AppliedChange& change : checkpoint.changes) {
        changes.push_back({{"step", change.step}, {"lane", change.lane}, {"key", change.key}, {"value", change.value}});
    }
    return {{"version", Checkpoint::kVersion},
            {"spec_sha256", checkpoint.spec_hash},
            {"program", checkpoint.program},
            {"threads", checkpoint.threads},
            {"device", checkpoint.device},
            {"card", checkpoint.card},
            {"seconds_bits", bits(checkpoint.seconds)},
            {"lanes", std::move(lanes)},
            {"probe_inputs", std::move(inputs)},
            {"pending_probes", std::move(pending)},
            {"changes", std::move(changes)},
            {"file_sizes", checkpoint.file_sizes}};
}

Checkpoint from_header(const json& header, std::span<const char> data)
{
    Checkpoint checkpoint;
    checkpoint.spec_hash = header.at("spec_sha256");
    checkpoint.program = header.at("program");
    checkpoint.threads = header.at("threads");
    checkpoint.device = header.value("device", "cpu");  // older ones know no other
    checkpoint.card = header.value("card", "");
    checkpoint.seconds = number(header.at("seconds_bits"));
    for (const json& lane : header.at("lanes")) {
        checkpoint.lanes.push_back(lane_from(lane, data));
    }
    for (const json& input : header.at("probe_inputs")) {
        checkpoint.probe_inputs.push_back({Data::take(input.at("theta"), data), Data::take(input.at("buffers"), data)});
    }
    for (const json& probe : header.at("pending_probes")) {
        checkpoint.pending.push_back({probe.at("lane"),
                                      probe.at("probe"),
                                      probe.at("step"),
                                      {number(probe.at("beta_bits")), number(probe.at("sigma_bits"))},
                                      probe.contains("step_size_bits") ? number(probe["step_size_bits"]) : 0,
                                      probe.at("input")});
        if (checkpoint.pending.back().input >= checkpoint.probe_inputs.size()) {
            throw std::out_of_range("a pending probe has no input");
        }
    }
    for (const json& change : header.at("changes")) {
        checkpoint.changes.push_back({change.at("step"), change.at("lane"), change.at("key"), change.at("value")});
    }
    checkpoint.file_sizes = header.at("file_sizes").get<std::map<std::string, std::uint64_t>>();
    return checkpoint;
}

std::string read_whole(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        throw std::invalid_argument(file.string() + ": cannot be opened; the run has no readable checkpoint");
    }
    std::string content(std::istreambuf_iterator<char>(stream), {});
    return content;
}

}  // namespace

std::filesystem::path checkpoint_file(const std::filesystem::path& folder)
{
    return folder / "checkpoint" / "state.bin";
}

void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint)
{
    Data data;
    std::string header = header_json(checkpoint, data).dump();
    const std::size_t start = (kPreamble + header.size() + kAlign - 1) / kAlign * kAlign;
    header.resize(start - kPreamble, ' ');
    std::string content(kMagic);
    content.reserve(start + data.size() + sizeof(std::uint32_t));
    const std::uint64_t length = header.size();
    content.append(reinterpret_cast<const char*>(&length), sizeof length);
    content += header;
    data.append_to(content);
    const std::uint32_t sum = checksum(content);
    content.append(reinterpret_cast<const char*>(&sum), sizeof sum);
    replace_file(checkpoint_file(folder), content, true);
}

Checkpoint read_checkpoint(const std::filesystem::path& folder)
{
    const std::filesystem::path file = checkpoint_file(folder);
    const std::string content = read_whole(file);
    const auto refuse = [&](const std::string& why) -> std::invalid_argument {
        return std::invalid_argument(file.string() + ": " + why);
    };
    if (content.size() < kPreamble + sizeof(std::uint32_t) || content.compare(0, kMagic.size(), kMagic) != 0) {
        throw refuse("is not a checkpoint of Basin");
    }
    const std::span<const char> body(content.data(), content.size() - sizeof(std::uint32_t));
    std::uint32_t stored = 0;
    std::memcpy(&stored, content.data() + body.size(), sizeof stored);
    if (checksum(body) != stored) {
        throw refuse("is damaged: its checksum does not fit its content");
    }
    std::uint64_t length = 0;
    std::memcpy(&length, content.data() + kMagic.size(), sizeof length);
    if (length > body.size() - kPreamble) {
        throw refuse("is damaged: its header reaches past its end");
    }
    try {
        const json header =
            json::parse(content.begin() + kPreamble, content.begin() + static_cast<std::ptrdiff_t>(kPreamble + length));
        if (const int version = header.at("version"); version != Checkpoint::kVersion) {
            throw refuse("has version " + std::to_string(version) + "; this program (" + BASIN_VERSION +
                         ") reads version " + std::to_string(Checkpoint::kVersion));
        }
        return from_header(header, body.subspan(kPreamble + length));
    } catch (const json::exception& error) {
        throw refuse(std::string("is damaged: ") + error.what());
    } catch (const std::out_of_range& error) {
        throw refuse(std::string("is damaged: ") + error.what());
    }
}

}  // namespace basin
