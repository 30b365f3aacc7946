#include "core/run/probe_worker.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include "core/compute/thread_priority.h"

namespace basin {
namespace {

/// While lanes have all cores this thread gets a fifth to a sixth of one: give_way_to_team.
constexpr double kBesideTeam = 5;

}  // namespace

ProbeWorker::ProbeWorker(Parts parts, std::function<void()> wake)
    : parts_(std::move(parts)), wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { work(stop); })
{
}

ProbeWorker::~ProbeWorker()
{
    cancel();
}

bool ProbeWorker::has_room(std::size_t lane) const
{
    const std::lock_guard lock(mutex_);
    std::size_t states = 0;
    const ProbeInput* last = nullptr;
    for (std::size_t i = done_.size() + (measuring_ ? 1 : 0); i < jobs_.size(); ++i) {
        const ProbeJob& job = jobs_[i];
        if (job.lane == lane && job.input.get() != last) {
            last = job.input.get();
            ++states;
        }
    }
    return states < kQueue;
}

void ProbeWorker::post(ProbeJob job)
{
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    posted_.notify_one();
}

void ProbeWorker::post_live(ProbeJob job)
{
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(live_jobs_, [&](const ProbeJob& other) {
            return other.lane == job.lane && other.key == job.key && other.live_params == job.live_params;
        });
        live_jobs_.push_back(std::move(job));
    }
    posted_.notify_one();
}

std::vector<ProbeReport> ProbeWorker::take_done()
{
    const std::lock_guard lock(mutex_);
    std::vector<ProbeReport> reports(std::make_move_iterator(done_.begin()), std::make_move_iterator(done_.end()));
    jobs_.erase(jobs_.begin(), jobs_.begin() + static_cast<std::ptrdiff_t>(done_.size()));
    done_.clear();
    std::move(live_done_.begin(), live_done_.end(), std::back_inserter(reports));
    live_done_.clear();
    return reports;
}

std::vector<ProbeJob> ProbeWorker::pending() const
{
    const std::lock_guard lock(mutex_);
    return {jobs_.begin(), jobs_.end()};
}

bool ProbeWorker::idle() const
{
    const std::lock_guard lock(mutex_);
    return jobs_.empty();
}

void ProbeWorker::cancel()
{
    const std::lock_guard lock(mutex_);
    jobs_.clear();
    done_.clear();
    live_jobs_.clear();
    measuring_ = false;
    ++generation_;
    in_hand_.request_stop();
}

void ProbeWorker::cancel_live(std::string_view key)
{
    const std::lock_guard lock(mutex_);
    std::erase_if(live_jobs_, [key](const ProbeJob& job) { return job.key == key; });
    if (activity_.measuring && activity_.live && activity_.key == key) {
        ++generation_;
        in_hand_.request_stop();
    }
}

ProbeActivity ProbeWorker::activity() const
{
    const std::lock_guard lock(mutex_);
    ProbeActivity activity = activity_;
    if (activity.measuring) {
        activity.seconds = std::chrono::duration<double>(Clock::now() - activity_began_).count();
        const std::size_t begun = done_.size() + (measuring_ ? 1 : 0);
        activity.waiting = live_jobs_.size() + jobs_.size() - std::min(begun, jobs_.size());
    }
    return activity;
}

void ProbeWorker::begin_activity(const ProbeJob& job, bool live)
{
    activity_ = {};
    activity_.measuring = true;
    activity_.lane = job.lane;
    activity_.key = job.key;
    activity_.step = job.input->step;
    activity_.live = live;
    activity_began_ = Clock::now();
}

void ProbeWorker::show_cost(const ProbeCost& cost)
{
    const std::lock_guard lock(mutex_);
    activity_.cost = cost;
    activity_.seconds_needed = expected_seconds(activity_.key, cost);
}

/// Called with the mutex held. The last measurement of this probe tells best, before there is one the work tells.
std::optional<double> ProbeWorker::expected_seconds(const std::string& key, const ProbeCost& cost) const
{
    const auto known = seconds_of_work_.find(key);
    if (known != seconds_of_work_.end()) {
        return known->second * static_cast<double>(cost.products + cost.evaluations);
    }
    if (!parts_.example_seconds || !(cost.example_gradients > 0)) {
        return {};
    }
    const double alone = cost.example_gradients * *parts_.example_seconds;
    return lanes_run_ && team_fills_machine(parts_.team) ? kBesideTeam * alone : alone;
}

MeasurementEstimate ProbeWorker::estimate(std::string_view key, const Params& params, const ProbeInput& input) const
{
    const auto probe = parts_.find(key).make(params, *parts_.objective);
    MeasurementEstimate estimate{probe->cost(input), {}};
    const std::lock_guard lock(mutex_);
    estimate.seconds = expected_seconds(std::string(key), estimate.cost);
    return estimate;
}

void ProbeWorker::show_progress(double share)
{
    const std::lock_guard lock(mutex_);
    activity_.share = share;
    if (share > 0) {
        activity_.seconds_needed = std::chrono::duration<double>(Clock::now() - activity_began_).count() / share;
    }
}

/// Called with the mutex held.
void ProbeWorker::end_activity(bool whole)
{
    const auto work = static_cast<double>(activity_.cost.products + activity_.cost.evaluations);
    if (whole && work > 0) {
        seconds_of_work_[activity_.key] = std::chrono::duration<double>(Clock::now() - activity_began_).count() / work;
    }
    activity_ = {};
}

void ProbeWorker::work(const std::stop_token& stop)
{
    give_way_to_team(parts_.team);
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return !live_jobs_.empty() || jobs_.size() > done_.size(); };
    while (posted_.wait(lock, stop, ready)) {
        const bool live = !live_jobs_.empty();
        const ProbeJob job = live ? live_jobs_.front() : jobs_[done_.size()];
        if (live) {
            live_jobs_.pop_front();
        }
        measuring_ = !live;
        const std::uint64_t generation = generation_;
        in_hand_ = std::stop_source();
        const std::stop_token in_hand = in_hand_.get_token();
        begin_activity(job, live);
        lock.unlock();
        ProbeReport report = measure(job, live, in_hand);
        lock.lock();
        end_activity(generation == generation_ && report.error.empty());
        if (generation != generation_) {
            continue;
        }
        measuring_ = false;
        if (live) {
            live_done_.push_back(std::move(report));
        } else {
            done_.push_back(std::move(report));
        }
        lock.unlock();
        wake_();
        lock.lock();
    }
}

ProbeReport ProbeWorker::measure(const ProbeJob& job, bool live, const std::stop_token& stop)
{
    ProbeReport report;
    report.lane = job.lane;
    report.probe = job.probe;
    report.key = job.key;
    report.step = job.input->step;
    report.live = live;
    try {
        Probe& probe = job.probe < parts_.probes.size() ? *parts_.probes[job.probe] : live_probe(job);
        show_cost(probe.cost(*job.input));
        report.result = probe.measure(*job.input, stop, [this](double share) { show_progress(share); });
    } catch (const std::exception& error) {
        report.result = {};
        report.error = error.what();
        report.error.resize(std::min(report.error.find('\n'), report.error.size()));  // a library says where it was
    }
    return report;
}

Probe& ProbeWorker::live_probe(const ProbeJob& job)
{
    const auto known = std::find_if(live_probes_.begin(), live_probes_.end(), [&](const Live& live) {
        return live.key == job.key && live.params == job.live_params;
    });
    if (known != live_probes_.end()) {
        return *known->probe;
    }
    std::unique_ptr<Probe> probe = parts_.find(job.key).make(job.live_params, *parts_.objective);
    return *live_probes_.emplace_back(Live{job.key, job.live_params, std::move(probe)}).probe;
}

}  // namespace basin
