#include "app/run_watch.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/run/json.h"

namespace basin {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void print_line(const Json& json)
{
    std::puts(format_json_line(json).c_str());
    std::fflush(stdout);
}

std::string clock_text(double seconds)
{
    const auto whole = std::llround(seconds);
    const auto two = [](long long n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return (whole >= 3600 ? std::to_string(whole / 3600) + ":" + two(whole / 60 % 60) : std::to_string(whole / 60)) +
           ":" + two(whole % 60);
}

/// Steps that all lanes together have made, counting what a failed lane will never make.
double done_share(const Runner& runner)
{
    double done = 0;
    for (std::size_t i = 0; i < runner.lane_count(); ++i) {
        const LaneStatus lane = runner.lane_status(i);
        done +=
            lane.state == LaneState::running
                ? static_cast<double>(lane.step) / static_cast<double>(std::max<std::uint64_t>(1, runner.total_steps()))
                : 1;
    }
    return done / static_cast<double>(runner.lane_count());
}

/// One line on the terminal, drawn again and again.
class Bar {
public:
    explicit Bar(const Runner& runner) : first_share_(done_share(runner)) {}

    void draw(const Runner& runner)
    {
        std::uint64_t step = 0;
        std::string losses;
        for (std::size_t i = 0; i < runner.lane_count(); ++i) {
            const LaneStatus lane = runner.lane_status(i);
            step = std::max(step, lane.step);
            std::array<char, 32> loss{};
            std::snprintf(loss.data(), loss.size(), " %.4g", lane.loss);
            losses += "  " + lane.label;
            if (noticeable_phase(lane) == LanePhase::evaluating) {
                losses += " evaluating " + std::to_string(static_cast<int>(100 * lane.evaluated)) + " %";
            } else {
                losses += lane.state == LaneState::failed ? " failed" : loss.data();
            }
        }
        std::string line;
        if (runner.total_steps() == 0) {
            line = "step " + std::to_string(step);
        } else {
            constexpr std::size_t kCells = 24;
            const double share = done_share(runner);
            const auto full = static_cast<std::size_t>(share * kCells);
            line = "[" + std::string(full, '#') + std::string(kCells - full, '-') + "] " +
                   std::to_string(static_cast<int>(100 * share)) + " %  step " + std::to_string(step) + " of " +
                   std::to_string(runner.total_steps());
            if (share > first_share_) {
                const double left = seconds_since(start_) * (1 - share) / (share - first_share_);
                line += "  " + clock_text(left) + " left";
            }
        }
        line += losses;
        winsize size{};
        const std::size_t columns =
            ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : 79U;
        std::fprintf(stderr, "\r\033[K%s", line.substr(0, columns).c_str());
        std::fflush(stderr);
    }

    void clear() const { std::fputs("\r\033[K", stderr); }

private:
    Clock::time_point start_ = Clock::now();
    double first_share_;
};

Json lane_head(const char* event, const Runner& runner, std::size_t lane, std::uint64_t step)
{
    return Json(Json::Object{
        {"event", event}, {"lane", std::uint64_t{lane}}, {"label", runner.spec().lanes[lane].label}, {"step", step}});
}

void print_metrics(Runner& runner, std::size_t lane, const std::vector<std::string>& keys)
{
    for (const MetricsRow& row : runner.take_metrics(lane)) {
        Json json = lane_head("metrics", runner, lane, row.step);
        for (std::size_t i = 0; i < keys.size() && i < row.values.size(); ++i) {
            json.set(keys[i], row.values[i]);
        }
        print_line(json);
    }
}

void print_reports(Runner& runner)
{
    for (const ProbeReport& report : runner.take_reports()) {
        Json json = lane_head("probe", runner, report.lane, report.step);
        json.set("probe", report.key);
        Json values{Json::Object()};
        for (const ProbeValue& value : report.result.values) {
            values.set(value.key, value.value);
        }
        json.set("values", std::move(values));
        if (!report.result.note.empty()) {
            json.set("note", report.result.note);
        }
        if (!report.error.empty()) {
            json.set("error", report.error);
        }
        print_line(json);
    }
}

void print_progress(const Runner& runner)
{
    Json::Array lanes;
    for (std::size_t i = 0; i < runner.lane_count(); ++i) {
        const LaneStatus lane = runner.lane_status(i);
        Json json =
            Json::Object{{"label", lane.label}, {"step", lane.step},       {"gradients", lane.counts.gradients},
                         {"loss", lane.loss},   {"escaped", lane.escaped}, {"phase", lane_phase_name(lane.phase)}};
        if (lane.phase == LanePhase::evaluating) {
            json.set("evaluated", lane.evaluated);
        }
        lanes.push_back(std::move(json));
    }
    print_line(Json(Json::Object{{"event", "progress"}, {"lanes", std::move(lanes)}}));
}

void print_start(const Runner& runner)
{
    Json::Array labels;
    for (const LaneSpec& lane : runner.spec().lanes) {
        labels.emplace_back(lane.label);
    }
    print_line(Json(Json::Object{{"event", "start"},
                                 {"name", runner.spec().name},
                                 {"lanes", std::move(labels)},
                                 {"total_steps", runner.total_steps()},
                                 {"backend", runner.backend_name()}}));
}

void print_summary(const Runner& runner)
{
    const Json summary = parse_json(runner.summary(), "summary");
    Json json(Json::Object{{"event", "summary"}});
    for (const JsonMember& member : *summary.object()) {
        json.set(member.key, member.value);
    }
    print_line(json);
}

void print_table(const Runner& runner)
{
    for (std::size_t i = 0; i < runner.lane_count(); ++i) {
        const LaneStatus lane = runner.lane_status(i);
        std::fprintf(stderr, "%-16s %12llu steps  loss %-11.5g", lane.label.c_str(),
                     static_cast<unsigned long long>(lane.step), lane.loss);
        if (lane.escaped > 0) {
            std::fprintf(stderr, "  %llu escaped", static_cast<unsigned long long>(lane.escaped));
        }
        for (const auto& [key, value] : lane.metrics) {
            std::fprintf(stderr, "  %s %.4g", key.c_str(), value);
        }
        std::fprintf(stderr, "  %.2f s\n", lane.seconds);
    }
}

bool ended(RunState state)
{
    return state == RunState::finished || state == RunState::stopped || state == RunState::failed;
}

int exit_status(const Runner& runner, bool interrupted)
{
    bool lane_failed = false;
    for (std::size_t i = 0; i < runner.lane_count(); ++i) {
        const LaneStatus lane = runner.lane_status(i);
        if (lane.state == LaneState::failed) {
            lane_failed = true;
            std::fprintf(stderr, "basin-run: %s\n", lane.message.c_str());
        }
    }
    if (!lane_failed && runner.state() == RunState::failed) {
        std::fprintf(stderr, "basin-run: %s\n", runner.message().c_str());
        return 2;  // what it was given did not do: a disk that is full, a file that may not grow
    }
    if (interrupted && runner.state() == RunState::stopped) {
        return 130;
    }
    return lane_failed ? 3 : 0;
}

}  // namespace

int watch_run(Runner& runner, const RunArguments& arguments, const volatile std::sig_atomic_t& interrupted)
{
    const bool terminal = !arguments.json && !arguments.quiet && ::isatty(STDERR_FILENO) == 1;
    const std::vector<std::string> metric_keys = runner.objective().metric_keys();
    if (arguments.json) {
        print_start(runner);
    }
    Bar bar(runner);
    auto printed = Clock::now();
    bool stopping = false;
    runner.start();
    for (RunState state = RunState::running; !ended(state);) {
        // Ten pictures a second for an eye; an interruption is noticed as fast.
        state = runner.wait_for(std::chrono::milliseconds(100));
        if (interrupted != 0 && !stopping) {
            stopping = true;
            runner.stop();
        }
        if (terminal) {
            bar.draw(runner);
        }
        if (arguments.json) {
            for (std::size_t i = 0; i < runner.lane_count(); ++i) {
                print_metrics(runner, i, metric_keys);
            }
            print_reports(runner);
            if (seconds_since(printed) >= 1 && !ended(state)) {
                print_progress(runner);
                printed = Clock::now();
            }
        }
    }
    if (terminal) {
        bar.clear();
    }
    if (!arguments.json && !arguments.quiet) {
        print_table(runner);
    }
    const int status = exit_status(runner, stopping);
    if (status == 130 && !arguments.quiet) {
        const std::filesystem::path folder = arguments.resume.empty() ? arguments.out : arguments.resume;
        std::fprintf(stderr, "basin-run: interrupted; %s\n",
                     folder.empty() ? "nothing was kept, because there was no --out"
                                    : ("go on with: basin-run --resume " + folder.string()).c_str());
    }
    print_summary(runner);
    return status;
}

}  // namespace basin
