// Earlier and later versions of the experiment.
#pragma once

#include <QElapsedTimer>
#include <QString>
#include <optional>
#include <vector>

#include "core/run/spec.h"

namespace basin {

/// A list of earlier specs, for undo, and of undone ones, for redo. Edits of one kind in quick succession (a slider
/// being dragged) are one step. Holds at most kMaximum versions.
class UndoList {
public:
    static constexpr std::size_t kMaximum = 200;
    /// Edits with the same name within this time of each other are one.
    static constexpr qint64 kMergeMilliseconds = 1500;

    /// To be called before an edit with the version that it replaces.
    void push(const ExperimentSpec& before, const QString& merge);
    std::optional<ExperimentSpec> undo(const ExperimentSpec& now);
    std::optional<ExperimentSpec> redo(const ExperimentSpec& now);
    void clear();
    bool canUndo() const { return !earlier_.empty(); }
    bool canRedo() const { return !later_.empty(); }

private:
    std::vector<ExperimentSpec> earlier_;
    std::vector<ExperimentSpec> later_;
    QString merge_;
    QElapsedTimer since_;
};

}  // namespace basin
