// Makes a schedule out of a live number.
#pragma once

#include <QFrame>

#include "core/catalog/params.h"

class QVBoxLayout;

namespace basin {

class NoticeLabel;
class ParamForm;

/// A small window under a control: the kind of schedule and its numbers. Every allowed entry is announced at once;
/// closes by itself when the user clicks elsewhere.
class SchedulePopup : public QFrame {
    Q_OBJECT

public:
    SchedulePopup(ParamSpec spec, const ParamValue& value, QWidget* parent);
    void showBelow(const QWidget* control);

Q_SIGNALS:
    void chosen(const basin::ParamValue& value);

private:
    void rebuild();
    void announce();

    ParamSpec spec_;
    Schedule schedule_;
    QVBoxLayout* layout_;
    ParamForm* form_ = nullptr;
    NoticeLabel* error_;
};

}  // namespace basin
