#include "widgets/forms/start_form.h"

#include <QRegularExpression>
#include <QVBoxLayout>
#include <exception>
#include <stdexcept>

#include "widgets/bridge/run_controller.h"
#include "widgets/forms/param_form.h"

namespace basin {

namespace {

// What a length begins with when it has just been chosen.
constexpr std::int64_t kSteps = 4000;
constexpr double kEpochs = 20;

ParamSchema start_schema(bool landscape)
{
    ParamSchema schema;
    if (landscape) {
        schema.push_back(
            {.key = "points",
             .label = "Start points",
             .help = "x, y; x, y; ... The chains are spread evenly over them, in order. A click on the map sets "
                     "one. Empty: the landscape's own.",
             .type = ParamType::text,
             .default_value = std::string()});
        schema.push_back({.key = "spread",
                          .label = "Spread",
                          .help = "Standard deviation of the chains around their start point.",
                          .default_value = 0.0,
                          .minimum = 0.0,
                          .slider = {{0.0, 2.0}}});
        schema.push_back({.key = "chains",
                          .label = "Particles",
                          .help = "Copies of theta that every lane moves at once.",
                          .type = ParamType::integer,
                          .default_value = std::int64_t{1},
                          .minimum = 1.0,
                          .maximum = 1e9,
                          .scale = ParamScale::log,
                          .slider = {{1.0, 1e6}}});
    }
    schema.push_back({.key = "length",
                      .label = "Length",
                      .help = "When the run ends by itself.",
                      .type = ParamType::choice,
                      .default_value = std::string("endless"),
                      .choices = landscape ? std::vector<std::string>{"endless", "steps"}
                                           : std::vector<std::string>{"endless", "steps", "epochs"}});
    schema.push_back({.key = "steps",
                      .label = "Steps",
                      .help = "Steps of every lane.",
                      .type = ParamType::integer,
                      .default_value = kSteps,
                      .minimum = 1.0,
                      .maximum = 4294967295.0,
                      .enabled_if = when("length", "steps")});
    if (!landscape) {
        schema.push_back({.key = "epochs",
                          .label = "Epochs",
                          .help = "Passes over the training data.",
                          .default_value = kEpochs,
                          .minimum = 0.0,
                          .exclusive_minimum = true,
                          .slider = {{1.0, 100.0}},
                          .enabled_if = when("length", "epochs")});
        schema.push_back({.key = "metrics_every",
                          .label = "Test every",
                          .help = "Accuracy is measured at every so many steps; 0: after each epoch.",
                          .type = ParamType::integer,
                          .default_value = std::int64_t{0},
                          .minimum = 0.0,
                          .unit = "steps"});
    }
    schema.push_back({.key = "share_noise",
                      .label = "Same noise",
                      .help = "All lanes see equal noise and batches, so that they differ by their method only.",
                      .type = ParamType::boolean,
                      .default_value = true});
    return schema;
}

Params start_values(const ExperimentSpec& spec, const ParamSchema& schema)
{
    Params values(schema);
    if (values.has("points")) {
        values.set("points", format_points(spec.start.points).toStdString());
        values.set("spread", spec.start.spread);
        values.set("chains", static_cast<std::int64_t>(spec.chains));
    } else {
        values.set("metrics_every", static_cast<std::int64_t>(spec.metrics_every));
        values.set("epochs", spec.epochs.value_or(kEpochs));
    }
    values.set("length", std::string(spec.epochs ? "epochs" : spec.steps ? "steps" : "endless"));
    values.set("steps", static_cast<std::int64_t>(spec.steps.value_or(kSteps)));
    values.set("share_noise", spec.share_noise);
    return values;
}

void write(ExperimentSpec& spec, const std::string& key, const ParamValue& value)
{
    const auto count = [&value] { return static_cast<std::uint64_t>(std::get<std::int64_t>(value)); };
    if (key == "points") {
        spec.start.points = parse_points(QString::fromStdString(std::get<std::string>(value)));
    } else if (key == "spread") {
        spec.start.spread = std::get<double>(value);
    } else if (key == "chains") {
        spec.chains = count();
    } else if (key == "metrics_every") {
        spec.metrics_every = count();
    } else if (key == "share_noise") {
        spec.share_noise = std::get<bool>(value);
    } else if (key == "steps") {
        spec.steps = count();
    } else if (key == "epochs") {
        spec.epochs = std::get<double>(value);
    } else if (key == "length") {
        const std::string& length = std::get<std::string>(value);
        spec.steps.reset();
        spec.epochs.reset();
        if (length == "steps") {
            spec.steps = kSteps;
        } else if (length == "epochs") {
            spec.epochs = kEpochs;
        }
    }
}

}  // namespace

std::vector<std::vector<double>> parse_points(const QString& text)
{
    static const QRegularExpression separators(QStringLiteral("[\\s,()\\[\\]]+"));
    std::vector<std::vector<double>> points;
    for (const QString& part : text.split(';', Qt::SkipEmptyParts)) {
        std::vector<double> point;
        for (const QString& word : part.split(separators, Qt::SkipEmptyParts)) {
            const std::optional<double> number = parse_number(word.toStdString());
            if (!number) {
                throw std::invalid_argument("Start points must be x, y; x, y, such as -1.8, 0; 1.8, 0, and \"" +
                                            word.toStdString() + "\" is no number.");
            }
            point.push_back(*number);
        }
        if (point.empty()) {
            continue;
        }
        if (point.size() != 2) {
            throw std::invalid_argument(
                "Each start point must be two numbers, such as -1.8, 0; write a semicolon between "
                "points.");
        }
        points.push_back(point);
    }
    return points;
}

QString format_points(const std::vector<std::vector<double>>& points)
{
    QStringList texts;
    for (const std::vector<double>& point : points) {
        QStringList numbers;
        for (const double number : point) {
            numbers << QString::fromStdString(format_number(number));
        }
        texts << numbers.join(QStringLiteral(", "));
    }
    return texts.join(QStringLiteral("; "));
}

StartForm::StartForm(RunController& controller, QWidget* parent)
    : QWidget(parent), controller_(controller), layout_(new QVBoxLayout(this))
{
    layout_->setContentsMargins(0, 0, 0, 0);
    connect(&controller_, &RunController::specChanged, this, &StartForm::refresh);
    refresh();
}

void StartForm::refresh()
{
    const ExperimentSpec& spec = controller_.spec();
    if (spec.objective.kind.empty()) {
        return;
    }
    const ParamSchema schema = start_schema(spec.objective.kind == "landscape");
    if (spec.objective.kind != kind_) {
        kind_ = spec.objective.kind;
        if (form_) {
            form_->hide();
            form_->deleteLater();
        }
        form_ = new ParamForm(schema);
        layout_->addWidget(form_);
        connect(form_, &ParamForm::edited, this, &StartForm::apply);
    }
    form_->setValues(start_values(spec, schema));
}

void StartForm::apply(const std::string& key, const ParamValue& value)
{
    try {
        ExperimentSpec spec = controller_.spec();
        write(spec, key, value);
        controller_.edit(spec, QStringLiteral("start ") + QString::fromStdString(key));
    } catch (const std::exception& error) {
        form_->setError(key, QString::fromUtf8(error.what()));
    }
}

}  // namespace basin
