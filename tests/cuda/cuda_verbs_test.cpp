// Every verb of the GPU's backend against the CPU's: equal bytes.
#include "machines.h"

#include <cmath>
#include <cstring>
#include <vector>

#include "core/compute/backend.h"

using namespace basin;
using namespace basin::testing;

namespace {

std::vector<float> ramp(std::size_t size, float slope)
{
    std::vector<float> values(size);
    for (std::size_t i = 0; i < size; ++i) {
        values[i] = std::sin(slope * static_cast<float>(i) + 0.2F) * 3.0F;
    }
    return values;
}

/// An array on a backend.
class Array {
public:
    Array(Backend& backend, const std::vector<float>& values)
        : backend_(backend), buffer_(backend.allocate(values.size()))
    {
        backend.upload(buffer_.data(), values);
    }
    operator float*() const { return buffer_.data(); }  // NOLINT(google-explicit-constructor)
    std::vector<float> values() const
    {
        std::vector<float> result(buffer_.size());
        backend_.download(result, buffer_.data());
        return result;
    }

private:
    Backend& backend_;
    Buffer buffer_;
};

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

struct Shape {
    std::size_t chains;
    std::size_t dim;
};

/// What each verb leaves, by name.
using Left = std::vector<std::pair<std::string, std::vector<float>>>;

Left element_wise(Backend& backend, Shape shape)
{
    const std::size_t size = shape.chains * shape.dim;
    const RngKey key{77, Stream::langevin, 3, 1, 2};
    Left left;
    Array theta(backend, ramp(size, 0.37F));
    const Array gradient(backend, ramp(size, 0.11F));
    const Array buffer(backend, ramp(size, 0.05F));
    const Array other(backend, std::vector<float>(size));
    backend.perturb(other, theta, size, 0.3F, NoiseKind::normal, key);
    left.emplace_back("normal noise", other.values());
    backend.perturb(other, other, size, 0.3F, NoiseKind::rademacher, key);
    left.emplace_back("signs in place", other.values());
    for (const float momentum : {0.0F, 0.9F}) {
        for (const bool first : {true, false}) {
            for (const bool nesterov : {false, true}) {
                for (const float noise : {0.0F, 0.02F}) {
                    backend.descend(theta, buffer, gradient, size,
                                    {.step_size = 0.01F,
                                     .momentum = momentum,
                                     .dampening = nesterov ? 0.0F : 0.1F,
                                     .weight_decay = 0.003F,
                                     .nesterov = nesterov,
                                     .first = first,
                                     .noise_scale = noise,
                                     .noise = key});
                    left.emplace_back("descent", theta.values());
                    left.emplace_back("momentum", buffer.values());
                }
            }
        }
    }
    const Array moment(backend, ramp(size, 0.2F));
    const Array square(backend, std::vector<float>(size, 0.25F));
    const Array largest(backend, std::vector<float>(size, 0.3F));
    const Adaptation adaptation{0.999F, 0.1F, 0.99F, 0.01F, 0.002F, 0.7F, 1e-8F};
    backend.adapt(theta, moment, square, nullptr, gradient, size, adaptation);
    backend.adapt(theta, moment, square, largest, gradient, size, adaptation);
    left.emplace_back("adaptation", theta.values());
    left.emplace_back("first moment", moment.values());
    left.emplace_back("second moment", square.values());
    left.emplace_back("largest", largest.values());
    backend.add_scaled(theta, -0.25F, gradient, size);
    left.emplace_back("sum", theta.values());
    backend.scale(theta, 1.0F / 3.0F, size);
    left.emplace_back("product", theta.values());
    backend.copy(other, theta, size);
    left.emplace_back("copy", other.values());
    for (const std::size_t chains : {std::size_t{1}, (shape.chains + 1) / 2, shape.chains}) {
        std::vector<float> some(chains * shape.dim);
        backend.download_some(some, theta, shape.chains, shape.dim);
        left.emplace_back("some chains", some);
    }
    return left;
}

Left by_chain(Backend& backend, Shape shape)
{
    const std::size_t size = shape.chains * shape.dim;
    const RngKey key{5, Stream::perturbation, 9, 0, 0};
    Left left;
    const Array x(backend, ramp(size, 0.37F));
    const Array g(backend, ramp(size, 0.11F));
    const Array y(backend, std::vector<float>(size));
    backend.ascend(y, x, g, shape.chains, shape.dim, 0.05F);
    left.emplace_back("ascent", y.values());
    const std::size_t third = shape.dim / 3;
    const std::vector<std::vector<Segment>> metrics{
        {}, {{0, shape.dim}}, {{0, third}, {third, shape.dim - 2 * third}}, {{third, 1}}};
    for (const auto& adaptive : metrics) {
        if (shape.dim == 1 && adaptive.size() > 1) {
            continue;
        }
        for (int twice = 0; twice < 2; ++twice) {  // pieces are remembered
            backend.ascend_adaptive(y, x, g, shape.chains, shape.dim, adaptive, 0.7F, 0.01F);
            left.emplace_back("adaptive ascent", y.values());
        }
    }
    backend.perturb_filters(y, x, shape.chains, shape.dim, std::vector<Segment>{{0, shape.dim}}, 0.3F, key);
    left.emplace_back("one filter", y.values());
    backend.perturb_filters(y, x, shape.chains, shape.dim, std::vector<Segment>{{0, 1}, {1, shape.dim - 1}}, 0.3F, key);
    left.emplace_back("two filters", y.values());
    return left;
}

void compare(const Left& actual, const Left& expected)
{
    QCOMPARE(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
        QVERIFY2(same_bytes(actual[i].second, expected[i].second), actual[i].first.c_str());
    }
}

const std::vector<Shape> kShapes{{1, 3}, {7, 2}, {1301, 2}, {3, 5}, {1, 9001}, {2, 4099}, {1, 4096}};

}  // namespace

class CudaVerbsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup()
    {
        qunsetenv("BASIN_EMULATED_FAILS");
        qunsetenv("BASIN_EMULATED_MIB");
    }

    void element_wise_verbs_give_the_cpus_bytes_data() { add_machines(); }
    void element_wise_verbs_give_the_cpus_bytes()
    {
        BASIN_MACHINE(machine);
        const auto cpu = make_cpu_backend(1);
        const auto gpu = backend_of(machine);
        for (const Shape& shape : kShapes) {
            compare(element_wise(*gpu, shape), element_wise(*cpu, shape));
        }
    }

    void verbs_over_chains_give_the_cpus_bytes_data() { add_machines(); }
    void verbs_over_chains_give_the_cpus_bytes()
    {
        BASIN_MACHINE(machine);
        const auto cpu = make_cpu_backend(1);
        const auto gpu = backend_of(machine);
        for (const Shape& shape : kShapes) {
            compare(by_chain(*gpu, shape), by_chain(*cpu, shape));
        }
    }

    void a_million_normals_are_the_cpus_data() { add_machines(); }
    /// Every branch of the polynomials, and square roots down to the smallest radius but 0, which is 1 in 2^24.
    void a_million_normals_are_the_cpus()
    {
        BASIN_MACHINE(machine);
        constexpr std::size_t kSize = 1U << 20U;
        const auto cpu = make_cpu_backend(1);
        const auto gpu = backend_of(machine);
        const Array here(*cpu, std::vector<float>(kSize));
        const Array there(*gpu, std::vector<float>(kSize));
        for (std::uint32_t step = 0; step < (machine == "card" ? 64U : 2U); ++step) {
            const RngKey key{99, Stream::perturbation, step};
            cpu->perturb(here, here, kSize, 1, NoiseKind::normal, key);
            gpu->perturb(there, there, kSize, 1, NoiseKind::normal, key);
        }
        QVERIFY(same_bytes(there.values(), here.values()));
    }

    void says_what_it_is_data() { add_machines(); }
    void says_what_it_is()
    {
        BASIN_MACHINE(machine);
        const auto gpu = backend_of(machine, 2);
        QCOMPARE(gpu->device(), Device::cuda);
        QVERIFY(gpu->name().starts_with("CUDA, "));
        QCOMPARE(gpu->threads(), 2);
        QVERIFY(gpu->stream() != nullptr);
        QCOMPARE(gpu->host().device(), Device::cpu);
        QVERIFY(gpu->landscape("quadratic") != nullptr);
        QVERIFY(gpu->landscape("quadratic") == gpu->landscape("quadratic"));
        QVERIFY(gpu->landscape("none_of_that_name") == nullptr);
        gpu->finish();
    }

    void memory_is_zero_and_may_outlive_its_backend_data() { add_machines(); }
    void memory_is_zero_and_may_outlive_its_backend()
    {
        BASIN_MACHINE(machine);
        Buffer kept;
        {
            const auto gpu = backend_of(machine);
            kept = gpu->allocate(1000);
        }
        const auto gpu = backend_of(machine);
        std::vector<float> values(1000, 7.0F);
        gpu->download(values, kept.data());
        QVERIFY(same_bytes(values, std::vector<float>(1000)));
        QCOMPARE(gpu->allocate(0).size(), std::size_t{0});
    }

    void too_large_an_array_is_refused_in_words_data() { add_machines(); }
    void too_large_an_array_is_refused_in_words()
    {
        BASIN_MACHINE(machine);
        const auto gpu = backend_of(machine);
        try {
            gpu->allocate(std::size_t{1} << 42U);
            QFAIL("16 TiB were allocated");
        } catch (const OutOfMemory& error) {
            const QString words = error.what();
            QVERIFY2(words.contains("4398046511104 numbers") && words.contains("MiB are free"), error.what());
        }
        const Array after(*gpu, ramp(10, 0.1F));  // nothing is broken by it
        QVERIFY(same_bytes(after.values(), ramp(10, 0.1F)));
    }

    void freed_memory_can_be_had_again()
    {
        const QString machine = "emulated";
        qputenv("BASIN_EMULATED_MIB", "8");
        const auto gpu = backend_of(machine);
        for (int i = 0; i < 10; ++i) {
            const Buffer buffer = gpu->allocate(1U << 20U);
            QCOMPARE(buffer.size(), std::size_t{1} << 20U);
        }
        QCOMPARE(device_memory(Device::cuda, search_of(machine)).free_bytes, std::uint64_t{8} << 20U);
    }

    void a_failed_launch_is_the_devices_failure()
    {
        const auto gpu = backend_of("emulated");
        const Array theta(*gpu, ramp(10, 0.1F));
        qputenv("BASIN_EMULATED_FAILS", "719");
        QVERIFY_EXCEPTION_THROWN(gpu->scale(theta, 2, 10), DeviceFailed);
        QVERIFY_EXCEPTION_THROWN(gpu->finish(), DeviceFailed);
        qputenv("BASIN_EMULATED_FAILS", "2");
        QVERIFY_EXCEPTION_THROWN(gpu->scale(theta, 2, 10), OutOfMemory);
    }

#ifdef CARD_PLUG_IN
    /// As far as that goes without a card: it is loaded, has all its rows, and its runtime says what it lacks.
    void the_plug_in_loads_without_a_card()
    {
        const DeviceSearch search{EMULATED_DRIVER, CARD_PLUG_IN};
        QCOMPARE(find_device(Device::cuda, search).reason, std::string());  // a pretended driver, but our table
        if (find_device(Device::cuda, {DeviceSearch{}.driver, CARD_PLUG_IN}).usable) {
            QSKIP("there is a card");
        }
        try {
            make_backend(Device::cuda, 1, search);
            QFAIL("it was made");
        } catch (const std::invalid_argument& error) {
            QVERIFY2(QString(error.what()).startsWith("device: cuda cannot be used: the GPU failed: "), error.what());
        }
    }
#endif

    void the_hosts_memory_is_none_of_the_gpus()
    {
        const auto gpu = backend_of("emulated");
        std::vector<float> here = ramp(64, 0.1F);
        QVERIFY_EXCEPTION_THROWN(gpu->scale(here.data(), 2, 64), DeviceFailed);
        const Array theta(*gpu, here);
        QVERIFY_EXCEPTION_THROWN(gpu->scale(theta, 2, 65), DeviceFailed);  // one too far
    }
};

QTEST_APPLESS_MAIN(CudaVerbsTest)
#include "cuda_verbs_test.moc"
