// What is measured, how often, and the button that measures now.
#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "core/catalog/params.h"

namespace basin {

struct ExperimentSpec;
struct ProbeEntry;
struct ProbeSpec;
class ParamForm;
class RunController;

/// A part for each probe of the catalog: "measure every", its parameters, and "Measure now".
class ProbeForm : public QWidget {
    Q_OBJECT

public:
    explicit ProbeForm(RunController& controller, QWidget* parent = nullptr);

private:
    struct Part {
        const ProbeEntry* entry;
        ParamForm* form;
    };
    void addPart(const ProbeEntry& entry);
    void refresh();
    void apply(const ProbeEntry& entry, const std::string& key, const ParamValue& value);

    RunController& controller_;
    std::vector<Part> parts_;
};

}  // namespace basin
