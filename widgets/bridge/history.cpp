#include "widgets/bridge/history.h"

namespace basin {

namespace {
// A lane records about a million rows at most. Address space for them is taken at once (untouched pages cost nothing),
// so that no frame ever copies a long history to a larger place.
constexpr std::size_t kReserved = std::size_t{1} << 21;
}  // namespace

void LaneHistory::append(std::span<const RecordRow> rows)
{
    if (rows.empty()) {
        return;
    }
    if (steps_.empty()) {
        for (std::vector<double>* column : {&steps_, &gradients_, &seconds_, &losses_}) {
            column->reserve(kReserved);
        }
    }
    for (const RecordRow& row : rows) {
        steps_.push_back(static_cast<double>(row.step));
        gradients_.push_back(static_cast<double>(row.gradients));
        seconds_.push_back(row.seconds);
        losses_.push_back(row.loss);
    }
}

void LaneHistory::clear()
{
    for (std::vector<double>* column : {&steps_, &gradients_, &seconds_, &losses_}) {
        column->clear();
    }
    ++generation_;
}

}  // namespace basin
