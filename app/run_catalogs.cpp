#include "app/run_catalogs.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "core/optim/optimizer.h"
#include "core/probe/probe.h"
#include "core/run/objectives.h"

namespace basin {

namespace {

struct Row {
    std::string kind;
    std::string key;
    std::string label;
    std::string help;
    std::string formula;
    std::string reference;
    const ParamSchema* schema = nullptr;
};

std::vector<Row> all_rows()
{
    std::vector<Row> rows;
    for (const ObjectiveEntry& e : objective_entries()) {
        rows.push_back({e.kind, e.key, e.label, e.help, e.formula, e.reference, &e.schema});
    }
    for (const OptimizerEntry* e : optimizer_entries()) {
        rows.push_back({"optimizer", e->key, e->label, e->help, e->formula, e->reference, &e->schema.get()});
    }
    for (const ProbeEntry* e : probe_entries()) {
        rows.push_back({"probe", e->key, e->label, e->help, {}, e->reference, &e->schema});
    }
    return rows;
}

std::size_t columns(const std::string& text)
{
    // Bytes of a letter beyond the first take no column.
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string padded(std::string text, std::size_t width)
{
    const std::size_t taken = columns(text);
    return text.append(taken < width ? width - taken : 0, ' ');
}

/// "base is rwp, or base is fsgld and coupling is false".
std::string words_of(const ParamCondition& condition)
{
    std::string text;
    for (const auto& alternative : condition) {
        text += text.empty() ? "" : ", or ";
        for (const ParamTerm& term : alternative) {
            text += (&term == &alternative.front() ? "" : " and ") + term.key + " is ";
            for (const ParamValue& value : term.values) {
                const auto* word = std::get_if<std::string>(&value);
                text += (&value == &term.values.front() ? "" : " or ") + (word ? *word : format_value(value));
            }
        }
    }
    return text;
}

std::string takes(const ParamSpec& spec)
{
    std::string text;
    switch (spec.type) {
        case ParamType::number:
            text = spec.live ? "number or schedule" : "number";
            break;
        case ParamType::integer:
            text = "whole number";
            break;
        case ParamType::boolean:
            text = "true or false";
            break;
        case ParamType::choice:
            for (const std::string& choice : spec.choices) {
                text += (text.empty() ? "" : " | ") + choice;
            }
            break;
        case ParamType::list:
            text = "list of numbers";
            break;
        case ParamType::text:
            text = "text";
            break;
        case ParamType::file:
            text = "file or folder";
            break;
    }
    if (spec.minimum) {
        text += (spec.exclusive_minimum ? ", more than " : ", at least ") + format_number(*spec.minimum);
    }
    if (spec.maximum) {
        text += ", at most " + format_number(*spec.maximum);
    }
    text += ", default " + format_value(spec.default_value) + (spec.live ? ", live" : "");
    return text + (spec.enabled_if.empty() ? "" : "; acts while " + words_of(spec.enabled_if));
}

}  // namespace

std::string list_catalog(const std::string& kind)
{
    const std::vector<std::string> kinds{"objectives", "landscapes", "networks", "optimizers", "probes"};
    const std::string plural = kind.ends_with('s') ? kind : kind + "s";
    if (std::find(kinds.begin(), kinds.end(), plural) == kinds.end()) {
        if (kind.empty()) {
            throw std::invalid_argument("list needs a kind: objectives, landscapes, networks, optimizers or probes");
        }
        throw_unknown("list", "kind", kind, kinds);
    }
    std::vector<Row> rows = all_rows();
    std::erase_if(rows, [&plural](const Row& row) {
        const bool objective = row.kind == "landscape" || row.kind == "network";
        return row.kind + "s" != plural && !(objective && plural == "objectives");
    });
    std::size_t key_columns = 0;
    std::size_t label_columns = 0;
    for (const Row& row : rows) {
        key_columns = std::max(key_columns, columns(row.key));
        label_columns = std::max(label_columns, columns(row.label));
    }
    std::string text;
    for (const Row& row : rows) {
        text += padded(row.key, key_columns + 2) + padded(row.label, label_columns + 2) + row.help + "\n";
    }
    return text;
}

std::string describe_entry(const std::string& name)
{
    std::string text;
    std::vector<std::string> keys;
    for (const Row& row : all_rows()) {
        keys.push_back(row.key);
        if (row.key != name) {
            continue;
        }
        text += text.empty() ? "" : "\n";
        text += row.key + ": " + row.label + " (" + row.kind + ")\n  " + row.help + "\n";
        text += row.formula.empty() ? "" : "  " + row.formula + "\n";
        text += row.reference.empty() ? "" : "  " + row.reference + "\n";
        for (const ParamSpec& spec : *row.schema) {
            text += "\n  " + padded(spec.key, 20) + padded(spec.symbol, 4) + takes(spec) + "\n";
            text += "  " + padded("", 24) + spec.help + "\n";
        }
    }
    if (text.empty()) {
        throw_unknown("this Basin", "objective, optimizer or probe called", name, keys);
    }
    return text;
}

}  // namespace basin
