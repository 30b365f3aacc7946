#include "core/optim/ascent.h"

#include <algorithm>
#include <utility>

namespace basin::optim {
namespace {

constexpr const char* kFirstBase = "sgd";

std::vector<const OptimizerEntry*> bases()
{
    std::vector<const OptimizerEntry*> result;
    for (const OptimizerEntry* entry : optimizer_entries()) {
        if (entry->can_be_base) {
            result.push_back(entry);
        }
    }
    std::stable_partition(result.begin(), result.end(), [](const auto* entry) { return entry->key == kFirstBase; });
    return result;
}

/// A parameter of one base or of several, described as in the first.
struct Joined {
    ParamSpec spec;
    const OptimizerEntry* first;
    bool words_differ = false;
};

bool has_key(const ParamSchema& schema, const std::string& key)
{
    return std::any_of(schema.begin(), schema.end(), [&](const ParamSpec& spec) { return spec.key == key; });
}

/// Adds "or while this base is chosen and `condition` holds". Alternatives that ask for the same are one.
void add_base(ParamCondition& to, const std::string& base, const ParamCondition& condition)
{
    for (const auto& alternative : condition.empty() ? ParamCondition{{}} : condition) {
        const auto same = std::find_if(to.begin(), to.end(), [&](const auto& known) {
            return std::equal(known.begin() + 1, known.end(), alternative.begin(), alternative.end());
        });
        if (same != to.end()) {
            same->front().values.emplace_back(base);
        } else {
            to.push_back({{"base", {base}}});
            to.back().insert(to.back().end(), alternative.begin(), alternative.end());
        }
    }
}

/// The base's parameter with the names that it has in the flat schema.
ParamSpec renamed(ParamSpec spec, const std::string& base, const ParamSchema& own)
{
    const auto rename = [&](std::string& key) { key = has_key(own, key) ? base + "_" + key : key; };
    rename(spec.key);
    for (auto& alternative : spec.enabled_if) {
        for (ParamTerm& term : alternative) {
            rename(term.key);
        }
    }
    return spec;
}

}  // namespace

ParamSchema schema_over_bases(const ParamSchema& own)
{
    const std::vector<const OptimizerEntry*> all = bases();
    ParamSpec choice{.key = "base",
                     .label = "Base method",
                     .help = "Whose step is taken, with every gradient replaced by the one found uphill.",
                     .type = ParamType::choice,
                     .default_value = all.front()->key};
    std::vector<Joined> shared;
    for (const OptimizerEntry* base : all) {
        choice.choices.push_back(base->key);
        for (const ParamSpec& each : base->schema) {
            ParamSpec spec = renamed(each, base->key, own);
            const ParamCondition condition = std::exchange(spec.enabled_if, {});
            auto known = std::find_if(shared.begin(), shared.end(),
                                      [&](const Joined& joined) { return joined.spec.key == spec.key; });
            if (known == shared.end()) {
                known = shared.insert(shared.end(), {spec, base});
            }
            known->words_differ = known->words_differ || known->spec.help != spec.help;
            add_base(known->spec.enabled_if, base->key, condition);
        }
    }
    ParamSchema result;
    for (Joined& joined : shared) {
        ParamCondition& condition = joined.spec.enabled_if;
        if (std::any_of(condition.begin(), condition.end(), [&](const auto& alternative) {
                return alternative.size() == 1 && alternative.front().values.size() == all.size();
            })) {
            condition.clear();
        }
        if (joined.words_differ) {
            joined.spec.help = joined.first->label + ": " + joined.spec.help + " Other bases: as described there.";
        }
        result.push_back(joined.spec);
        if (result.size() == 1) {  // the step size, which every method has first
            result.insert(result.end(), own.begin(), own.end());
            result.push_back(choice);
        }
    }
    return result;
}

const OptimizerEntry& base_of(const Params& params)
{
    return find_optimizer(params.text("base"));
}

Params base_params(const Params& params)
{
    const OptimizerEntry& base = base_of(params);
    Params result = base.schema.defaults();
    for (const ParamSpec& spec : base.schema) {
        const std::string own = base.key + "_" + spec.key;
        result.set(spec.key, params.value(params.has(own) ? own : spec.key));
    }
    return result;
}

std::vector<StateSpec> base_states(const Params& params)
{
    return base_of(params).states(base_params(params));
}

std::size_t base_gradients_twice(const Params& params)
{
    return 2 * base_of(params).gradients_per_step(base_params(params));
}

void check_base(const Params& params)
{
    base_of(params).check(base_params(params));
}

OptimizerEntry::Measure no_measure_over_base(const Params& params, std::uint64_t step, std::uint64_t total)
{
    return {.beta = 0, .sigma = base_of(params).measure(base_params(params), step, total).sigma};
}

void step_over_base(StepContext& context, StepContext::Ascent ascent)
{
    const Params inner = base_params(context.params());
    StepContext base = context.over(inner, ascent);
    base_of(context.params()).step(base);
}

}  // namespace basin::optim
