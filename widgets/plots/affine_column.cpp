#include "widgets/plots/affine_column.h"

#include <algorithm>
#include <cmath>

namespace basin {

namespace {

// Below this many rows nothing is saved; from there on a run must stand for at least four rows to pay.
constexpr std::size_t kTrial = 1024;

}  // namespace

void AffineColumn::append(double value)
{
    const std::size_t index = size_++;
    last_ = value;
    if (!plain_.empty()) {
        plain_.push_back(value);
        return;
    }
    if (!runs_.empty()) {
        Run& run = runs_.back();
        const auto offset = static_cast<double>(index - run.first);
        if (index == run.first + 1) {
            run.step = value - run.start;
            if (run.start + run.step == value) {
                return;
            }
            run.step = 0;
        } else if (run.start + offset * run.step == value) {
            return;
        }
    }
    runs_.push_back({index, value, 0});
    if (size_ >= kTrial && runs_.size() > size_ / 4) {
        std::vector<double> all(size_);
        for (std::size_t i = 0; i < size_; ++i) {
            all[i] = at(i);
        }
        plain_ = std::move(all);
        runs_.clear();
    }
}

void AffineColumn::clear()
{
    runs_.clear();
    plain_.clear();
    size_ = 0;
    last_ = 0;
}

double AffineColumn::at(std::size_t index) const
{
    if (!plain_.empty()) {
        return plain_[index];
    }
    const auto after = std::upper_bound(runs_.begin(), runs_.end(), index,
                                        [](std::size_t i, const Run& run) { return i < run.first; });
    const Run& run = *(after - 1);
    return run.start + static_cast<double>(index - run.first) * run.step;
}

std::size_t AffineColumn::lower_bound(double value) const
{
    if (!plain_.empty()) {
        return static_cast<std::size_t>(std::lower_bound(plain_.begin(), plain_.end(), value) - plain_.begin());
    }
    // The last run that starts below the value has the answer, or it is the run after it.
    const auto after =
        std::partition_point(runs_.begin(), runs_.end(), [value](const Run& run) { return run.start < value; });
    if (after == runs_.begin()) {
        return 0;
    }
    const Run& run = *(after - 1);
    const std::size_t end = after == runs_.end() ? size_ : after->first;
    if (run.step <= 0) {
        return end;
    }
    auto offset =
        static_cast<std::size_t>(std::min((value - run.start) / run.step, static_cast<double>(end - run.first)));
    // The division may be off by one either way.
    while (offset > 0 && run.start + static_cast<double>(offset - 1) * run.step >= value) {
        --offset;
    }
    while (run.first + offset < end && run.start + static_cast<double>(offset) * run.step < value) {
        ++offset;
    }
    return run.first + offset;
}

}  // namespace basin
