#include "widgets/forms/probe_form.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/probe/probe.h"
#include "widgets/bridge/run_controller.h"
#include "widgets/forms/icons.h"
#include "widgets/forms/notice_label.h"
#include "widgets/forms/param_form.h"

namespace basin {

namespace {

const char* const kEvery = "measure_every";

ParamSchema with_every(const ParamSchema& schema)
{
    ParamSchema all = schema;
    all.insert(all.begin(), {.key = kEvery,
                             .label = "Measure every",
                             .help = "At every so many steps, never skipped; 0: only when asked.",
                             .type = ParamType::integer,
                             .default_value = std::int64_t{0},
                             .minimum = 0.0,
                             .unit = "steps"});
    return all;
}

/// The first of the spec's probes of this kind, or one that is never scheduled.
ProbeSpec probe_of(const RunController& controller, const ProbeEntry& entry)
{
    const std::vector<ProbeSpec>& probes = controller.spec().probes;
    const auto found = std::find_if(probes.begin(), probes.end(),
                                    [&entry](const ProbeSpec& probe) { return probe.probe == entry.key; });
    return found != probes.end() ? *found : ProbeSpec{entry.key, controller.probeParams(entry.key), 0};
}

}  // namespace

ProbeForm::ProbeForm(RunController& controller, QWidget* parent) : QWidget(parent), controller_(controller)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    for (const ProbeEntry* entry : probe_entries()) {
        addPart(*entry);
    }
    connect(&controller_, &RunController::specChanged, this, &ProbeForm::refresh);
    refresh();
}

void ProbeForm::addPart(const ProbeEntry& entry)
{
    auto* title = new QLabel(QString::fromStdString(entry.label));
    title->setToolTip(QString::fromStdString(entry.help));
    auto* about = new NoticeLabel(NoticeLabel::Kind::muted, QString::fromStdString(entry.help));
    auto* form = new ParamForm(with_every(entry.schema));
    auto* now = new QPushButton(icon(Icon::measure), tr("Measure now"));
    now->setObjectName(QStringLiteral("measure_") + QString::fromStdString(entry.key));
    now->setToolTip(tr("Measure the newest state of every lane; not part of what a replay repeats."));
    for (QWidget* widget : {static_cast<QWidget*>(title), static_cast<QWidget*>(about), static_cast<QWidget*>(form),
                            static_cast<QWidget*>(now)}) {
        layout()->addWidget(widget);
    }
    parts_.push_back({&entry, form});
    connect(form, &ParamForm::edited, this,
            [this, &entry](const std::string& key, const ParamValue& value) { apply(entry, key, value); });
    connect(now, &QPushButton::clicked, this,
            [this, &entry] { controller_.measureNow(entry.key, controller_.probeParams(entry.key)); });
}

void ProbeForm::refresh()
{
    for (const Part& part : parts_) {
        const ProbeSpec probe = probe_of(controller_, *part.entry);
        Params values(with_every(part.entry->schema));
        values.set(kEvery, static_cast<std::int64_t>(probe.every));
        for (const ParamSpec& param : part.entry->schema) {
            values.set(param.key, probe.params.value(param.key));
        }
        part.form->setValues(values);
    }
}

void ProbeForm::apply(const ProbeEntry& entry, const std::string& key, const ParamValue& value)
{
    ExperimentSpec spec = controller_.spec();
    ProbeSpec probe = probe_of(controller_, entry);
    if (key == kEvery) {
        probe.every = static_cast<std::uint64_t>(std::get<std::int64_t>(value));
    } else {
        probe.params.set(key, value);
    }
    const auto found = std::find_if(spec.probes.begin(), spec.probes.end(),
                                    [&entry](const ProbeSpec& other) { return other.probe == entry.key; });
    if (found == spec.probes.end()) {
        spec.probes.push_back(probe);
    } else {
        *found = probe;
    }
    // What is neither scheduled nor set up needs no word in the file.
    std::erase_if(spec.probes, [this](const ProbeSpec& other) {
        return other.every == 0 && other.params == controller_.probeDefaults(other.probe);
    });
    controller_.edit(spec, QStringLiteral("probe ") + QString::fromStdString(entry.key + key));
}

}  // namespace basin
