#include "core/run/recorder.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "core/run/npy.h"

namespace basin {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

void make_folder(const fs::path& folder)
{
    std::error_code error;
    if (fs::symlink_status(folder, error).type() != fs::file_type::not_found) {
        if (error) {
            throw std::invalid_argument(folder.string() + ": cannot be made: " + error.message());
        }
        throw std::invalid_argument(folder.string() + ": exists already; choose a new folder or resume the run in it");
    }
    error.clear();  // symlink_status reports what is not there as an error too
    if (!folder.parent_path().empty()) {
        fs::create_directories(folder.parent_path(), error);
    }
    if (!error && !fs::create_directory(folder, error) && !error) {
        throw std::invalid_argument(folder.string() + ": exists already; choose a new folder or resume the run in it");
    }
    if (error) {
        throw std::invalid_argument(folder.string() + ": cannot be made: " + error.message());
    }
}

/// The fields of one line of a CSV file of ours, without its line feed.
std::vector<std::string> csv_fields(std::string_view line)
{
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
            fields.back() += '"';
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

}  // namespace

Recorder::Recorder(fs::path folder) : folder_(std::move(folder))
{
    ignore_file_size_signal();
}

std::unique_ptr<Recorder> Recorder::create(const fs::path& folder, const ExperimentSpec& spec, const Content& content)
{
    make_folder(folder);
    try {
        std::unique_ptr<Recorder> recorder(new Recorder(folder));
        recorder->lock_.emplace(folder);
        fs::create_directory(folder / "checkpoint");
        if (!content.probes.empty()) {
            fs::create_directory(folder / "probes");
        }
        recorder->open_files(content);
        recorder->flush();
        // Last: a folder with a spec is a run that can be resumed.
        replace_file(folder / "spec.json", format_spec(spec), true);
        return recorder;
    } catch (const std::exception& error) {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
        throw std::invalid_argument(error.what());
    }
}

std::unique_ptr<Recorder> Recorder::reopen(const fs::path& folder, const ExperimentSpec& spec)
{
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        throw std::invalid_argument(folder.string() + ": there is no such folder to resume");
    }
    if (!fs::exists(folder / "spec.json", error)) {
        throw std::invalid_argument(folder.string() + ": is not the folder of a run: it has no spec.json");
    }
    std::unique_ptr<Recorder> recorder(new Recorder(folder));
    recorder->lock_.emplace(folder);
    if (fs::exists(checkpoint_file(folder), error)) {
        recorder->last_ = read_checkpoint(folder);
        if (recorder->last_->spec_hash != hash_spec(spec)) {
            throw std::invalid_argument(checkpoint_file(folder).string() +
                                        ": belongs to another spec; resume with the spec it was made with");
        }
    } else if (read_text(folder / "spec.json") != format_spec(spec)) {
        throw std::invalid_argument((folder / "spec.json").string() +
                                    ": is another spec; resume with the spec that the folder holds");
    }
    return recorder;
}

void Recorder::open(std::unique_ptr<AppendFile>& file, const std::string& name, const std::string& header)
{
    std::uint64_t size = 0;
    if (last_) {
        const auto found = last_->file_sizes.find(name);
        if (found == last_->file_sizes.end()) {
            throw std::invalid_argument(checkpoint_file(folder_).string() + ": does not know the file " + name);
        }
        size = found->second;
    }
    file = std::make_unique<AppendFile>(folder_ / name, size);
    if (size == 0) {
        file->text(header);
    }
    files_.emplace_back(name, file.get());
}

void Recorder::open_files(const Content& content)
{
    std::error_code ignored;
    fs::remove(folder_ / "summary.json", ignored);  // says "stopped" and soon would be wrong

    std::string columns = "lane,step,gradients,loss,escaped";
    for (const std::string& key : content.metric_keys) {
        columns += "," + key;
    }
    metric_count_ = content.metric_keys.size();
    files_.clear();
    open(metrics_, "metrics.csv", columns + "\n");
    open(changes_, "changes.csv", "step,lane,key,value\n");
    open(timing_, "timing.csv", "lane,step,lane_seconds,run_seconds\n");
    probes_.clear();
    for (std::size_t i = 0; i < content.probes.size(); ++i) {
        const std::string name = "probes/" + std::to_string(i) + "_" + content.probes[i];
        ProbeFiles& files = probes_.emplace_back();
        open(files.values, name + ".csv", "lane,step,key,value,error\n");
        open(files.arrays, name + "_arrays.csv", "lane,step,array,values\n");
        open(files.notes, name + "_notes.csv", "lane,step,kind,text\n");
    }
}

std::vector<AppliedChange> Recorder::later_changes() const
{
    const std::string text = read_text(folder_ / "changes.csv");
    std::vector<AppliedChange> changes;
    std::size_t begin = text.find('\n') == std::string::npos ? text.size() : text.find('\n') + 1;
    if (last_ && last_->file_sizes.contains("changes.csv")) {
        begin = last_->file_sizes.at("changes.csv");
    }
    // A last line without its line feed was being written when the process died: it had not acted.
    for (std::size_t end = 0; begin < text.size() && (end = text.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
        const std::vector<std::string> fields = csv_fields(std::string_view(text).substr(begin, end - begin));
        AppliedChange change;
        const auto whole = [](const std::string& digits, auto& value) {
            const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
            return read.ec == std::errc() && read.ptr == digits.data() + digits.size();
        };
        if (fields.size() != 4 || !whole(fields[0], change.step) || !whole(fields[1], change.lane)) {
            throw std::invalid_argument((folder_ / "changes.csv").string() +
                                        ": is damaged; a line must be step,lane,key,value");
        }
        change.key = fields[2];
        change.value = fields[3];
        changes.push_back(std::move(change));
    }
    return changes;
}

void Recorder::row(std::size_t lane, std::uint64_t step, std::uint64_t gradients, const StepRecord* record,
                   const std::vector<double>* metrics)
{
    AppendFile& file = *metrics_;
    file.number(std::uint64_t{lane}).text(",").number(step).text(",").number(gradients).text(",");
    if (record != nullptr) {
        file.number(record->loss).text(",").number(record->escaped);
    } else {
        file.text(",");
    }
    for (std::size_t i = 0; i < metric_count_; ++i) {
        file.text(",");
        if (metrics != nullptr) {
            file.number((*metrics)[i]);
        }
    }
    file.text("\n");
}

void Recorder::change(const AppliedChange& change)
{
    changes_->number(change.step).text(",").number(std::uint64_t{change.lane}).text(",");
    changes_->field(change.key).text(",").field(change.value).text("\n");
    changes_->flush();  // at once: what a hand did cannot be computed again
}

void Recorder::probe(const ProbeReport& report)
{
    const ProbeFiles& files = probes_.at(report.probe);
    const auto place = [&report](AppendFile& file) -> AppendFile& {
        return file.number(std::uint64_t{report.lane}).text(",").number(report.step).text(",");
    };
    for (const ProbeValue& value : report.result.values) {
        place(*files.values).field(value.key).text(",").number(value.value).text(",").number(value.error).text("\n");
    }
    for (const auto& [name, values] : report.result.arrays) {
        place(*files.arrays).field(name).text(",");
        for (std::size_t i = 0; i < values.size(); ++i) {
            files.arrays->text(i == 0 ? "" : " ").number(values[i]);
        }
        files.arrays->text("\n");
    }
    for (const auto& [name, matrix] : report.result.matrices) {
        const std::string file = std::to_string(report.probe) + "_" + report.key + "_" + name + "_" +
                                 std::to_string(report.lane) + "_" + std::to_string(report.step) + ".npy";
        write_npy(folder_ / "probes" / file, *matrix.numbers, matrix.rows, matrix.columns);
    }
    if (!report.result.note.empty()) {
        place(*files.notes).text("note,").field(report.result.note).text("\n");
    }
    if (!report.error.empty()) {
        place(*files.notes).text("error,").field(report.error).text("\n");
    }
}

void Recorder::timing(std::size_t lane, std::uint64_t step, double lane_seconds, double run_seconds)
{
    timing_->number(std::uint64_t{lane}).text(",").number(step).text(",");
    timing_->number(lane_seconds).text(",").number(run_seconds).text("\n");
}

bool Recorder::dirty() const
{
    for (const auto& [name, file] : files_) {
        if (file->dirty()) {
            return true;
        }
    }
    return false;
}

void Recorder::flush()
{
    for (const auto& [name, file] : files_) {
        file->flush();
    }
}

void Recorder::checkpoint(Checkpoint& checkpoint)
{
    checkpoint.file_sizes.clear();
    for (const auto& [name, file] : files_) {
        file->sync();  // else a power cut could leave a checkpoint that knows of rows that are not there
        checkpoint.file_sizes[name] = file->size();
    }
    write_checkpoint(folder_, checkpoint);
}

void Recorder::theta(std::size_t lane, std::span<const float> values, std::size_t chains, std::size_t dim)
{
    write_npy(folder_ / ("theta_" + std::to_string(lane) + ".npy"), values, chains, dim);
}

void Recorder::summary(const std::string& text)
{
    replace_file(folder_ / "summary.json", text + "\n", true);
}

}  // namespace basin
