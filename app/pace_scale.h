// The places of the speed slider.
#pragma once

#include <QString>

namespace basin {

/// Paces from one step a second to "as fast as it goes" (0, RunController::kUnlimited), each about twice the one
/// before.
struct PaceScale {
    static int places();
    static double pace(int place);
    static int place(double pace);
    /// "60 steps/s".
    static QString text(double pace);
};

}  // namespace basin
