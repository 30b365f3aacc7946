#include "bench/pairs.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace basin::bench {

namespace {

double seconds_of(const std::function<void()>& work)
{
    const auto before = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

}  // namespace

Ratio median_interval(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    Ratio ratio;
    ratio.pairs = n;
    if (n == 0)
        return ratio;
    ratio.median = n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
    // The largest k with P(Binomial(n, 1/2) < k) <= 0.025: the k-th smallest and k-th largest enclose the median.
    double probability = std::pow(0.5, static_cast<double>(n));
    double cumulative = probability;
    std::size_t k = 0;
    while (cumulative <= 0.025) {
        ++k;
        probability *= static_cast<double>(n - k + 1) / static_cast<double>(k);
        cumulative += probability;
    }
    const std::size_t rank = k == 0 ? 0 : k - 1;
    ratio.low = values[rank];
    ratio.high = values[n - 1 - rank];
    return ratio;
}

Verdict judge(const Ratio& ratio, const Bound& bound)
{
    if (bound.kind == Bound::Kind::within) {
        if (ratio.low >= bound.value && ratio.high <= bound.upper)
            return Verdict::met;
        return ratio.high < bound.value || ratio.low > bound.upper ? Verdict::missed : Verdict::undecided;
    }
    if (bound.kind == Bound::Kind::at_least) {
        if (ratio.low >= bound.value)
            return Verdict::met;
        return ratio.high < bound.value ? Verdict::missed : Verdict::undecided;
    }
    if (ratio.high <= bound.value)
        return Verdict::met;
    return ratio.low > bound.value ? Verdict::missed : Verdict::undecided;
}

std::string verdict_name(Verdict verdict)
{
    switch (verdict) {
        case Verdict::met:
            return "met";
        case Verdict::missed:
            return "missed";
        case Verdict::undecided:
            return "undecided";
    }
    return {};
}

Ratio pair_up(const std::function<double()>& numerator, const std::function<double()>& denominator, std::size_t pairs)
{
    numerator();
    denominator();
    std::vector<double> ratios;
    ratios.reserve(pairs);
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        // Who goes first alternates, so that a slow drift cancels.
        double above = 0;
        if (pair % 2 == 0)
            above = numerator();
        const double below = denominator();
        if (pair % 2 == 1)
            above = numerator();
        ratios.push_back(above / below);
    }
    return median_interval(std::move(ratios));
}

Ratio time_pairs(const Contender& numerator, const Contender& denominator, std::size_t pairs)
{
    return pair_up([&] { return seconds_of(numerator.work); }, [&] { return seconds_of(denominator.work); }, pairs);
}

}  // namespace basin::bench
