#include "core/run/slice_worker.h"
#include "core/compute/thread_priority.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "core/run/spec_json.h"

namespace basin {
namespace {

constexpr std::chrono::milliseconds kPublish{33};
constexpr int kPublishShare = 20;  // publishing large slices may take a twentieth of the time

std::unique_ptr<PointValues> offered(std::unique_ptr<PointValues> values)
{
    if (!values) {
        throw std::invalid_argument("values: this objective offers none at points, so it cannot be sliced");
    }
    return values;
}

/// Of what a library says, which may be followed by where it was.
std::string first_line(std::string text)
{
    text.resize(std::min(text.find('\n'), text.size()));
    return text;
}

}  // namespace

SliceWorker::SliceWorker(Parts parts, std::function<void()> wake)
    : parts_(std::move(parts)), wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { work(stop); })
{
}

SliceWorker::~SliceWorker()
{
    {
        const std::lock_guard lock(mutex_);
        next_.reset();
        resumed_ = false;
        cancelled_ = true;
        stop_in_hand_.request_stop();
    }
    thread_.request_stop();
}

std::uint64_t SliceWorker::post(SliceJob job)
{
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        number = ++last_number_;
        Work work;
        work.number = number;
        work.job = std::move(job);
        next_ = std::move(work);
        cancelled_ = resumed_ = false;
        stop_in_hand_.request_stop();
    }
    changed_.notify_one();
    return number;
}

void SliceWorker::cancel()
{
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    resumed_ = false;
    stop_in_hand_.request_stop();
}

void SliceWorker::resume()
{
    {
        const std::lock_guard lock(mutex_);
        resumed_ = cancelled_;
        cancelled_ = false;
    }
    changed_.notify_one();
}

void SliceWorker::work(const std::stop_token& stop)
{
    let_others_go_first();
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return next_ || (resumed_ && in_hand_); })) {
        if (next_) {
            in_hand_ = std::move(next_);
            next_.reset();
        }
        resumed_ = false;
        stop_in_hand_ = std::stop_source();
        if (cancelled_) {  // before it had begun
            stop_in_hand_.request_stop();
        }
        const std::stop_token token = stop_in_hand_.get_token();
        lock.unlock();
        go_on(*in_hand_, token);
        lock.lock();
    }
}

void SliceWorker::go_on(Work& work, const std::stop_token& stop)
{
    SliceReport& report = work.report;
    if (report.stage == SliceStage::finished || report.stage == SliceStage::failed) {
        return;
    }
    began_ = Clock::now();
    const double before = report.seconds;
    try {
        if (work.slice || prepare(work, stop)) {
            evaluate(work, stop);
        }
        report.stage = work.slice && work.slice->complete() ? SliceStage::finished : SliceStage::cancelled;
    } catch (const std::exception& error) {
        report.stage = SliceStage::failed;
        report.message = first_line(error.what());
    }
    report.seconds = before + std::chrono::duration<double>(Clock::now() - began_).count();
    try {
        publish(work);
    } catch (const std::exception& error) {  // no memory for a copy of the values
        SliceReport& back = reports_.back();
        back = {};
        back.job = work.number;
        back.stage = report.stage = SliceStage::failed;
        back.message = error.what();
        reports_.publish();
        if (wake_) {
            wake_();
        }
    }
}

/// Directions and everything else that is made once; false when it was stopped on the way.
bool SliceWorker::prepare(Work& work, const std::stop_token& stop)
{
    SliceReport& report = work.report;
    report.job = work.number;
    report.stage = SliceStage::directions;
    report.progress = 0;
    publish(work);
    Objective& objective = *parts_.objective;
    std::optional<SliceValues> known;
    SliceSpec spec;
    if (work.job.saved) {
        spec = work.job.saved->spec;
        if (!work.job.objective.empty() && spec.objective != work.job.objective) {
            throw std::invalid_argument("slice: is of another objective or seed; open the run that it was made in");
        }
        known = work.job.saved->values;
    } else {
        spec.plane = make_plane(work.job.plane, objective, stop, [&](double progress) {
            report.progress = progress;
            if (due()) {
                publish(work);
            }
        });
        if (spec.plane.directions.empty()) {
            return false;
        }
        spec.objective = work.job.objective;
        spec.axes = work.job.axes.empty() ? suggested_axes(spec.plane, work.job.count) : work.job.axes;
        spec.points = work.job.points;
        spec.smoothing = work.job.smoothing;
        spec.buffers = work.job.plane.buffers;
    }
    if (spec.plane.dim() != objective.dim() || spec.buffers.size() != objective.buffer_layout().size()) {
        throw std::invalid_argument("slice: is of " + std::to_string(spec.plane.dim()) +
                                    " parameters, and this objective has " + std::to_string(objective.dim()));
    }
    Slice slice = known ? Slice(spec, std::move(*known)) : Slice(spec);
    work.evaluate = offered(objective.point_values(spec.buffers, spec.points));
    if (spec.smoothing.sigma > 0) {
        work.smooth = offered(objective.point_values(spec.buffers, Slice::smooth_request(spec)));
    }
    report.spec = std::make_shared<const SliceSpec>(std::move(spec));
    work.slice.emplace(std::move(slice));
    work.job = {};  // its thetas are not needed any more
    return true;
}

void SliceWorker::evaluate(Work& work, const std::stop_token& stop)
{
    SliceReport& report = work.report;
    Slice& slice = *work.slice;
    report.stage = SliceStage::points;
    const auto begin = Clock::now();
    const double before = report.seconds + std::chrono::duration<double>(begin - began_).count();
    std::size_t points = 0;
    while (!slice.complete() && !stop.stop_requested()) {
        points += slice.advance(*work.evaluate, work.smooth.get(), 1, stop);
        const std::size_t done = slice.values().done;
        report.progress = static_cast<double>(done) / static_cast<double>(slice.order().size());
        if ((done == slice.order().first_picture() || due()) && !slice.complete()) {
            const double took = std::chrono::duration<double>(Clock::now() - begin).count();
            report.seconds = before + took;
            report.seconds_left =
                points == 0 ? std::numeric_limits<double>::quiet_NaN()
                            : took / static_cast<double>(points) * static_cast<double>(slice.order().size() - done);
            publish(work);
        }
    }
    if (slice.complete()) {
        report.progress = 1;
        report.seconds_left = 0;
    }
}

bool SliceWorker::due() const
{
    return Clock::now() - published_ >= std::max<Clock::duration>(kPublish, kPublishShare * publishing_);
}

void SliceWorker::publish(const Work& work)
{
    const auto begin = Clock::now();
    SliceReport& back = reports_.back();
    back = work.report;
    if (work.slice) {
        back.values = work.slice->values();
    }
    reports_.publish();
    published_ = Clock::now();
    publishing_ = published_ - begin;
    if (wake_) {
        wake_();
    }
}

std::string sliced_objective(const ExperimentSpec& spec)
{
    const Json all = spec_to_json(spec);
    Json json(Json::Object{});
    for (const char* key : {"objective", "seed"}) {
        if (const Json* member = all.find(key)) {
            json.set(key, *member);
        }
    }
    return format_json_line(json);
}

}  // namespace basin
