// basin-run: an experiment without a window.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>

#include "app/run_arguments.h"
#include "app/run_catalogs.h"
#include "app/run_watch.h"
#include "core/compute/allocator.h"
#include "core/compute/device.h"
#include "core/run/replay.h"
#include "core/run/runner.h"
#include "core/run/spec.h"

namespace {

volatile std::sig_atomic_t interrupted = 0;

/// Asks politely once; the second signal ends the process as usual.
void interrupt(int signal)
{
    interrupted = 1;
    std::signal(signal, SIG_DFL);
}

basin::ExperimentSpec read_experiment(const basin::RunArguments& arguments)
{
    if (!arguments.resume.empty()) {
        return basin::read_spec(arguments.resume / "spec.json");
    }
    basin::ExperimentSpec spec =
        arguments.replay.empty() ? basin::read_spec(arguments.spec) : basin::replay_spec(arguments.replay);
    for (const auto& [path, value] : arguments.sets) {
        spec = basin::with_value(spec, path, value);
    }
    if (!spec.steps && !spec.epochs) {
        const std::string file = arguments.replay.empty() ? arguments.spec : arguments.replay.string();
        throw std::invalid_argument(file + ": has no \"steps\" and would never end; add --set steps=4000");
    }
    return spec;
}

/// What is wrong with a key is said with the file's name; what is wrong with the run's folder names that.
std::unique_ptr<basin::Runner> make_runner(basin::ExperimentSpec spec, const basin::RunOptions& options,
                                           const std::string& file)
{
    try {
        return std::make_unique<basin::Runner>(std::move(spec), options);
    } catch (const std::invalid_argument& error) {
        const std::string what = error.what();
        const bool about_other =
            what.starts_with("device: ") || (!options.folder.empty() && what.starts_with(options.folder.string()));
        throw std::invalid_argument(file.empty() || about_other ? what : file + ": " + what);
    }
}

/// Before anything is read: what cannot be used is not the experiment's fault.
void require_device(const basin::RunArguments& arguments)
{
    const basin::Device device = arguments.device.value_or(basin::Device::cpu);
    if (device == basin::Device::cpu) {
        return;
    }
    if (const basin::DeviceInfo info = basin::find_device(device); !info.usable) {
        throw std::invalid_argument(std::string("--device ") + basin::device_key(device) + ": " + info.reason);
    }
}

int run(const basin::RunArguments& arguments)
{
    basin::tune_allocator();
    basin::RunOptions options;
    require_device(arguments);
    options.device = arguments.device;
    options.threads = arguments.threads;
    options.reported = arguments.json;
    options.any_threads = arguments.any_threads;
    options.any_device = arguments.any_device;
    options.resume = !arguments.resume.empty();
    options.folder = options.resume ? arguments.resume : arguments.out;
    basin::ExperimentSpec spec = read_experiment(arguments);
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, interrupt);
    const std::unique_ptr<basin::Runner> runner = make_runner(std::move(spec), options, arguments.spec);
    return basin::watch_run(*runner, arguments, interrupted);
}

int dispatch(int argc, char** argv)
{
    using Verb = basin::RunArguments::Verb;
    const basin::RunArguments arguments = basin::read_arguments(argc, argv);
    switch (arguments.verb) {
        case Verb::leave:
            return arguments.exit_status;
        case Verb::list:
            std::fputs(basin::list_catalog(arguments.name).c_str(), stdout);
            return 0;
        case Verb::describe:
            std::fputs(basin::describe_entry(arguments.name).c_str(), stdout);
            return 0;
        case Verb::schema:
            std::fputs(basin::spec_schema().c_str(), stdout);
            return 0;
        case Verb::run:
            break;
    }
    return run(arguments);
}

/// One line, whatever a file's name holds.
void complain(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    std::fprintf(stderr, "basin-run: %s\n", text.c_str());
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        return dispatch(argc, argv);
    } catch (const std::bad_alloc&) {
        complain("chains: there is not enough memory for this experiment; ask for fewer");
    } catch (const std::exception& error) {
        complain(error.what());
    }
    return 2;
}
