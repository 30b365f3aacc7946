#include "widgets/bridge/spec_changes.h"

namespace basin {

SpecChanges compare_specs(const ExperimentSpec& before, const ExperimentSpec& after)
{
    SpecChanges changes;
    ExperimentSpec reached = before;
    reached.name = after.name;
    const std::size_t lanes = reached.lanes.size() == after.lanes.size() ? reached.lanes.size() : 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        LaneSpec& from = reached.lanes[lane];
        const LaneSpec& to = after.lanes[lane];
        from.label = to.label;
        if (from.optimizer != to.optimizer) {
            break;
        }
        for (const ParamSpec& param : to.params.schema()) {
            const ParamValue& value = to.params.value(param.key);
            if (param.live && from.params.value(param.key) != value) {
                from.params.set(param.key, value);
                changes.live.push_back({lane, param.key, value});
            }
        }
    }
    // A probe that is only asked for by hand is no part of the run.
    ExperimentSpec wanted = after;
    for (ExperimentSpec* spec : {&reached, &wanted}) {
        std::erase_if(spec->probes, [](const ProbeSpec& probe) { return probe.every == 0; });
    }
    if (!(reached == wanted)) {
        changes.restart = true;
        changes.live.clear();
    }
    return changes;
}

}  // namespace basin
