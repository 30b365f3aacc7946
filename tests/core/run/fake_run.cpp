#include "fake_run.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>

#include "core/landscape/landscape.h"
#include "core/objective/landscape_objective.h"

namespace basin {
namespace {

class SumProbe : public Probe {
public:
    explicit SumProbe(Gate* gate) : gate_(gate) {}
    ProbeResult measure(const ProbeInput& input, std::stop_token stop, const std::function<void(double)>&) override
    {
        if (gate_ != nullptr) {
            gate_->pass(stop);
        }
        double sum = 0;
        for (const float value : input.theta) {
            sum += value;
        }
        ProbeResult result;
        result.values = {{"sum", sum, std::nan("")}, {"beta", input.measure.beta, 0.5}};
        result.arrays["first"] = {input.theta[0], input.theta[1]};
        result.note = "step " + std::to_string(input.step) + ", \"quoted\"";
        return result;
    }

private:
    Gate* gate_;
};

class BrokenProbe : public Probe {
public:
    ProbeResult measure(const ProbeInput&, std::stop_token, const std::function<void(double)>&) override
    {
        throw std::runtime_error("out of order");
    }
};

std::unique_ptr<Probe> make_sum(const Params&, Objective& objective)
{
    const auto* fake = dynamic_cast<FakeObjective*>(&objective);
    return std::make_unique<SumProbe>(fake != nullptr ? &fake->gate() : nullptr);
}

std::unique_ptr<Probe> make_broken(const Params&, Objective&)
{
    return std::make_unique<BrokenProbe>();
}

const ProbeEntry& fake_probe(std::string_view key)
{
    static const ProbeEntry sum{"sum", "Sum", "", "", {}, make_sum};
    static const ProbeEntry broken{"broken", "Broken", "", "", {}, make_broken};
    if (key == "sum" || key == "broken") {
        return key == "sum" ? sum : broken;
    }
    throw std::invalid_argument("probe: there is no \"" + std::string(key) + "\"");
}

}  // namespace

void Gate::open()
{
    {
        const std::lock_guard lock(mutex_);
        open_ = true;
    }
    changed_.notify_all();
}

void Gate::admit(int passes)
{
    {
        const std::lock_guard lock(mutex_);
        admitted_ += passes;
    }
    changed_.notify_all();
}

void Gate::pass(std::stop_token stop)
{
    std::unique_lock lock(mutex_);
    ++standing_;
    if (changed_.wait(lock, stop, [this] { return open_ || admitted_ > 0; }) && !open_) {
        --admitted_;
    }
    --standing_;
}

bool Gate::holds() const
{
    const std::lock_guard lock(mutex_);
    return standing_ > 0 && !open_ && admitted_ == 0;
}

FakeObjective::FakeObjective(Backend&, std::shared_ptr<Gate> gate, std::shared_ptr<Gate> metrics)
    : gate_(std::move(gate)), metrics_gate_(std::move(metrics))
{
    layout_.append("x", {4}, BlockRole::weight);
}

void FakeObjective::start(std::span<float> theta, std::span<float>, std::size_t, const StartSpec&, std::uint64_t seed)
{
    for (std::size_t i = 0; i < theta.size(); ++i) {
        theta[i] = 1.0F + 0.25F * static_cast<float>((i + seed) % 4);
    }
}

void FakeObjective::evaluate(const EvaluationArrays& arrays, BatchKey key, Want want)
{
    for (std::size_t chain = 0; chain < arrays.chains; ++chain) {
        const float* x = arrays.theta + 4 * chain;
        float loss = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            loss += 0.5F * x[i] * x[i];
            if (want.gradient) {
                const auto noise = static_cast<float>((key.seed + 7 * key.step + 3 * key.draw + i) % 11) - 5.0F;
                arrays.gradient[4 * chain + i] = x[i] + 0.01F * noise;
            }
        }
        if (want.losses) {
            arrays.losses[chain] = loss;
        }
    }
}

std::optional<std::vector<double>> FakeObjective::metrics(std::span<const float> theta, std::span<const float>,
                                                          const std::stop_token& stop,
                                                          const std::function<void(double)>& progress)
{
    if (progress) {
        progress(0.25);
    }
    metrics_gate_->pass(stop);
    if (stop.stop_requested()) {
        return std::nullopt;
    }
    double sum = 0;
    for (const float value : theta) {
        sum += static_cast<double>(value) * static_cast<double>(value);
    }
    return std::vector<double>{std::sqrt(sum)};
}

std::unique_ptr<PointValues> FakeObjective::point_values(std::span<const float>, const PointRequest& request)
{
    class Values : public PointValues {
    public:
        void at(std::span<const double> theta, std::span<double> values) override
        {
            values[0] = 0;
            for (const double x : theta) {
                values[0] += 0.5 * x * x;
            }
        }
    };
    check_values(request, point_value_keys());
    return std::make_unique<Values>();
}

std::unique_ptr<Objective> FakeObjective::clone(Backend& backend) const
{
    return std::make_unique<FakeObjective>(backend, gate_, metrics_gate_);
}

RunParts fake_parts(std::shared_ptr<Gate> gate, std::shared_ptr<Gate> metrics)
{
    RunParts parts;
    parts.device = [](Device device) { return find_device(device, {.driver = "no driver here"}); };
    parts.memory = [](Device) { return DeviceMemory{.free_bytes = 1'000'000'000, .total_bytes = 1'000'000'000}; };
    parts.backend = [](Device, int threads) { return make_cpu_backend(threads); };
    parts.objective = [gate, metrics](const ObjectiveSpec& spec, Backend& backend,
                                      std::uint64_t) -> std::unique_ptr<Objective> {
        if (spec.kind == "landscape") {
            return std::make_unique<LandscapeObjective>(find_landscape(spec.key).make(spec.params), 0.0, backend);
        }
        return std::make_unique<FakeObjective>(backend, gate, metrics);
    };
    parts.optimizer = find_optimizer;
    parts.probe = fake_probe;
    return parts;
}

LaneSpec lane(const std::string& label, const std::string& optimizer,
              const std::vector<std::pair<std::string, ParamValue>>& values)
{
    LaneSpec lane{label, optimizer, Params(find_optimizer(optimizer).schema)};
    for (const auto& [key, value] : values) {
        lane.params.set(key, value);
    }
    return lane;
}

ExperimentSpec fake_spec(std::optional<std::uint64_t> steps)
{
    ExperimentSpec spec;
    spec.name = "fake";
    spec.seed = 3;
    spec.objective.kind = "fake";
    spec.objective.key = "bowl";
    spec.steps = steps;
    spec.lanes = {lane("heavy ball", "sgd", {{"step_size", 0.02}, {"momentum", 0.9}}),
                  lane("fSGLD", "fsgld", {{"step_size", 0.05}, {"beta", 50.0}}),
                  lane("SAM", "sam", {{"step_size", 0.02}, {"rho", 0.1}})};
    return spec;
}

ExperimentSpec wells_spec(std::optional<std::uint64_t> steps, std::size_t chains)
{
    ExperimentSpec spec = fake_spec(steps);
    spec.name = "wells";
    spec.objective = {"landscape", "gaussian_wells", Params(find_landscape("gaussian_wells").schema)};
    spec.start.points = {{-1.8, 0}, {1.8, 0}};
    spec.start.spread = 0.1;
    spec.chains = chains;
    return spec;
}

std::map<std::string, QByteArray> files_of(const std::filesystem::path& folder)
{
    std::map<std::string, QByteArray> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const std::string name = std::filesystem::relative(entry.path(), folder).string();
        // Clock values, and the checkpoint that holds some of them beside the numbers of theta_*.npy.
        if (!entry.is_regular_file() || name == "timing.csv" || name == "checkpoint/state.bin") {
            continue;
        }
        QFile file(QString::fromStdString(entry.path().string()));
        if (file.open(QIODevice::ReadOnly)) {
            files[name] = file.readAll();
        }
        if (name == "summary.json") {
            QJsonObject summary = QJsonDocument::fromJson(files[name]).object();
            summary.remove("timing");
            summary.remove("machine");
            files[name] = QJsonDocument(summary).toJson();
        }
    }
    return files;
}

std::map<std::string, QByteArray> run_to_end(const ExperimentSpec& spec, const std::filesystem::path& folder,
                                             int threads, const RunParts& parts)
{
    RunOptions options;
    options.folder = folder;
    options.threads = threads;
    Runner runner(spec, options, parts);
    runner.start();
    runner.wait();
    return files_of(folder);
}

}  // namespace basin
