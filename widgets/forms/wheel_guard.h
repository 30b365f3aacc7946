// Keeps the wheel for scrolling.
#pragma once

class QWidget;

namespace basin {

/// The wheel over this control scrolls the form around it, and changes the control's value only once it has been
/// clicked or reached with Tab.
void guard_wheel(QWidget* control);

}  // namespace basin
