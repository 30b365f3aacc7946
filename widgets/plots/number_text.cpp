#include "widgets/plots/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace basin {

namespace {

constexpr QChar kMinus(0x2212);
constexpr QChar kThin(0x202f);  // narrow space that does not break

std::string to_text(double value, std::chars_format format, int precision)
{
    std::array<char, 400> buffer{};  // 1e308 in fixed notation has 309 digits
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision);
    return {buffer.data(), result.ptr};
}

QString with_minus(const std::string& text)
{
    QString result = QString::fromStdString(text);
    if (result.startsWith(QLatin1Char('-'))) {
        result[0] = kMinus;
    }
    return result;
}

void drop_trailing_zeros(std::string& text)
{
    if (text.find('.') == std::string::npos) {
        return;
    }
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
}

}  // namespace

QString number_text(double value, int significant)
{
    if (!std::isfinite(value)) {
        return QStringLiteral("–");
    }
    if (value == 0) {
        return QStringLiteral("0");
    }
    // The exponent after rounding: 9.9999 with two digits is 10, not 1·10¹.
    const std::string scientific = to_text(value, std::chars_format::scientific, significant - 1);
    const std::size_t e = scientific.find('e');
    const int exponent = std::stoi(scientific.substr(e + 1));
    if (exponent < -3 || exponent > std::max(5, significant)) {
        std::string mantissa = scientific.substr(0, e);
        drop_trailing_zeros(mantissa);
        if (mantissa == "1") {
            return power_text(exponent);
        }
        return with_minus(mantissa) + QStringLiteral("·") + power_text(exponent);
    }
    std::string text = to_text(value, std::chars_format::fixed, std::max(0, significant - 1 - exponent));
    drop_trailing_zeros(text);
    return with_minus(text);
}

QString fixed_text(double value, int decimals)
{
    if (!std::isfinite(value)) {
        return QStringLiteral("–");
    }
    std::string text = to_text(value, std::chars_format::fixed, decimals);
    if (text.find_first_not_of("-0.") == std::string::npos && text.front() == '-') {
        text.erase(0, 1);  // no minus zero
    }
    return with_minus(text);
}

QString count_text(std::uint64_t value)
{
    QString digits = QString::fromStdString(std::to_string(value));
    for (qsizetype i = digits.size() - 3; i > 0; i -= 3) {
        digits.insert(i, kThin);
    }
    return digits;
}

QString short_count_text(double value)
{
    static constexpr std::array<const char*, 5> kUnits{"", "k", "M", "G", "T"};
    double scaled = value;
    std::size_t unit = 0;
    while (std::fabs(scaled) >= 999.5 && unit + 1 < kUnits.size()) {
        scaled /= 1000;
        ++unit;
    }
    const QString number = number_text(scaled, 3);
    return unit == 0 ? number : number + kThin + QLatin1String(kUnits[unit]);
}

QByteArray float_text(float value)
{
    std::array<char, 64> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return {buffer.data(), result.ptr - buffer.data()};
}

QString power_text(int exponent)
{
    static constexpr std::array<char16_t, 10> kRaised{u'⁰', u'¹', u'²', u'³', u'⁴', u'⁵', u'⁶', u'⁷', u'⁸', u'⁹'};
    QString text = QStringLiteral("10");
    for (const char c : std::to_string(exponent)) {
        text.append(c == '-' ? QChar(u'⁻') : QChar(kRaised[static_cast<std::size_t>(c - '0')]));
    }
    return text;
}

QString percent_text(double share)
{
    return fixed_text(100 * share, 1) + kThin + QLatin1Char('%');
}

QString seconds_text(double seconds)
{
    if (!std::isfinite(seconds)) {
        return QStringLiteral("–");
    }
    constexpr double kFew = 0.01;  // below this a power of ten would come
    if (seconds > 0 && seconds < kFew) {
        return number_text(1000 * seconds, 2) + kThin + QStringLiteral("ms");
    }
    if (seconds < 100) {
        return number_text(seconds, 2) + kThin + QLatin1Char('s');
    }
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    const auto part = [](std::uint64_t value) { return QString::fromStdString(std::to_string(value)); };
    if (whole < 3600) {
        return part(whole / 60) + kThin + QStringLiteral("min ") + part(whole % 60) + kThin + QLatin1Char('s');
    }
    return part(whole / 3600) + kThin + QStringLiteral("h ") + part(whole / 60 % 60) + kThin + QStringLiteral("min");
}

}  // namespace basin
