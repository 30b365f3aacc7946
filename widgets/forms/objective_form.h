// Which objective, and its parameters.
#pragma once

#include <QWidget>
#include <string>

class QComboBox;
class QVBoxLayout;

namespace basin {

class NoticeLabel;
class ParamForm;
class RunController;

/// The menu of all objectives, the formula of the one in force, and its form.
class ObjectiveForm : public QWidget {
    Q_OBJECT

public:
    explicit ObjectiveForm(RunController& controller, QWidget* parent = nullptr);

private:
    void refresh();

    RunController& controller_;
    QComboBox* combo_;
    NoticeLabel* formula_;
    QVBoxLayout* layout_;
    ParamForm* form_ = nullptr;
    std::string shown_;
};

}  // namespace basin
