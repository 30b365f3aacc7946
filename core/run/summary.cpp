#include "core/run/summary.h"

#include <fstream>

#include "core/run/json.h"
#include "core/run/run_board.h"
#include "core/run/run_setup.h"

namespace basin {
namespace {

Json member_object(std::vector<JsonMember> members)
{
    return Json::Object(std::move(members));
}

Json lane_json(std::size_t index, const LaneStatus& lane, const std::string& optimizer)
{
    Json::Object metrics;
    for (const auto& [key, value] : lane.metrics) {
        metrics.push_back({key, value});
    }
    Json object = member_object({{"index", std::uint64_t{index}},
                                 {"label", lane.label},
                                 {"optimizer", optimizer},
                                 {"state", lane_state_name(lane.state)},
                                 {"steps", lane.step},
                                 {"gradients", lane.counts.gradients},
                                 {"losses", lane.counts.losses},
                                 {"products", lane.counts.products},
                                 {"examples", lane.counts.examples},
                                 {"escaped", lane.escaped},
                                 {"loss", lane.loss},
                                 {"metrics", std::move(metrics)}});
    if (!lane.message.empty()) {
        object.set("message", lane.message);
    }
    return object;
}

std::string cpu_model()
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name")) {
            const std::size_t begin = line.find_first_not_of(" \t:", line.find(':'));
            return begin == std::string::npos ? "" : line.substr(begin);
        }
    }
    return "unknown";
}

/// Of the NVIDIA driver, as the kernel's module says it: "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.95 ...".
std::string driver_version()
{
    std::ifstream file("/proc/driver/nvidia/version");
    for (std::string word; file >> word;) {
        if (word.find('.') != std::string::npos && word.find_first_not_of("0123456789.") == std::string::npos) {
            return word;
        }
    }
    return "unknown";
}

}  // namespace

const char* run_state_name(RunState state)
{
    switch (state) {
        case RunState::idle:
            return "idle";
        case RunState::running:
            return "running";
        case RunState::paused:
            return "paused";
        case RunState::finished:
            return "finished";
        case RunState::stopped:
            return "stopped";
        case RunState::failed:
            return "failed";
    }
    return "";
}

const char* lane_state_name(LaneState state)
{
    switch (state) {
        case LaneState::running:
            return "running";
        case LaneState::finished:
            return "finished";
        case LaneState::failed:
            return "failed";
    }
    return "";
}

RunSummary summarize(const RunSetup& run, const RunBoard& board, RunState state, const std::string& message)
{
    RunSummary summary;
    summary.name = run.spec.name;
    summary.spec_hash = run.spec_hash;
    summary.state = state;
    summary.message = message;
    summary.total_steps = run.plan.total;
    for (const LaneSpec& lane : run.spec.lanes) {
        summary.optimizers.push_back(lane.optimizer);
    }
    summary.data_files = run.data_files;
    summary.device = device_key(run.device.device);
    summary.card = run.device.card();
    if (!summary.card.empty()) {
        summary.driver = driver_version();
    }
    summary.backend = run.backend->name();
    summary.threads = run.backend->threads();
    const std::lock_guard lock(board.mutex);
    summary.lanes = board.lanes;
    summary.seconds = board.seconds;
    return summary;
}

std::string format_summary(const RunSummary& summary)
{
    Json::Array lanes;
    Json::Array lane_timing;
    for (std::size_t i = 0; i < summary.lanes.size(); ++i) {
        const LaneStatus& lane = summary.lanes[i];
        lanes.push_back(lane_json(i, lane, summary.optimizers[i]));
        lane_timing.push_back(
            member_object({{"seconds", lane.seconds}, {"optimizer_seconds", lane.optimizer_seconds}}));
    }
    Json::Array data;
    for (const auto& [file, hash] : summary.data_files) {
        data.push_back(member_object({{"file", file}, {"sha256", hash}}));
    }
    Json object = member_object({{"version", 1},
                                 {"program", "basin " BASIN_VERSION},
                                 {"name", summary.name},
                                 {"spec_sha256", summary.spec_hash},
                                 {"state", run_state_name(summary.state)}});
    if (!summary.message.empty()) {
        object.set("message", summary.message);
    }
    object.set("total_steps", summary.total_steps == 0 ? Json(nullptr) : Json(summary.total_steps));
    object.set("lanes", std::move(lanes));
    object.set("data", std::move(data));
    Json machine = member_object(
        {{"cpu", cpu_model()}, {"device", summary.device}, {"backend", summary.backend}, {"threads", summary.threads}});
    if (!summary.card.empty()) {
        machine.set("card", summary.card);
        machine.set("driver", summary.driver);
    }
    object.set("machine", std::move(machine));
    object.set("timing", member_object({{"seconds", summary.seconds}, {"lanes", std::move(lane_timing)}}));
    return format_json(object);
}

}  // namespace basin
