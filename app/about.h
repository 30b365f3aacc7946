// What this program is, and its keys.
#pragma once

class QWidget;

namespace basin {

/// Versions and licence.
void show_about(QWidget* parent);
/// A table of all keys.
void show_shortcuts(QWidget* parent);

}  // namespace basin
