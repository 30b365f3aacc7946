// How the owner's thread talks to the thread that computes, and learns where it stands.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/run/runner.h"

namespace basin {

/// What the owner asked for since the worker last looked, in one piece.
struct Commands {
    enum class Mode : std::uint8_t { keep, run, pause };
    Mode mode = Mode::keep;
    std::uint64_t single_steps = 0;  // to do before the pause
    bool stop = false;
    bool quit = false;
    std::optional<double> pace;
    struct Change {
        std::size_t lane = 0;
        std::string key;
        ParamValue value;
    };
    std::vector<Change> changes;
    struct Measure {
        std::string probe;
        Params params;
    };
    std::vector<Measure> measures;
};

/// Commands one way, the state the other, under one small mutex: an answer to an older command can never hide that a
/// newer one is on its way. Nothing is computed while the mutex is held, so neither side waits on the other.
class CommandBox {
public:
    using Clock = std::chrono::steady_clock;

    // Owner's side. Each returns at once; after the end of the run they do nothing.

    /// idle -> running or paused; false when it was not idle (any more).
    bool begin(bool paused);
    void run();
    void pause();
    void single_step();
    void stop();
    void pace(double steps_per_second);
    void change(Commands::Change change);
    /// Also after the end: the newest state stays measurable.
    void measure(Commands::Measure measure);
    void quit();
    RunState state() const;
    std::string message() const;
    /// Until finished, stopped or failed, or for `limit`; at once when idle, as nothing would end the wait.
    RunState wait(std::optional<std::chrono::milliseconds> limit) const;

    // Worker's side.

    Commands take();
    /// Asked by stop() and quit(), for work that looks at it between its pieces.
    std::stop_token stopping() const { return stopping_.get_token(); }
    /// Until something is posted or poked, or `until`.
    void sleep();
    void sleep_until(Clock::time_point until);
    /// The run is paused, unless a newer command is waiting.
    void settle_paused();
    void end(RunState state, std::string message);

    /// Any thread: wakes the worker so that it looks around.
    void poke();

private:
    static bool ended(RunState state);
    template <class Edit>
    void post(Edit edit);

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    mutable std::condition_variable changed_;
    Commands commands_;
    bool fresh_ = false;
    bool poked_ = false;
    std::stop_source stopping_;
    RunState state_ = RunState::idle;
    std::string message_;
};

}  // namespace basin
