#include "core/run/command_box.h"

#include <utility>

namespace basin {

bool CommandBox::ended(RunState state)
{
    return state == RunState::finished || state == RunState::stopped || state == RunState::failed;
}

template <class Edit>
void CommandBox::post(Edit edit)
{
    {
        const std::lock_guard lock(mutex_);
        if (!edit()) {
            return;
        }
        fresh_ = true;
    }
    wake_.notify_one();
    changed_.notify_all();
}

bool CommandBox::begin(bool paused)
{
    const std::lock_guard lock(mutex_);
    if (state_ != RunState::idle) {
        return false;
    }
    commands_.mode = paused ? Commands::Mode::pause : Commands::Mode::run;
    fresh_ = true;
    state_ = paused ? RunState::paused : RunState::running;
    return true;
}

void CommandBox::run()
{
    post([this] {
        if (state_ != RunState::running && state_ != RunState::paused) {
            return false;
        }
        commands_.mode = Commands::Mode::run;
        commands_.single_steps = 0;
        state_ = RunState::running;
        return true;
    });
}

void CommandBox::pause()
{
    post([this] {
        if (state_ != RunState::running) {
            return false;
        }
        commands_.mode = Commands::Mode::pause;
        return true;
    });
}

void CommandBox::single_step()
{
    post([this] {
        if (state_ != RunState::running && state_ != RunState::paused) {
            return false;
        }
        commands_.mode = Commands::Mode::pause;
        ++commands_.single_steps;
        state_ = RunState::running;  // until the step is done
        return true;
    });
}

void CommandBox::stop()
{
    stopping_.request_stop();
    post([this] {
        if (state_ == RunState::idle) {
            state_ = RunState::stopped;
            return true;
        }
        commands_.stop = true;
        return !ended(state_);
    });
}

void CommandBox::pace(double steps_per_second)
{
    post([this, steps_per_second] {
        commands_.pace = steps_per_second;
        return !ended(state_);
    });
}

void CommandBox::change(Commands::Change change)
{
    post([this, &change] {
        if (ended(state_)) {
            return false;
        }
        commands_.changes.push_back(std::move(change));
        return true;
    });
}

void CommandBox::measure(Commands::Measure measure)
{
    post([this, &measure] {
        std::erase_if(commands_.measures, [&](const Commands::Measure& other) {
            return other.probe == measure.probe && other.params == measure.params;
        });
        commands_.measures.push_back(std::move(measure));
        return true;
    });
}

void CommandBox::quit()
{
    stopping_.request_stop();
    post([this] {
        commands_.stop = true;
        commands_.quit = true;
        return true;
    });
}

RunState CommandBox::state() const
{
    const std::lock_guard lock(mutex_);
    return state_;
}

std::string CommandBox::message() const
{
    const std::lock_guard lock(mutex_);
    return message_;
}

RunState CommandBox::wait(std::optional<std::chrono::milliseconds> limit) const
{
    std::unique_lock lock(mutex_);
    const auto over = [this] { return state_ == RunState::idle || ended(state_); };
    if (limit) {
        changed_.wait_for(lock, *limit, over);
    } else {
        changed_.wait(lock, over);
    }
    return state_;
}

Commands CommandBox::take()
{
    const std::lock_guard lock(mutex_);
    fresh_ = false;
    poked_ = false;
    return std::exchange(commands_, {});
}

void CommandBox::sleep()
{
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return fresh_ || poked_; });
}

void CommandBox::sleep_until(Clock::time_point until)
{
    std::unique_lock lock(mutex_);
    wake_.wait_until(lock, until, [this] { return fresh_ || poked_; });
}

void CommandBox::settle_paused()
{
    {
        const std::lock_guard lock(mutex_);
        if (fresh_ || state_ == RunState::paused) {
            return;
        }
        state_ = RunState::paused;
    }
    changed_.notify_all();
}

void CommandBox::end(RunState state, std::string message)
{
    {
        const std::lock_guard lock(mutex_);
        state_ = state;
        message_ = std::move(message);
        // What the worker never saw has no one left to act on it, except questions and the destructor.
        commands_.mode = Commands::Mode::keep;
        commands_.single_steps = 0;
        commands_.changes.clear();
    }
    changed_.notify_all();
}

void CommandBox::poke()
{
    {
        const std::lock_guard lock(mutex_);
        poked_ = true;
    }
    wake_.notify_one();
}

}  // namespace basin
