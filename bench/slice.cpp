// A 51 x 51 slice of the LeNet on 1,024 training images over as many plain forward passes, and its first picture.
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

#include "bench/pairs.h"
#include "bench/torch_loop.h"
#include "core/compute/backend.h"
#include "core/network/network.h"
#include "core/run/objectives.h"
#include "core/slice/filter_normalised.h"
#include "core/slice/slice.h"

namespace basin::bench {

namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kExamples = 1024;
/// Points of one measurement, some 0.5 s: the 2,601 of a slice cost the same each.
constexpr std::size_t kPoints = 51;

SliceSpec slice_spec(const Objective& objective, const std::vector<float>& theta)
{
    SliceSpec spec;
    spec.plane = random_plane(objective.layout(), std::vector<double>(theta.begin(), theta.end()), kSeed);
    spec.axes = {{-1, 1, 51}, {-1, 1, 51}};
    spec.points = {.values = {"train_loss"}, .train_sample = kExamples, .seed = kSeed};
    return spec;
}

/// From the wish to the 7 x 7 picture: directions, sample and points; by the wall and by the processor's clock, which
/// others on the machine do not move.
std::string first_picture(Objective& objective, const std::vector<float>& theta)
{
    const auto begin = std::chrono::steady_clock::now();
    const std::clock_t spent = std::clock();
    Slice slice(slice_spec(objective, theta));
    slice.advance(*objective.point_values({}, slice.spec().points), nullptr, slice.order().first_picture());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::array<char, 80> note{};
    std::snprintf(note.data(), note.size(), "1 thread, first picture after %.2f s (%.2f s of the processor)", seconds,
                  static_cast<double>(std::clock() - spent) / CLOCKS_PER_SEC);
    return note.data();
}

std::vector<Line> run(std::size_t pairs)
{
    const auto backend = make_cpu_backend(1);  // as a slice beside a run has it: the lanes have the others
    Params params(network_schema(find_network("lenet")));
    params.set("train_size", std::int64_t{6000});
    const auto objective = make_network_objective(find_network("lenet"), params, *backend, kSeed);
    std::vector<float> theta(objective->dim());
    objective->start(theta, {}, 1, {}, kSeed);
    const auto data = std::make_shared<const DataSet>(make_data_set(params, kSeed));

    Slice slice(slice_spec(*objective, theta));
    const auto values = objective->point_values({}, slice.spec().points);
    const Contender ours{"slice", [&] {
                             if (slice.complete())  // 51 measurements later
                                 slice = Slice(slice.spec());
                             slice.advance(*values, nullptr, kPoints);
                         }};
    const std::string note = first_picture(*objective, theta);
    std::vector<Line> lines;
    for (const std::size_t batch : std::array<std::size_t, 3>{128, 256, kExamples}) {
        const auto forward = torch_forward(
            {.data = data, .theta = theta, .batch_size = batch, .seed = kSeed, .threads = backend->threads()},
            kExamples);
        // 3 %: what copying theta into place and two cores shared with others may cost.
        lines.push_back({"slice over as many forward passes, batches of " + std::to_string(batch) + ", seconds",
                         time_pairs(ours, {"forward", [&] { forward(kPoints); }}, pairs),
                         Bound{Bound::Kind::at_most, 1.03}, note});
    }
    return lines;
}

}  // namespace

Case slice_case()
{
    return {"slice", "LeNet, 51 x 51 points, loss of 1,024 training images: beside plain forward passes", run};
}

}  // namespace basin::bench
