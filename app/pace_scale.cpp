#include "app/pace_scale.h"

#include <QCoreApplication>
#include <array>
#include <cmath>

namespace basin {

namespace {
// 60 is a step a frame, the pace that a start has.
constexpr std::array<double, 21> kPaces{1,    2,    5,     10,    20,    30,     60,     100,    200,     500, 1000,
                                        2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000, 0};
}  // namespace

int PaceScale::places()
{
    return static_cast<int>(kPaces.size());
}

double PaceScale::pace(int place)
{
    return kPaces.at(static_cast<std::size_t>(place));
}

int PaceScale::place(double pace)
{
    const int last = places() - 1;
    if (pace <= 0) {
        return last;
    }
    int nearest = 0;
    for (int place = 1; place < last; ++place) {
        if (std::abs(std::log(PaceScale::pace(place) / pace)) < std::abs(std::log(PaceScale::pace(nearest) / pace))) {
            nearest = place;
        }
    }
    return nearest;
}

QString PaceScale::text(double pace)
{
    if (pace <= 0) {
        return QCoreApplication::translate("PaceScale", "as fast as it goes");
    }
    const QString number = pace >= 1e6    ? QStringLiteral("%1 M").arg(pace / 1e6)
                           : pace >= 1000 ? QStringLiteral("%1 k").arg(pace / 1000)
                                          : QString::number(pace);
    return pace == 1 ? QCoreApplication::translate("PaceScale", "1 step/s")
                     : QCoreApplication::translate("PaceScale", "%1 steps/s").arg(number);
}

}  // namespace basin
