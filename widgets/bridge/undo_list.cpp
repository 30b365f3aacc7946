#include "widgets/bridge/undo_list.h"

namespace basin {

void UndoList::push(const ExperimentSpec& before, const QString& merge)
{
    later_.clear();
    const bool continues =
        !merge.isEmpty() && merge == merge_ && since_.isValid() && since_.elapsed() < kMergeMilliseconds;
    merge_ = merge;
    since_.start();
    if (continues && !earlier_.empty()) {
        return;
    }
    earlier_.push_back(before);
    if (earlier_.size() > kMaximum) {
        earlier_.erase(earlier_.begin());
    }
}

std::optional<ExperimentSpec> UndoList::undo(const ExperimentSpec& now)
{
    if (earlier_.empty()) {
        return std::nullopt;
    }
    later_.push_back(now);
    ExperimentSpec spec = std::move(earlier_.back());
    earlier_.pop_back();
    merge_.clear();
    return spec;
}

std::optional<ExperimentSpec> UndoList::redo(const ExperimentSpec& now)
{
    if (later_.empty()) {
        return std::nullopt;
    }
    earlier_.push_back(now);
    ExperimentSpec spec = std::move(later_.back());
    later_.pop_back();
    merge_.clear();
    return spec;
}

void UndoList::clear()
{
    earlier_.clear();
    later_.clear();
    merge_.clear();
}

}  // namespace basin
