#include "core/compute/backend.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <vector>

#include "core/compute/kernels/kernels.h"
#include "core/compute/philox.h"

using namespace basin;

namespace {

std::vector<Isa> available()
{
    std::vector<Isa> result;
    for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
        try {
            make_cpu_backend(1, isa);
            result.push_back(isa);
        } catch (const std::invalid_argument&) {  // this CPU does not have it
        }
    }
    return result;
}

std::vector<float> ramp(std::size_t size, float slope)
{
    std::vector<float> values(size);
    for (std::size_t i = 0; i < size; ++i) {
        values[i] = std::sin(slope * static_cast<float>(i)) * 3.0F;
    }
    return values;
}

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// Every verb once, on sizes with odd ends; what it leaves, one after the other.
std::vector<float> run_verbs(Backend& backend, std::size_t chains, std::size_t dim)
{
    const std::size_t size = chains * dim;
    std::vector<float> theta = ramp(size, 0.37F);
    std::vector<float> gradient = ramp(size, 0.11F);
    std::vector<float> buffer = ramp(size, 0.05F);
    std::vector<float> other(size);
    std::vector<float> all;
    const auto keep = [&](const std::vector<float>& values) { all.insert(all.end(), values.begin(), values.end()); };
    const RngKey key{77, Stream::langevin, 3, 1, 2};
    backend.perturb(other.data(), theta.data(), size, 0.3F, NoiseKind::normal, key);
    keep(other);
    backend.perturb(other.data(), other.data(), size, 0.3F, NoiseKind::rademacher, key);
    keep(other);
    for (const bool nesterov : {false, true}) {
        for (const float momentum : {0.0F, 0.9F}) {
            backend.descend(theta.data(), buffer.data(), gradient.data(), size,
                            {.step_size = 0.1F,
                             .momentum = momentum,
                             .dampening = nesterov ? 0.0F : 0.5F,
                             .weight_decay = 0.01F,
                             .nesterov = nesterov,
                             .first = false,
                             .noise_scale = 0.2F,
                             .noise = key});
            keep(theta);
            keep(buffer);
        }
    }
    backend.ascend(other.data(), theta.data(), gradient.data(), chains, dim, 0.05F);
    keep(other);
    const Segment adaptive[] = {{0, dim / 2}, {dim - dim / 4, dim / 4}};
    backend.ascend_adaptive(other.data(), theta.data(), gradient.data(), chains, dim, adaptive, 0.5F, 0.01F);
    keep(other);
    const Segment filters[] = {{0, dim / 3}, {dim / 3, dim - dim / 3}};
    backend.perturb_filters(other.data(), theta.data(), chains, dim, filters, 0.3F, key);
    keep(other);
    const Segment whole[] = {{0, dim}};
    backend.ascend_adaptive(other.data(), theta.data(), gradient.data(), chains, dim, whole, 0.5F, 0.01F);
    keep(other);
    backend.perturb_filters(other.data(), theta.data(), chains, dim, whole, 0.3F, key);
    keep(other);
    std::vector<float> squares = ramp(size, 0.07F);
    std::transform(squares.begin(), squares.end(), squares.begin(), [](float x) { return x * x; });
    std::vector<float> largest = ramp(size, 0.03F);
    for (float* amsgrad : {static_cast<float*>(nullptr), largest.data()}) {
        std::vector<float> moved = theta;
        backend.adapt(moved.data(), buffer.data(), squares.data(), amsgrad, gradient.data(), size,
                      {.keep = 0.99F,
                       .first_share = 0.1F,
                       .second_keep = 0.999F,
                       .second_share = 0.001F,
                       .step_size = 0.1F,
                       .root_correction = 0.7F,
                       .epsilon = 1e-8F});
        for (const auto& values : {moved, buffer, squares, largest}) {
            keep(values);
        }
    }
    backend.add_scaled(other.data(), 0.7F, theta.data(), size);
    backend.scale(other.data(), 1.3F, size);
    keep(other);
    return all;
}

}  // namespace

class BackendTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void downloads_some_chains_evenly_spread()
    {
        const auto backend = make_cpu_backend(1);
        const std::vector<float> theta{0, 1, 10, 11, 20, 21, 30, 31, 40, 41};  // five chains
        std::vector<float> two(4);
        backend->download_some(two, theta.data(), 5, 2);
        QVERIFY(same_bytes(two, {0, 1, 20, 21}));
        std::vector<float> all(10);
        backend->download_some(all, theta.data(), 5, 2);
        QVERIFY(same_bytes(all, theta));
    }

    void every_instruction_set_and_thread_count_gives_equal_bytes()
    {
        const std::pair<std::size_t, std::size_t> shapes[] = {{1, 1},     {3, 2},    {1, 61706},
                                                              {50021, 2}, {7, 1001}, {1, 161706}};
        for (const auto& [chains, dim] : shapes) {
            const auto expected = run_verbs(*make_cpu_backend(1, Isa::baseline), chains, dim);
            for (const Isa isa : available()) {
                for (const int threads : {1, 2, 3}) {
                    const auto got = run_verbs(*make_cpu_backend(threads, isa), chains, dim);
                    QVERIFY2(same_bytes(got, expected), isa_name(isa));
                }
            }
        }
    }

    // The verb's index of a draw, against the definition in rng.h, element by element.
    void perturb_draws_number_i_for_element_i()
    {
        const std::size_t size = 5003;
        const std::vector<float> x = ramp(size, 0.2F);
        std::vector<float> y(size);
        const RngKey key{123456789012345U, Stream::perturbation, 4000000000U, 7, 9};
        const auto backend = make_cpu_backend(2);
        backend->perturb(y.data(), x.data(), size, 0.25F, NoiseKind::normal, key);
        for (std::size_t i = 0; i < size; ++i) {
            QCOMPARE(y[i], x[i] + 0.25F * philox::normal_at(key, i));
        }
        backend->perturb(y.data(), x.data(), size, 0.25F, NoiseKind::rademacher, key);
        for (std::size_t i = 0; i < size; ++i) {
            QCOMPARE(y[i], x[i] + 0.25F * philox::rademacher(philox::word_at(key, i)));
        }
    }

    void the_counter_carries_into_its_high_word()
    {
        const std::uint64_t first = (std::uint64_t{1} << 32U) - 5;
        const RngKey key{3, Stream::probe, 1, 0, 0};
        for (const Isa isa : available()) {
            std::vector<float> columns(4 * 20);
            compute_kernels(isa).fill_noise(&columns[0], &columns[20], &columns[40], &columns[60], 20, first,
                                            NoiseKind::normal, key);
            for (std::size_t i = 0; i < 20; ++i) {
                for (std::size_t k = 0; k < 4; ++k) {
                    QCOMPARE(columns[20 * k + i], philox::normal_at(key, 4 * (first + i) + k));
                }
            }
        }
    }

    void descend_is_pytorchs_order()
    {
        const auto backend = make_cpu_backend(1);
        float theta = 1.5F;
        float buffer = 0;
        const float gradient = 2.0F;
        Descent descent{.step_size = 0.5F, .momentum = 0.5F, .dampening = 0.25F, .weight_decay = 1.0F, .first = true};
        backend->descend(&theta, &buffer, &gradient, 1, descent);  // b = 2 + 1.5, no dampening
        QCOMPARE(buffer, 3.5F);
        QCOMPARE(theta, -0.25F);
        descent.first = false;
        backend->descend(&theta, &buffer, &gradient, 1, descent);  // b = 1.75 + 0.75 * (2 - 0.25)
        QCOMPARE(buffer, 3.0625F);
        QCOMPARE(theta, -1.78125F);
        descent.nesterov = true;
        descent.dampening = 0;
        backend->descend(&theta, &buffer, &gradient, 1, descent);  // d = 0.21875; b = 1.53125 + d; step d + b / 2
        QCOMPARE(buffer, 1.75F);
        QCOMPARE(theta, -1.78125F - 0.5F * (0.21875F + 0.875F));
    }

    void without_momentum_the_buffer_is_not_touched()
    {
        const auto backend = make_cpu_backend(1);
        float theta = 1;
        const float gradient = 1;
        backend->descend(&theta, nullptr, &gradient, 1, {.step_size = 0.5F});
        QCOMPARE(theta, 0.5F);
    }

    // The norm in double, 1e-6 relative: float rounding of the result.
    void ascend_goes_radius_far_in_each_chain()
    {
        for (const std::size_t dim : {2U, 3U, 10000U}) {
            const std::size_t chains = 3;
            const std::vector<float> g = ramp(chains * dim, 0.7F);
            const std::vector<float> x(chains * dim, 0.0F);
            std::vector<float> y(chains * dim);
            make_cpu_backend(2)->ascend(y.data(), x.data(), g.data(), chains, dim, 0.05F);
            for (std::size_t chain = 0; chain < chains; ++chain) {
                double squares = 0;
                double dot = 0;
                double norm = 0;
                for (std::size_t i = chain * dim; i < (chain + 1) * dim; ++i) {
                    squares += static_cast<double>(y[i]) * static_cast<double>(y[i]);
                    norm += static_cast<double>(g[i]) * static_cast<double>(g[i]);
                    dot += static_cast<double>(y[i]) * static_cast<double>(g[i]);
                }
                QVERIFY(std::abs(std::sqrt(squares) - 0.05) < 1e-6 * 0.05 + 1e-9);
                QVERIFY(std::abs(dot - 0.05 * std::sqrt(norm)) < 1e-6 * 0.05 * std::sqrt(norm));
            }
        }
    }

    void ascend_stands_still_where_the_gradient_is_zero()
    {
        const std::vector<float> x{1, 2};
        const std::vector<float> g{0, 0};
        std::vector<float> y(2);
        make_cpu_backend(1)->ascend(y.data(), x.data(), g.data(), 1, 2, 0.05F);
        QCOMPARE(y, x);
    }

    void adapt_is_pytorchs_order()
    {
        const auto backend = make_cpu_backend(1);
        float theta = 2;
        float first = 1;
        float second = 4;
        float largest = 25;
        const float gradient = 3;
        Adaptation now{.keep = 0.5F,
                       .first_share = 0.25F,
                       .second_keep = 0.75F,
                       .second_share = 0.25F,
                       .step_size = 0.5F,
                       .root_correction = 0.5F,
                       .epsilon = 1};
        backend->adapt(&theta, &first, &second, &largest, &gradient, 1, now);
        QCOMPARE(first, 1.5F);     // 1 + (3 - 1) / 4
        QCOMPARE(second, 5.25F);   // 3 + 9 / 4
        QCOMPARE(largest, 25.0F);  // stays, and its root 5 is used
        QCOMPARE(theta, 1 - 0.5F * (1.5F / (5 / 0.5F + 1)));
        now.second_share = 24;
        backend->adapt(&theta, &first, &second, &largest, &gradient, 1, now);
        QCOMPARE(largest, 0.75F * 5.25F + 24 * 9);
        theta = 2;
        first = 0;
        second = 0;
        now.second_share = 0.25F;
        backend->adapt(&theta, &first, &second, nullptr, &gradient, 1, now);
        QCOMPARE(theta, 1 - 0.5F * (0.75F / (1.5F / 0.5F + 1)));
    }

    // |T^-1 e| = radius and e along T^2 g; 1e-6 relative is float rounding, 1e-5 where a difference of numbers of size
    // 3 is looked at.
    void ascend_adaptive_goes_radius_far_in_its_metric()
    {
        for (const std::size_t chains : {1U, 3U}) {
            const std::size_t dim = 10007;
            const Segment adaptive[] = {{0, 5000}, {9000, 7}};
            const std::vector<float> g = ramp(chains * dim, 0.7F);
            const std::vector<float> x = ramp(chains * dim, 0.3F);
            std::vector<float> y(chains * dim);
            make_cpu_backend(2)->ascend_adaptive(y.data(), x.data(), g.data(), chains, dim, adaptive, 50, 0.01F);
            for (std::size_t chain = 0; chain < chains; ++chain) {
                double length = 0;
                double norm = 0;
                const auto metric = [&](std::size_t i) {
                    const bool scaled = i < 5000 || (i >= 9000 && i < 9007);
                    return scaled ? std::abs(static_cast<double>(x[chain * dim + i])) + 0.01 : 1.0;
                };
                for (std::size_t i = 0; i < dim; ++i) {
                    norm += std::pow(metric(i) * static_cast<double>(g[chain * dim + i]), 2);
                }
                for (std::size_t i = 0; i < dim; ++i) {
                    const std::size_t at = chain * dim + i;
                    const double step = static_cast<double>(y[at]) - static_cast<double>(x[at]);
                    length += std::pow(step / metric(i), 2);
                    const double expected = 50 * std::pow(metric(i), 2) * static_cast<double>(g[at]) / std::sqrt(norm);
                    QVERIFY(std::abs(step - expected) < 1e-6 * (3 + std::abs(expected)));
                }
                QVERIFY(std::abs(std::sqrt(length) - 50) < 1e-5 * 50);
            }
        }
    }

    void perturb_filters_is_in_units_of_each_filters_norm()
    {
        const Segment filters[] = {{0, 3}, {3, 5000}, {5003, 1}};
        const std::size_t dim = 5004;
        const std::size_t chains = 2;
        const std::vector<float> x = ramp(chains * dim, 0.2F);
        std::vector<float> y(chains * dim);
        const RngKey key{12, Stream::perturbation, 4, 0, 9};
        make_cpu_backend(2)->perturb_filters(y.data(), x.data(), chains, dim, filters, 0.25F, key);
        for (std::size_t chain = 0; chain < chains; ++chain) {
            for (const Segment& filter : filters) {
                double squares = 0;
                for (std::size_t i = 0; i < filter.size; ++i) {
                    squares += std::pow(static_cast<double>(x[chain * dim + filter.offset + i]), 2);
                }
                for (std::size_t i = 0; i < filter.size; ++i) {
                    const std::size_t at = chain * dim + filter.offset + i;
                    const double noise = 0.25 * std::sqrt(squares) * static_cast<double>(philox::normal_at(key, at));
                    const double expected = static_cast<double>(x[at]) + noise;
                    QVERIFY(std::abs(static_cast<double>(y[at]) - expected) < 1e-6 * (3 + std::abs(noise)));
                }
            }
        }
    }

    void filters_are_rows_whole_vectors_and_points()
    {
        Layout network;
        network.append("conv", {2, 3, 2, 2}, BlockRole::weight);
        network.append("conv.bias", {2}, BlockRole::bias);
        network.append("gain", {4}, BlockRole::norm);
        network.append("head", {3, 5}, BlockRole::weight);
        const std::vector<Segment> expected{{0, 12}, {12, 12}, {24, 2}, {26, 4}, {30, 5}, {35, 5}, {40, 5}};
        QCOMPARE(network.filters(), expected);
        Layout point;
        point.append("x", {1}, BlockRole::coordinate);
        point.append("y", {1}, BlockRole::coordinate);
        QCOMPARE(point.filters(), (std::vector<Segment>{{0, 2}}));
    }

    void blocks_cover_everything_once()
    {
        const auto backend = make_cpu_backend(3);
        std::vector<int> seen(10007);
        backend->for_blocks(seen.size(), 64, [&](std::size_t first, std::size_t last) {
            QCOMPARE(first % 64, 0U);
            for (std::size_t i = first; i < last; ++i) {
                ++seen[i];
            }
        });
        QCOMPARE(std::accumulate(seen.begin(), seen.end(), 0), 10007);
        QCOMPARE(*std::max_element(seen.begin(), seen.end()), 1);
    }

    void memory_is_aligned_zero_and_refused_with_a_sentence()
    {
        const auto backend = make_cpu_backend(1);
        const Buffer buffer = backend->allocate(1001);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0U);
        for (std::size_t i = 0; i < buffer.size(); ++i) {
            QCOMPARE(buffer.data()[i], 0.0F);
        }
        try {
            backend->allocate(std::size_t{1} << 60U);
            QFAIL("an exabyte was granted");
        } catch (const std::invalid_argument& error) {
            QVERIFY(QString(error.what()).contains("1152921504606846976"));
        }
    }

    void the_name_says_instruction_set_and_threads()
    {
        QCOMPARE(make_cpu_backend(2, Isa::baseline)->name(), std::string("CPU baseline, 2 threads"));
        QCOMPARE(make_cpu_backend(1, Isa::baseline)->name(), std::string("CPU baseline, 1 thread"));
    }

    void BASIN_ISA_chooses()
    {
        for (const Isa isa : available()) {
            qputenv("BASIN_ISA", isa_name(isa));
            QCOMPARE(choose_isa(), isa);
        }
        qputenv("BASIN_ISA", "sse9");
        QVERIFY_EXCEPTION_THROWN(choose_isa(), std::invalid_argument);
        qunsetenv("BASIN_ISA");
        QCOMPARE(choose_isa(), available().back());
    }
};

QTEST_APPLESS_MAIN(BackendTest)
#include "backend_test.moc"
