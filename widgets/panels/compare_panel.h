// All lanes in numbers.
#pragma once

#include <QWidget>
#include <cstdint>
#include <optional>
#include <vector>

namespace basin {

class LaneTable;

/// One lane's row. `loss` is not finite where it is not known.
struct CompareRow {
    QString label;
    int style = 0;
    bool visible = true;
    QString state;    // "running", "finished", "failed"
    QString message;  // why it failed
    bool failed = false;
    std::uint64_t steps = 0;
    std::uint64_t gradients = 0;
    double loss = 0;
    std::optional<std::uint64_t> escaped;  // particles; networks have none
    double seconds = 0;
};

/// The table of lanes: steps, gradient evaluations, loss, escaped particles where there are some to escape, seconds.
/// Window's thread only.
class ComparePanel : public QWidget {
    Q_OBJECT

public:
    explicit ComparePanel(QWidget* parent = nullptr);
    void set_rows(const std::vector<CompareRow>& rows);
    LaneTable& table() { return *table_; }

private:
    void set_columns(bool escaped);

    LaneTable* table_;
    bool escaped_ = true;
};

}  // namespace basin
