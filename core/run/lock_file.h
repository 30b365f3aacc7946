// Keeps two processes apart that would write one run folder.
#pragma once

#include <filesystem>
#include <string>

namespace basin {

/// Holds FOLDER/lock, a line of host, process id and the process' start time, from construction to destruction.
/// Throws std::invalid_argument with one sentence when a living process, or one on another machine, holds it; the lock
/// of a dead process of this machine is taken over.
class LockFile {
public:
    explicit LockFile(const std::filesystem::path& folder);
    ~LockFile();
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;

private:
    void refuse_other_owner();
    std::filesystem::path file_;
    int descriptor_ = -1;
};

/// When the process began, in clock ticks since the machine did; 0 when there is no such process. With the id it names
/// a process for good: ids come again, start times do not.
unsigned long long process_start_time(long process);

}  // namespace basin
