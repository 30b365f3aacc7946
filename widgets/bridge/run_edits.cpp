// The half of RunController that edits the experiment.
#include <algorithm>
#include <exception>
#include <set>
#include <stdexcept>
#include <utility>

#include "core/optim/optimizer.h"
#include "widgets/bridge/run_controller.h"
#include "widgets/bridge/spec_changes.h"

namespace basin {

template <class Edit>
void RunController::editWith(const QString& merge, Edit change)
{
    try {
        ExperimentSpec spec = spec_;
        change(spec);
        edit(spec, merge);
    } catch (const std::exception& error) {
        Q_EMIT rejected(QString::fromUtf8(error.what()));
    }
}

bool RunController::isModified() const
{
    return !(spec_ == saved_);
}

void RunController::markSaved()
{
    saved_ = spec_;
    Q_EMIT specChanged();
}

void RunController::openSpec(const ExperimentSpec& spec, bool run)
{
    spec_ = spec;
    saved_ = spec;
    undo_.clear();
    lanes_.clear();
    arrangeLanes(spec);
    build(run);
    Q_EMIT specChanged();
    Q_EMIT lanesChanged();
}

void RunController::edit(const ExperimentSpec& spec, const QString& merge)
{
    if (spec == spec_) {
        return;
    }
    const ExperimentSpec before = spec_;
    if (replace(spec)) {
        undo_.push(before, merge);
        Q_EMIT specChanged();
    }
}

void RunController::undo()
{
    if (std::optional<ExperimentSpec> spec = undo_.undo(spec_)) {
        replace(*spec);
        Q_EMIT specChanged();
    }
}

void RunController::redo()
{
    if (std::optional<ExperimentSpec> spec = undo_.redo(spec_)) {
        replace(*spec);
        Q_EMIT specChanged();
    }
}

bool RunController::replace(const ExperimentSpec& spec)
{
    const bool restart = compare_specs(spec_, spec).restart || !runner_;
    if (!restart && alive() && !applyLive(spec)) {
        return false;
    }
    bool lanes_differ = spec.lanes.size() != spec_.lanes.size();
    for (std::size_t lane = 0; !lanes_differ && lane < spec.lanes.size(); ++lane) {
        lanes_differ = spec.lanes[lane].label != spec_.lanes[lane].label ||
                       spec.lanes[lane].optimizer != spec_.lanes[lane].optimizer;
    }
    arrangeLanes(spec);
    spec_ = spec;
    if (restart) {
        build(state_ == State::running || run_when_ready_);
    }
    if (lanes_differ) {
        Q_EMIT lanesChanged();
    }
    return true;
}

bool RunController::applyLive(const ExperimentSpec& spec)
{
    try {
        for (const LiveChange& change : compare_specs(spec_, spec).live) {
            runner_->change(change.lane, change.key, change.value);
            // Of several changes of one number before the next step the last one counts.
            std::erase_if(awaited_, [&change](const LiveChange& other) {
                return other.lane == change.lane && other.key == change.key;
            });
            awaited_.push_back(change);
        }
        return true;
    } catch (const std::exception& error) {
        Q_EMIT rejected(QString::fromUtf8(error.what()));
        return false;
    }
}

// A lane is the same one as before when its label is; where as many lanes as before are left over, they were renamed.
void RunController::arrangeLanes(const ExperimentSpec& spec)
{
    std::vector<std::unique_ptr<LaneView>> old = std::exchange(lanes_, {});
    std::vector<std::unique_ptr<LaneView>> now(spec.lanes.size());
    for (std::size_t lane = 0; lane < now.size(); ++lane) {
        for (std::size_t from = 0; from < old.size() && !now[lane]; ++from) {
            if (old[from] && spec_.lanes[from].label == spec.lanes[lane].label) {
                now[lane] = std::move(old[from]);
            }
        }
    }
    for (std::size_t lane = 0; lane < now.size() && old.size() == now.size(); ++lane) {
        if (!now[lane] && old[lane]) {
            now[lane] = std::move(old[lane]);
        }
    }
    std::set<int> taken;
    for (const auto& lane : now) {
        if (lane) {
            taken.insert(lane->style);
        }
    }
    for (auto& lane : now) {
        if (lane) {
            continue;
        }
        lane = std::make_unique<LaneView>();
        while (taken.contains(lane->style)) {
            ++lane->style;
        }
        taken.insert(lane->style);
    }
    lanes_ = std::move(now);
}

void RunController::restartAt(double x, double y)
{
    if (spec_.objective.kind == "landscape") {
        editWith({}, [x, y](ExperimentSpec& spec) { spec.start.points = {{x, y}}; });
    }
}

void RunController::setLaneParam(std::size_t lane, const std::string& key, const ParamValue& value)
{
    const QString merge = QStringLiteral("lane %1 %2").arg(lane).arg(QString::fromStdString(key));
    editWith(merge, [lane, &key, &value](ExperimentSpec& spec) {
        LaneSpec& edited = spec.lanes.at(lane);
        edited.params.set(key, value);
        const OptimizerEntry& optimizer = find_optimizer(edited.optimizer);
        if (optimizer.check) {
            optimizer.check(edited.params);
        }
    });
}

void RunController::setObjectiveParam(const std::string& key, const ParamValue& value)
{
    editWith(QStringLiteral("objective ") + QString::fromStdString(key),
             [&key, &value](ExperimentSpec& spec) { spec.objective.params.set(key, value); });
}

void RunController::setObjective(const std::string& kind, const std::string& key)
{
    editWith({}, [&kind, &key](ExperimentSpec& spec) {
        if (spec.objective.kind != kind || spec.objective.key != key) {
            spec = with_objective(spec, kind, key);
        }
    });
}

void RunController::addLane(const std::string& optimizer)
{
    editWith({}, [&optimizer](ExperimentSpec& spec) { spec.lanes.push_back(suggest_lane(spec, optimizer)); });
}

void RunController::duplicateLane(std::size_t lane)
{
    editWith({}, [lane](ExperimentSpec& spec) {
        LaneSpec copy = spec.lanes.at(lane);
        copy.label = suggest_lane(spec, copy.optimizer).label;
        spec.lanes.push_back(std::move(copy));
    });
}

void RunController::removeLane(std::size_t lane)
{
    editWith({}, [lane](ExperimentSpec& spec) {
        if (spec.lanes.size() < 2) {
            throw std::invalid_argument("An experiment needs at least one lane: add another before removing this one.");
        }
        spec.lanes.erase(spec.lanes.begin() + static_cast<std::ptrdiff_t>(lane));
        std::erase_if(spec.changes, [lane](const ChangeSpec& change) { return change.lane == lane; });
        for (ChangeSpec& change : spec.changes) {
            change.lane -= change.lane > lane ? 1 : 0;
        }
    });
}

void RunController::renameLane(std::size_t lane, const QString& label)
{
    editWith({}, [lane, text = label.trimmed().toStdString()](ExperimentSpec& spec) {
        if (text.empty()) {
            throw std::invalid_argument("A lane needs a label.");
        }
        for (std::size_t other = 0; other < spec.lanes.size(); ++other) {
            if (other != lane && spec.lanes[other].label == text) {
                throw std::invalid_argument("Another lane is already called \"" + text + "\": labels are unique.");
            }
        }
        spec.lanes.at(lane).label = text;
    });
}

void RunController::setLaneVisible(std::size_t lane, bool visible)
{
    if (lanes_.at(lane)->visible != visible) {
        lanes_[lane]->visible = visible;
        Q_EMIT lanesChanged();
    }
}

void RunController::setSeed(quint64 seed)
{
    editWith(QStringLiteral("seed"), [seed](ExperimentSpec& spec) { spec.seed = seed; });
}

}  // namespace basin
