// What no single key of a spec can tell.
#include <cmath>
#include <map>
#include <stdexcept>

#include "core/optim/optimizer.h"
#include "core/run/spec_json.h"

namespace basin {

namespace {

constexpr double kFarthest = 1e30;  // beyond it floats end soon (3.4e38)

/// The optimizer's own complaint, with the lane in front of it.
void check_lane(const OptimizerEntry& optimizer, const Params& params, const Place& place)
{
    try {
        optimizer.check(params);
    } catch (const std::invalid_argument& error) {
        throw std::invalid_argument(place.text() + ": " + error.what());
    }
}

void check_labels(const ExperimentSpec& spec, const Place& lanes)
{
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < spec.lanes.size(); ++i) {
        const auto [other, added] = seen.emplace(spec.lanes[i].label, i);
        if (!added) {
            lanes.at(i).at("label").fail("must be a name of its own: \"" + spec.lanes[i].label + "\" is also lane " +
                                         std::to_string(other->second));
        }
    }
}

void check_schedule_ends(const ExperimentSpec& spec, const Place& lanes)
{
    if (spec.steps || spec.epochs) {
        return;
    }
    for (std::size_t i = 0; i < spec.lanes.size(); ++i) {
        const Params& params = spec.lanes[i].params;
        for (const ParamSpec& param : params.schema()) {
            const auto* schedule = std::get_if<Schedule>(&params.value(param.key));
            if (schedule != nullptr && schedule->kind == Schedule::Kind::cosine && schedule->over == 0) {
                lanes.at(i).at(param.key).fail("needs a key \"over\" (steps), because the run has no end");
            }
        }
    }
}

void check_changes(const ExperimentSpec& spec, const Place& changes)
{
    std::vector<Params> now;
    for (const LaneSpec& lane : spec.lanes) {
        now.push_back(lane.params);
    }
    for (std::size_t i = 0; i < spec.changes.size(); ++i) {
        const ChangeSpec& change = spec.changes[i];
        if (i > 0 && change.step < spec.changes[i - 1].step) {
            changes.at(i).at("step").fail("must not be before the change above it (step " +
                                          std::to_string(spec.changes[i - 1].step) + ")");
        }
        now[change.lane].set(change.key, change.value);
        check_lane(find_optimizer(spec.lanes[change.lane].optimizer), now[change.lane], changes.at(i));
    }
}

}  // namespace

void check_spec(const ExperimentSpec& spec, const std::string& source)
{
    const Place top{source, {}};
    const Place lanes = top.at("lanes");
    check_labels(spec, lanes);
    for (std::size_t i = 0; i < spec.lanes.size(); ++i) {
        check_lane(find_optimizer(spec.lanes[i].optimizer), spec.lanes[i].params, lanes.at(i));
    }
    check_schedule_ends(spec, lanes);
    check_changes(spec, top.at("changes"));

    const Place points = top.at("start").at("points");
    if (spec.objective.kind == "network") {
        if (spec.chains != 1) {
            top.at("chains").fail("must be 1: a network runs one copy of its parameters");
        }
        if (!spec.start.points.empty()) {
            points.fail("must be left out: a network starts at its initialisation");
        }
        return;
    }
    if (spec.epochs) {
        top.at("epochs").fail("is for networks, which have data; give a landscape \"steps\"");
    }
    if (spec.metrics_every != 0) {
        top.at("metrics_every").fail("is for networks, which have data; leave it out");
    }
    for (std::size_t i = 0; i < spec.start.points.size(); ++i) {
        if (spec.start.points[i].size() != 2) {
            points.at(i).fail("must be two numbers [x, y], not " + std::to_string(spec.start.points[i].size()));
        }
        for (const double coordinate : spec.start.points[i]) {
            if (std::abs(coordinate) > kFarthest) {
                points.at(i).fail("must be between -1e30 and 1e30, not " + format_number(coordinate));
            }
        }
    }
}

}  // namespace basin
