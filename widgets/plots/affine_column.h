// A long non-decreasing column of numbers that mostly grows in equal steps.
#pragma once

#include <cstddef>
#include <vector>

namespace basin {

/// Append-only. Keeps stretches of equal steps as three numbers each (recorded steps are such), so a million rows cost
/// some bytes; a column that has no such stretches is kept as it is. Values are exact where they are whole numbers
/// below 2^53. One thread at a time.
class AffineColumn {
public:
    void append(double value);
    void clear();

    std::size_t size() const { return size_; }
    double at(std::size_t index) const;
    double front() const { return at(0); }
    double back() const { return last_; }

    /// Index of the first entry that is at least `value`; size() when there is none.
    std::size_t lower_bound(double value) const;

private:
    struct Run {
        std::size_t first;
        double start;
        double step;
    };

    std::vector<Run> runs_;
    std::vector<double> plain_;  // used when runs would not pay
    std::size_t size_ = 0;
    double last_ = 0;
};

}  // namespace basin
