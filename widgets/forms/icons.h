// Pictures for buttons, painted as lines so that they are sharp at any size.
#pragma once

#include <QIcon>

namespace basin {

enum class Icon { run, pause, step, reset, dice, eye, eye_off, plus, more, schedule, measure, theme, warning, close };

/// Drawn in the application's text colour at the time of painting, so it follows the theme.
QIcon icon(Icon shape);

}  // namespace basin
