// Numbers as people read them, the same in every locale.
#pragma once

#include <QByteArray>
#include <QString>
#include <cstdint>

namespace basin {

/// `value` with this many significant digits: "0.0475", "-12.5" with a real minus sign, "1.2·10⁻⁵" for the very small
/// and large; "–" when it is not finite. Trailing zeros are dropped.
QString number_text(double value, int significant = 4);

/// `value` with exactly this many decimals ("0.790"), for columns that must not dance.
QString fixed_text(double value, int decimals);

/// Whole number with thin spaces between thousands: "1 234 567".
QString count_text(std::uint64_t value);

/// Short form for bars and axes: "950", "12.5 k", "1.2 M".
QString short_count_text(double value);

/// Shortest text that reads back as the same float, for files.
QByteArray float_text(float value);

/// "10⁻³".
QString power_text(int exponent);

/// A share as percent with one decimal: "79.3 %".
QString percent_text(double share);

/// "0.8 s", "95 s", "12 min 5 s", "3 h 20 min".
QString seconds_text(double seconds);

}  // namespace basin
