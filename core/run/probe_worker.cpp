#include "core/run/probe_worker.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace basin {

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

void ProbeWorker::work(const std::stop_token& stop)
{
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
        lock.unlock();
        ProbeReport report = measure(job, live, in_hand);
        lock.lock();
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
        report.result = probe.measure(*job.input, stop, [](double) {});
    } catch (const std::exception& error) {
        report.result = {};
        report.error = error.what();
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
