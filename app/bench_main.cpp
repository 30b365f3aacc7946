// basin-bench: how fast Basin is, as ratios against named baselines of the same run.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "bench/pairs.h"
#include "bench/peers.h"
#include "core/compute/allocator.h"
#include "core/compute/backend.h"
#include "core/compute/cores.h"

namespace {

void print(const basin::bench::Line& line)
{
    using basin::bench::Bound;
    using basin::bench::judge;
    using basin::bench::verdict_name;
    std::printf("  %-58s %7.3f  [%.3f, %.3f]  %zu pairs", line.text.c_str(), line.ratio.median, line.ratio.low,
                line.ratio.high, line.ratio.pairs);
    if (line.bound) {
        const std::string verdict = verdict_name(judge(line.ratio, *line.bound));
        if (line.bound->kind == Bound::Kind::within)
            std::printf("  wanted %g to %g: %s", line.bound->value, line.bound->upper, verdict.c_str());
        else
            std::printf("  wanted %s %g: %s", line.bound->kind == Bound::Kind::at_least ? "at least" : "at most",
                        line.bound->value, verdict.c_str());
    }
    std::printf("%s%s\n", line.note.empty() ? "" : "  ", line.note.c_str());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app("Measures Basin against named baselines: interleaved pairs, medians with a 95 % interval.");
    std::vector<std::string> wanted;
    std::size_t pairs = 21;
    bool list = false;
    std::string peers;
    std::string network = "lenet";
    bool cuda = false;
    app.add_option("case", wanted, "Cases to run (all when none is named)");
    app.add_option("--pairs", pairs, "Pairs a comparison")->check(CLI::Range(6, 1000));
    app.add_flag("--list", list, "Only name the cases");
    app.add_option("--peers", peers, "Measure a network's curvature and leave what bench/peers needs in this folder");
    app.add_option("--network", network, "With --peers: lenet, or a variant of the ResNets as resnet20");
    app.add_flag("--cuda", cuda, "With --peers: on the GPU");
    CLI11_PARSE(app, argc, argv);

    basin::tune_allocator();
    if (!peers.empty()) {
        try {
            basin::bench::measure_for_peers(peers, network, cuda ? basin::Device::cuda : basin::Device::cpu);
            return 0;
        } catch (const std::exception& error) {
            std::fprintf(stderr, "basin-bench: %s\n", error.what());
            return 2;
        }
    }
    const std::vector<basin::bench::Case> all = basin::bench::cases();
    for (const std::string& name : wanted) {
        if (std::none_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name; })) {
            std::fprintf(stderr, "basin-bench: no case \"%s\"; --list names them\n", name.c_str());
            return 2;
        }
    }
    std::printf("%d cores, kernels %s\n", basin::core_count(), basin::isa_name(basin::choose_isa()));
    for (const basin::bench::Case& one : all) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), one.name) == wanted.end())
            continue;
        std::printf("%s: %s\n", one.name.c_str(), one.summary.c_str());
        if (list)
            continue;
        if (const std::string why = one.missing != nullptr ? one.missing() : std::string(); !why.empty()) {
            std::printf("  not measured: %s\n", why.c_str());
            continue;
        }
        for (const basin::bench::Line& line : one.run(pairs))
            print(line);
    }
    return 0;
}
