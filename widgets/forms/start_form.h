// Where the chains start, how many they are, how long the run is.
#pragma once

#include <QString>
#include <QWidget>
#include <string>
#include <vector>

#include "core/catalog/params.h"

class QVBoxLayout;

namespace basin {

class ParamForm;
class RunController;

/// A form for what a spec says beside its objective, lanes and probes.
class StartForm : public QWidget {
    Q_OBJECT

public:
    explicit StartForm(RunController& controller, QWidget* parent = nullptr);

private:
    void refresh();
    void apply(const std::string& key, const ParamValue& value);

    RunController& controller_;
    QVBoxLayout* layout_;
    ParamForm* form_ = nullptr;
    std::string kind_;
};

/// "-1.8, 0; 1.8, 0" and back. Throws std::invalid_argument with a sentence.
std::vector<std::vector<double>> parse_points(const QString& text);
QString format_points(const std::vector<std::vector<double>>& points);

}  // namespace basin
