#include "core/run/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "core/run/append_file.h"

namespace basin {
namespace {

std::string host_name()
{
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

template <class Number>
Number whole_number(const std::string& text)
{
    Number value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

unsigned long long process_start_time(long process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    if (!std::getline(file, line)) {
        return 0;
    }
    // The second field is the program's name in brackets and may hold anything: count from its end. State is field 3,
    // start time field 22 (proc(5)). A zombie is dead: it writes nothing any more.
    const std::size_t name_end = line.rfind(')');
    if (name_end == std::string::npos) {
        return 0;
    }
    std::istringstream fields(line.substr(name_end + 1));
    std::string field;
    for (int number = 3; number <= 22 && fields >> field; ++number) {
        if (number == 3 && (field == "Z" || field == "X")) {
            return 0;
        }
    }
    return whole_number<unsigned long long>(field);
}

LockFile::LockFile(const std::filesystem::path& folder) : file_(folder / "lock")
{
    for (;;) {
        descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (descriptor_ < 0) {
            throw std::invalid_argument(file_error(file_, "cannot be made", errno));
        }
        // The system's own lock decides between living processes of this machine, without a race; the text decides for
        // folders on a file server that other machines see too.
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            refuse_other_owner();
            ::close(descriptor_);
            throw std::invalid_argument(folder.string() + ": another run writes here; wait for it or stop it");
        }
        struct stat ours {};
        struct stat there {};
        if (::fstat(descriptor_, &ours) == 0 && ::stat(file_.c_str(), &there) == 0 && ours.st_ino == there.st_ino) {
            break;
        }
        ::close(descriptor_);  // its owner removed it between our open and our lock
    }
    refuse_other_owner();
    const long self = ::getpid();
    const std::string line =
        host_name() + " " + std::to_string(self) + " " + std::to_string(process_start_time(self)) + "\n";
    if (::ftruncate(descriptor_, 0) != 0 ||
        ::pwrite(descriptor_, line.data(), line.size(), 0) != static_cast<ssize_t>(line.size())) {
        const int error = errno;
        ::close(descriptor_);
        throw std::invalid_argument(file_error(file_, "cannot be written", error));
    }
}

void LockFile::refuse_other_owner()
{
    std::array<char, 512> content{};
    if (::pread(descriptor_, content.data(), content.size() - 1, 0) <= 0) {
        return;
    }
    std::istringstream fields(content.data());
    std::string host;
    std::string process_text;
    std::string started_text;
    fields >> host >> process_text >> started_text;
    const auto process = whole_number<long>(process_text);
    const auto started = whole_number<unsigned long long>(started_text);
    if (process == 0 || process == ::getpid()) {
        return;  // torn by a crash while it was written, or ours
    }
    const std::string folder = file_.parent_path().string();
    std::string problem;
    if (host != host_name()) {
        problem = folder + ": process " + std::to_string(process) + " on " + host +
                  " writes here; if it is dead, remove " + file_.string();
    } else if (started != 0 && process_start_time(process) == started) {
        problem =
            folder + ": process " + std::to_string(process) + " of this machine writes here; wait for it or stop it";
    }
    if (!problem.empty()) {
        ::close(descriptor_);
        throw std::invalid_argument(problem);
    }
}

LockFile::~LockFile()
{
    ::unlink(file_.c_str());
    ::close(descriptor_);
}

}  // namespace basin
