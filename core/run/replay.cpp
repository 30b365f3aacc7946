#include "core/run/replay.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "core/run/spec_json.h"

namespace basin {

namespace {

/// A field as CSV writes it: in quotes, with inner quotes doubled, where it holds a comma or a quote.
std::string unquoted(std::string_view field)
{
    if (field.size() < 2 || field.front() != '"' || field.back() != '"') {
        return std::string(field);
    }
    field = field.substr(1, field.size() - 2);
    std::string text;
    for (std::size_t i = 0; i < field.size(); ++i) {
        text += field[i];
        i += field[i] == '"' && i + 1 < field.size() && field[i + 1] == '"' ? 1 : 0;
    }
    return text;
}

Json read_row(std::string_view line, const std::string& source)
{
    Json::Object row;
    for (const char* key : {"step", "lane", "key"}) {
        const std::size_t comma = line.find(',');
        if (comma == std::string_view::npos) {
            throw std::invalid_argument(source + ": must be step,lane,key,value");
        }
        const std::string field = unquoted(line.substr(0, comma));
        row.push_back({key, std::string_view(key) == "key" ? Json(field) : parse_json(field, source)});
        line.remove_prefix(comma + 1);
    }
    row.push_back({"value", parse_json(unquoted(line), source)});
    return row;
}

}  // namespace

ExperimentSpec replay_spec(const std::filesystem::path& folder)
{
    const ExperimentSpec planned = read_spec(folder / "spec.json");
    const std::filesystem::path file = folder / "changes.csv";
    std::ifstream stream(file);
    if (!stream) {
        throw std::invalid_argument(file.string() + ": can not be read; is this the folder of a run?");
    }
    Json::Array rows;
    std::string line;
    std::getline(stream, line);  // the names of the columns
    for (int number = 2; std::getline(stream, line); ++number) {
        rows.push_back(read_row(line, file.string() + ": line " + std::to_string(number)));
    }
    Json json = spec_to_json(planned);
    json.set("changes", std::move(rows));
    ExperimentSpec spec = spec_from_json(json, file.string());
    // What the spec itself planned is in the file as far as it has acted.
    std::vector<bool> acted(spec.changes.size(), false);
    const std::size_t made = spec.changes.size();
    for (const ChangeSpec& change : planned.changes) {
        std::size_t i = 0;
        while (i < made && (acted[i] || !(spec.changes[i] == change))) {
            ++i;
        }
        if (i < made) {
            acted[i] = true;
        } else {
            spec.changes.push_back(change);
        }
    }
    std::stable_sort(spec.changes.begin(), spec.changes.end(),
                     [](const ChangeSpec& a, const ChangeSpec& b) { return a.step < b.step; });
    return spec;
}

}  // namespace basin
