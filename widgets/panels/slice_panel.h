// The loss surface around where the lanes went.
#pragma once

#include <QWidget>
#include <vector>

#include "core/run/slice_worker.h"
#include "widgets/panels/shown_lane.h"
#include "widgets/plots/slice_chart.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QProgressBar;
class QToolButton;

namespace basin {

/// Asks what is to be sliced and shows it while it grows: a line between two solutions with its barrier, or a plane
/// with the lanes' paths. Window's thread only.
class SlicePanel : public QWidget {
    Q_OBJECT

public:
    /// What the user chose. Lanes are indices; as many as the kind needs, different from each other or not.
    struct Choice {
        PlaneKind kind = PlaneKind::principal;
        std::vector<std::size_t> lanes;
        std::size_t count = 51;
        bool test = false;
        double sigma = 0;  // of the smoothed loss; 0: none
    };

    explicit SlicePanel(QWidget* parent = nullptr);

    /// A new run begins: what is shown goes.
    void begin();
    void set_lanes(const std::vector<ShownLane>& lanes);
    void set_report(const SliceReport& report);
    /// Where the lanes have been, in the plane shown; instead of the marks that came with it.
    void set_marks(const std::vector<PlaneMark>& marks);

    Choice choice() const;
    SliceChart& chart() { return *chart_; }

Q_SIGNALS:
    void computeAsked();
    void cancelAsked();
    void resumeAsked();
    void saveAsked();
    void openAsked();
    void shown();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void show_needs();
    void show_slice();
    void show_progress();
    QString words() const;
    std::vector<SliceField> fields(bool filled) const;
    std::vector<SlicePath> paths() const;

    std::vector<ShownLane> lanes_;
    SliceReport report_;
    std::vector<PlaneMark> marks_;
    QComboBox* kind_;
    std::vector<QComboBox*> from_;
    QComboBox* count_;
    QCheckBox* test_;
    QDoubleSpinBox* sigma_;
    QToolButton* compute_;
    QToolButton* cancel_;
    QToolButton* save_;
    QComboBox* value_;
    QProgressBar* progress_;
    QLabel* state_;
    QLabel* words_;
    SliceChart* chart_;
};

}  // namespace basin
