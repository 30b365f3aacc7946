#include "app/run_arguments.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <stdexcept>

#include "core/catalog/params.h"
#include "core/compute/device.h"

namespace basin {

namespace {

constexpr int kMostThreads = 4096;

constexpr const char* kFooter = R"(Examples:
  basin-run two_wells.json --set steps=4000 --out runs/first
  basin-run two_wells.json --set steps=100 --set lanes.fSGLD.beta=50 --set objective.bowl=0.2
  basin-run --resume runs/first
  basin-run lenet.json --device cuda
  basin-run list optimizers
  basin-run describe fsgld

Exit status: 0 done, 2 bad input, 3 a lane failed, 130 interrupted (with a checkpoint where there is --out).
The last line on standard output is {"event": "summary", ...}.)";

int read_threads(const std::string& text)
{
    const std::optional<double> number = parse_number(text);
    if (!number || *number < 1 || *number > kMostThreads || *number != static_cast<int>(*number)) {
        throw std::invalid_argument("--threads must be a whole number from 1 to " + std::to_string(kMostThreads) +
                                    ", not \"" + text + "\"");
    }
    return static_cast<int>(*number);
}

Device read_device(const std::string& text)
{
    if (text != device_key(Device::cpu) && text != device_key(Device::cuda)) {
        throw std::invalid_argument("--device must be cpu or cuda, not \"" + text + "\"");
    }
    return parse_device(text);
}

std::pair<std::string, std::string> read_set(const std::string& text)
{
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        throw std::invalid_argument("--set must be PATH=VALUE, as in lanes[0].beta=20, not \"" + text + "\"");
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

void refuse_together(bool both, const char* sentence)
{
    if (both) {
        throw std::invalid_argument(sentence);
    }
}

void check_together(const CLI::App& app, const RunArguments& arguments)
{
    const bool resume = app.count("--resume") > 0;
    const bool replay = app.count("--replay") > 0;
    refuse_together(resume && replay, "--resume goes on with a run, --replay begins it again: give one of them");
    refuse_together(resume && app.count("--out") > 0, "--resume writes into the run's own folder: leave --out away");
    refuse_together(resume && !arguments.sets.empty(), "--resume goes on with the run's own spec: leave --set away");
    refuse_together(resume && !arguments.spec.empty(), "--resume reads the run's own spec.json: leave SPEC.json away");
    refuse_together(replay && !arguments.spec.empty(), "--replay reads the run's own spec.json: leave SPEC.json away");
    refuse_together(arguments.any_threads && !resume, "--any-threads belongs to --resume");
    refuse_together(arguments.any_device && !resume, "--any-device belongs to --resume");
    refuse_together(arguments.json && arguments.quiet, "--json and --quiet exclude each other");
    refuse_together((app.count("--out") > 0 && arguments.out.empty()) || (resume && arguments.resume.empty()) ||
                        (replay && arguments.replay.empty()),
                    "--out, --resume and --replay need the name of a folder");
    if (!resume && !replay && arguments.spec.empty()) {
        throw std::invalid_argument("which experiment? Name a SPEC.json (--help shows all there is)");
    }
}

/// The option that was not known, with its neighbour; else the first word too many.
[[noreturn]] void refuse_rest(const CLI::App& app, const std::vector<std::string>& rest)
{
    for (const std::string& word : rest) {
        if (word.size() > 1 && word.starts_with('-')) {
            std::vector<std::string> known;
            for (const CLI::Option* option : app.get_options()) {
                for (const std::string& name : option->get_lnames()) {
                    known.push_back("--" + name);
                }
            }
            throw_unknown("basin-run", "option", word.substr(0, word.find('=')), known);
        }
    }
    throw std::invalid_argument("\"" + rest.front() + "\" is one word too many (--help shows what is known)");
}

}  // namespace

RunArguments read_arguments(int argc, const char* const* argv)
{
    RunArguments arguments;
    std::vector<std::string> sets;
    std::string threads;
    std::string device;
    CLI::App app("Runs a Basin experiment without a window.", "basin-run");
    app.footer(kFooter);
    app.set_version_flag("--version", "basin-run " BASIN_VERSION);
    app.allow_extras();
    app.add_option("SPEC.json", arguments.spec, "The experiment");
    app.add_option("--set", sets, "Changes one value of the experiment: PATH=VALUE")->allow_extra_args(false);
    app.add_option("--out", arguments.out, "Where to write the run: a folder that does not exist yet");
    app.add_option("--resume", arguments.resume, "Goes on with the run in this folder");
    app.add_option("--replay", arguments.replay, "Begins the run of this folder again, with what was changed by hand");
    app.add_option("--device", device, "cpu (the default) or cuda: an NVIDIA GPU");
    app.add_option("--threads", threads, "How many threads; all cores when left out");
    app.add_flag("--any-threads", arguments.any_threads,
                 "Resume a network with another number of threads (not the same bytes any more)");
    app.add_flag("--any-device", arguments.any_device,
                 "Resume a run on another device or GPU (not the same bytes any more)");
    app.add_flag("--json", arguments.json, "Events on standard output, a JSON object a line");
    app.add_flag("--quiet", arguments.quiet, "Nothing but the summary line");
    app.require_subcommand(0, 1);
    CLI::App* list = app.add_subcommand("list", "Names what there is: objectives, optimizers or probes");
    list->add_option("KIND", arguments.name, "objectives, landscapes, networks, optimizers or probes");
    CLI::App* describe = app.add_subcommand("describe", "Explains an objective, optimizer or probe");
    describe->add_option("NAME", arguments.name, "A name that list shows");
    CLI::App* schema = app.add_subcommand("schema", "Prints the JSON Schema of experiments");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) {
            throw std::invalid_argument(error.what());
        }
        arguments.verb = RunArguments::Verb::leave;
        arguments.exit_status = app.exit(error);
        return arguments;
    }
    if (const std::vector<std::string> rest = app.remaining(true); !rest.empty()) {
        refuse_rest(app, rest);
    }
    if (*list || *describe || *schema) {
        using Verb = RunArguments::Verb;
        arguments.verb = *list ? Verb::list : *describe ? Verb::describe : Verb::schema;
        return arguments;
    }
    for (const std::string& text : sets) {
        arguments.sets.push_back(read_set(text));
    }
    arguments.threads = app.count("--threads") > 0 ? read_threads(threads) : 0;
    if (app.count("--device") > 0) {
        arguments.device = read_device(device);
    }
    check_together(app, arguments);
    return arguments;
}

}  // namespace basin
