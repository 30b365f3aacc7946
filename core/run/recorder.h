// The folder of a run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/optim/stepper.h"
#include "core/run/append_file.h"
#include "core/run/checkpoint.h"
#include "core/run/lock_file.h"
#include "core/run/runner.h"
#include "core/run/spec.h"

namespace basin {

/// Writes everything that FORMAT.md names. A write that fails throws std::runtime_error: nothing is lost silently. One
/// thread at a time.
class Recorder {
public:
    struct Content {
        std::vector<std::string> metric_keys;
        std::vector<std::string> probes;  // keys, in the order of the spec
    };

    /// Makes `folder`, which must not exist, with the spec in it. Throws std::invalid_argument with one sentence and
    /// leaves nothing behind.
    static std::unique_ptr<Recorder> create(const std::filesystem::path& folder, const ExperimentSpec& spec,
                                            const Content& content);
    /// Takes over a run's folder; open_files() comes next. Throws std::invalid_argument when it is no such folder,
    /// holds another spec, or somebody else writes there.
    static std::unique_ptr<Recorder> reopen(const std::filesystem::path& folder, const ExperimentSpec& spec);

    /// The last whole checkpoint, empty when the process died before the first.
    const std::optional<Checkpoint>& last_checkpoint() const { return last_; }
    /// Changes that had acted after last_checkpoint(), so that they act again; ask before open_files().
    std::vector<AppliedChange> later_changes() const;
    /// Cuts all files back to last_checkpoint() and opens them.
    void open_files(const Content& content);

    /// `record` and `metrics` may each be null.
    void row(std::size_t lane, std::uint64_t step, std::uint64_t gradients, const StepRecord* record,
             const std::vector<double>* metrics);
    void change(const AppliedChange& change);
    void probe(const ProbeReport& report);
    void timing(std::size_t lane, std::uint64_t step, double lane_seconds, double run_seconds);

    bool dirty() const;
    void flush();
    /// Fills in the sizes of the files.
    void checkpoint(Checkpoint& checkpoint);
    void theta(std::size_t lane, std::span<const float> values, std::size_t chains, std::size_t dim);
    void summary(const std::string& text);

private:
    explicit Recorder(std::filesystem::path folder);
    void open(std::unique_ptr<AppendFile>& file, const std::string& name, const std::string& header);

    struct ProbeFiles {
        std::unique_ptr<AppendFile> values;
        std::unique_ptr<AppendFile> arrays;
        std::unique_ptr<AppendFile> notes;
    };
    std::filesystem::path folder_;
    std::size_t metric_count_ = 0;
    std::optional<LockFile> lock_;
    std::optional<Checkpoint> last_;
    std::unique_ptr<AppendFile> metrics_;
    std::unique_ptr<AppendFile> changes_;
    std::unique_ptr<AppendFile> timing_;
    std::vector<ProbeFiles> probes_;
    std::vector<std::pair<std::string, AppendFile*>> files_;  // all of the above by name
};

}  // namespace basin
