#include "core/probe/sam_sharpness.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "core/catalog/params.h"

namespace basin {
namespace {

double norm(std::span<const double> v)
{
    double sum = 0;
    for (const double x : v) {
        sum += x * x;
    }
    return std::sqrt(sum);
}

double finite(double loss, double rho)
{
    if (!std::isfinite(loss)) {
        throw std::runtime_error("the loss is not finite within rho = " + format_number(rho) +
                                 " of theta; take a smaller rho");
    }
    return loss;
}

}  // namespace

SamSharpness sam_sharpness(const LossAt& loss_at, std::span<const double> theta, double loss,
                           std::span<const double> gradient, double rho, std::size_t steps)
{
    const std::size_t n = theta.size();
    std::vector<double> away(n);
    std::vector<double> at(n);
    std::vector<double> slope(gradient.begin(), gradient.end());
    const auto move = [&] {
        for (std::size_t i = 0; i < n; ++i) {
            at[i] = theta[i] + away[i];
        }
    };
    const double length = norm(gradient);
    for (std::size_t i = 0; i < n; ++i) {
        away[i] = rho * gradient[i] / length;
    }
    move();
    SamSharpness sharpness;
    sharpness.step = finite(loss_at(at, {}), rho) - loss;

    away.assign(n, 0);
    for (std::size_t step = 0; step < steps; ++step) {
        if (step > 0) {
            finite(loss_at(at, slope), rho);
        }
        const double steepness = norm(slope);
        if (!(steepness > 0)) {
            break;  // a maximum or saddle: the ascent has arrived
        }
        for (std::size_t i = 0; i < n; ++i) {
            away[i] += 2 * rho / static_cast<double>(steps) * slope[i] / steepness;
        }
        const double distance = norm(away);
        for (std::size_t i = 0; i < n && distance > rho; ++i) {
            away[i] *= rho / distance;
        }
        move();
    }
    sharpness.ascent = finite(loss_at(at, {}), rho) - loss;
    return sharpness;
}

}  // namespace basin
