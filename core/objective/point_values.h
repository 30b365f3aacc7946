// An objective's values at points of theta, on fixed samples of the data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace basin {

/// What is asked at every point. The samples are drawn without replacement by `seed` (Stream::probe) and stay the same
/// at all points, so that differences between points are the loss' own.
struct PointRequest {
    std::vector<std::string> values;  // of Objective::point_value_keys(), each once
    std::size_t train_sample = 1024;  // training examples; 0: all of them
    std::size_t test_sample = 1024;   // test examples; 0: all of them
    std::uint64_t seed = 1;
    bool operator==(const PointRequest&) const = default;
};

/// Named values at single points: a function of the point alone, not of what was asked before. Has its own memory and
/// shares only what never changes, so one caller on any thread may use it while its objective works elsewhere.
class PointValues {
public:
    virtual ~PointValues() = default;
    /// values[i] becomes the request's i-th value at theta (dim numbers, rounded to what the objective computes in);
    /// not finite where the objective is not.
    virtual void at(std::span<const double> theta, std::span<double> values) = 0;
};

/// Throws std::invalid_argument when the request names nothing, an unknown value or one twice.
void check_values(const PointRequest& request, const std::vector<std::string>& known);

}  // namespace basin
