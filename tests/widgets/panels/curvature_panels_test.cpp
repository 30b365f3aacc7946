// The panels of curvature, fed with reports as the probes make them.
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QProgressBar>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>
#include <cmath>
#include <cstring>
#include <limits>

#include "widgets/panels/lane_table.h"
#include "widgets/panels/sharpness_panel.h"
#include "widgets/panels/spectrum_panel.h"

using namespace basin;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

ProbeReport spectrum_report(std::size_t lane, std::uint64_t step, double top)
{
    ProbeReport report;
    report.lane = lane;
    report.key = "hessian_spectrum";
    report.step = step;
    report.result.values = {{"top_0", top, 0.25},
                            {"trace", 3 * top, 0.5},
                            {"top_output.bias", top / 4, 0.125},
                            {"trace_output.bias", top / 3, 0.5}};
    report.result.arrays = {{"density_at", {-1, 0, 1, top}},
                            {"density", {1e-9, 0.5, 1e-3, 1e-5}},
                            {"density_error", {0, 0.1, 0, 0}},
                            {"eigenvalues", {top, top / 2}},
                            {"residuals", {0.25, 0.5}},
                            {"density_at_output.bias", {0, 1}},
                            {"density_output.bias", {0.5, 0.5}},
                            {"eigenvalues_output.bias", {top / 4, -0.25}},
                            {"residuals_output.bias", {0.125, 0.0625}},
                            {"eigenvalues_w", {top / 8}},  // without probes there is no density
                            {"residuals_w", {0.25}}};
    return report;
}

ProbeReport sharpness_report(std::size_t lane, std::uint64_t step, double top, double limit)
{
    ProbeReport report;
    report.lane = lane;
    report.key = "sharpness";
    report.step = step;
    report.result.values = {{"top_eigenvalue", top, 0.1}, {"two_over_step_size", limit, kNan}, {"trace", 7, 1.5}};
    return report;
}

QString words(const QWidget& panel, const char* name)
{
    return panel.findChild<QLabel*>(QString::fromLatin1(name))->text();
}

}  // namespace

class CurvaturePanelsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_spectrum_is_that_of_the_step_chosen()
    {
        SpectrumPanel panel;
        panel.set_lanes({{QStringLiteral("SGD"), 0, true}, {QStringLiteral("SAM"), 1, true}});
        panel.begin();
        QVERIFY(panel.chart().readout(1).size() == 1);  // nothing but the place
        // The later one comes first, as a live measurement may.
        panel.take(spectrum_report(0, 500, 40));
        panel.take(spectrum_report(0, 100, 8));
        panel.take(spectrum_report(1, 100, 4));
        panel.refresh();
        QVERIFY(words(panel, "spectrumWords").contains(QStringLiteral("SGD, step 500: top 40 ± 0.2")));
        QVERIFY(words(panel, "spectrumWords").contains(QStringLiteral("SAM, step 100: top 4 ± 0.2, trace 12 ± 0.5")));
        QCOMPARE(panel.chart().curves()[0].spectrum->eigenvalues.front(), 40.0);
        QVERIFY(panel.chart().x_range().high > 40);

        auto* history = panel.findChild<QSlider*>(QStringLiteral("spectrumHistory"));
        QCOMPARE(history->maximum(), 1);
        history->setValue(0);
        QCOMPARE(panel.chart().curves()[0].spectrum->eigenvalues.front(), 8.0);
        QCOMPARE(words(panel, "spectrumStep"), QStringLiteral("step 100"));
        // An earlier step stays chosen when new ones come; the right end follows.
        panel.take(spectrum_report(0, 900, 50));
        panel.refresh();
        QCOMPARE(panel.chart().curves()[0].spectrum->eigenvalues.front(), 8.0);
        history->setValue(history->maximum());
        panel.take(spectrum_report(0, 1000, 60));
        panel.refresh();
        QCOMPARE(panel.chart().curves()[0].spectrum->eigenvalues.front(), 60.0);
    }

    void a_layer_has_a_spectrum_of_its_own()
    {
        SpectrumPanel panel;
        panel.set_lanes({{QStringLiteral("SGD"), 0, true}});
        panel.begin();
        panel.take(spectrum_report(0, 0, 3));
        panel.refresh();
        auto* layer = panel.findChild<QComboBox*>(QStringLiteral("spectrumLayer"));
        QCOMPARE(layer->count(), 3);
        layer->setCurrentText(QStringLiteral("output.bias"));
        QCOMPARE(panel.chart().curves()[0].spectrum->density, (std::vector<double>{0.5, 0.5}));
        QCOMPARE(panel.chart().curves()[0].spectrum->eigenvalues, (std::vector<double>{0.75, -0.25}));
        QCOMPARE(panel.chart().curves()[0].spectrum->residuals, (std::vector<double>{0.125, 0.0625}));
        QCOMPARE(words(panel, "spectrumWords"), QStringLiteral("SGD, step 0: top 0.75 ± 0.1, trace 1 ± 0.5"));
        layer->setCurrentText(QStringLiteral("w"));
        QCOMPARE(panel.chart().curves()[0].spectrum->eigenvalues, (std::vector<double>{0.375}));
        // A lane without this layer says so, and has nothing to draw.
        ProbeReport other = spectrum_report(0, 5, 3);
        other.result.arrays.erase("eigenvalues_w");
        panel.take(other);
        panel.refresh();
        QVERIFY(panel.chart().curves()[0].spectrum == nullptr);
        QCOMPARE(words(panel, "spectrumWords"), QStringLiteral("SGD, step 5: this layer was not measured"));
        panel.begin();
        QCOMPARE(layer->count(), 1);
        QVERIFY(panel.chart().curves()[0].spectrum == nullptr);
    }

    void a_spectrum_is_read_between_its_points()
    {
        Spectrum spectrum;
        spectrum.at = {0, 1, 3};
        spectrum.density = {2, 4, 0};
        spectrum.error = {0, 0.5, 0.5};
        QCOMPARE(spectrum.density_at(0.5), 3.0);
        QCOMPARE(spectrum.density_at(2), 2.0);
        QCOMPARE(spectrum.error_at(2), 0.5);
        QCOMPARE(spectrum.density_at(3), 0.0);
        QCOMPARE(spectrum.density_at(-0.1), 0.0);
        QCOMPARE(spectrum.density_at(3.1), 0.0);
    }

    void a_failed_measurement_says_why()
    {
        SpectrumPanel panel;
        panel.set_lanes({{QStringLiteral("SGD"), 0, true}});
        panel.begin();
        ProbeReport report;
        report.key = "hessian_spectrum";
        report.error = "the loss is not finite here";
        panel.take(report);
        panel.refresh();
        QCOMPARE(words(panel, "spectrumWords"), QStringLiteral("SGD: the loss is not finite here"));
        panel.take(spectrum_report(0, 10, 2));
        panel.refresh();
        QVERIFY(!words(panel, "spectrumWords").contains(QStringLiteral("finite")));
    }

    void eigenvectors_that_were_asked_for_can_be_saved()
    {
        SpectrumPanel panel;
        panel.set_lanes({{QStringLiteral("SGD"), 0, true}, {QStringLiteral("SAM"), 1, true}});
        panel.begin();
        panel.show();
        auto* save = panel.findChild<QToolButton*>(QStringLiteral("spectrumSaveVectors"));
        panel.take(spectrum_report(0, 10, 3));
        panel.refresh();
        QVERIFY(!save->isVisible());
        ProbeReport report = spectrum_report(1, 10, 3);
        const std::vector<float> numbers{0.6F, 0.8F, -0.8F, 0.6F};
        report.result.matrices["eigenvectors"] = {2, 2, std::make_shared<const std::vector<float>>(numbers)};
        panel.take(report);
        panel.refresh();
        QVERIFY(save->isVisible());
        QSignalSpy asked(&panel, &SpectrumPanel::saveVectorsAsked);
        QTest::mouseClick(save, Qt::LeftButton);
        QCOMPARE(asked.count(), 1);
        QTemporaryDir folder;
        QCOMPARE(panel.save_vectors(folder.path()), QString());
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files),
                 (QStringList{QStringLiteral("eigenvalues_1_10.csv"), QStringLiteral("eigenvectors_1_10.npy")}));
        QFile table(folder.filePath(QStringLiteral("eigenvalues_1_10.csv")));
        QVERIFY(table.open(QIODevice::ReadOnly));
        QCOMPARE(table.readAll(), QByteArray("eigenvalue,residual\n3,0.25\n1.5,0.5\n"));
        QFile matrix(folder.filePath(QStringLiteral("eigenvectors_1_10.npy")));
        QVERIFY(matrix.open(QIODevice::ReadOnly));
        const QByteArray content = matrix.readAll();
        QVERIFY(content.contains("'<f4', 'fortran_order': False, 'shape': (2, 2)"));
        QCOMPARE(std::memcmp(content.constData() + content.size() - 16, numbers.data(), 16), 0);
        QVERIFY(!panel.save_vectors(folder.filePath(QStringLiteral("nowhere"))).isEmpty());
        // A layer without eigenvectors has nothing to save.
        panel.findChild<QComboBox*>(QStringLiteral("spectrumLayer"))->setCurrentText(QStringLiteral("w"));
        QVERIFY(!save->isVisible());
    }

    void a_forecast_is_shown_while_nothing_is_measured()
    {
        ProbeControls controls(QStringLiteral("spectrum"));
        controls.show();
        auto* text = controls.findChild<QLabel*>(QStringLiteral("spectrumActivity"));
        controls.set_forecast(QStringLiteral("A lane takes about 12 s"));
        QVERIFY(text->isVisible());
        QCOMPARE(text->text(), QStringLiteral("A lane takes about 12 s"));
        controls.set_activity({QStringLiteral("SGD, step 5"), 0.5, true});
        QCOMPARE(text->text(), QStringLiteral("SGD, step 5"));
        controls.set_activity({});
        QCOMPARE(text->text(), QStringLiteral("A lane takes about 12 s"));
        controls.set_forecast({});
        QVERIFY(!text->isVisible());
    }

    void a_table_has_densities_and_eigenvalues()
    {
        SpectrumPanel panel;
        panel.set_lanes({{QStringLiteral("S\"GD"), 0, true}, {QStringLiteral("hidden"), 1, false}});
        panel.begin();
        panel.take(spectrum_report(0, 0, 3));
        panel.take(spectrum_report(1, 0, 3));
        panel.refresh();
        const QList<QByteArray> lines = panel.chart().table().split('\n');
        QCOMPARE(lines.size(), 1 + 4 + 2 + 1);
        QCOMPARE(lines[2], QByteArray("\"S\"\"GD\",density,0,0.5,0.1"));
        QCOMPARE(lines[6], QByteArray("\"S\"\"GD\",eigenvalue,1.5,,0.5"));
    }

    void one_line_for_one_step_size_else_a_line_a_lane()
    {
        SharpnessPanel panel;
        panel.set_lanes({{QStringLiteral("SGD"), 0, true}, {QStringLiteral("SAM"), 1, true}});
        panel.begin(0);
        panel.findChild<QComboBox*>(QStringLiteral("sharpnessQuantity"))->setCurrentIndex(1);
        panel.take(sharpness_report(0, 0, 40, 100));
        panel.take(sharpness_report(1, 0, 20, 100));
        panel.take(sharpness_report(0, 500, 90, 100));
        panel.refresh();
        QCOMPARE(panel.chart().readout(500).lines.size(), std::size_t{3});
        QCOMPARE(panel.chart().readout(500).lines[0].value, QStringLiteral("90"));
        QCOMPARE(panel.chart().readout(500).lines[2].label, QStringLiteral("2/λ"));
        QVERIFY(panel.chart().y_range().high > 100);
        panel.take(sharpness_report(1, 500, 30, 50));
        panel.refresh();
        QCOMPARE(panel.chart().readout(500).lines.size(), std::size_t{4});
        QCOMPARE(panel.chart().readout(500).lines[3].label, QStringLiteral("2/λ SAM"));
        // What was not measured has no curve, and a dash in the table.
        QCOMPARE(panel.table().item(0, 2)->text(), QStringLiteral("7 ± 1.5"));
        QCOMPARE(panel.table().item(0, 4)->text(), QStringLiteral("–"));
    }

    // A limit far above the data would press them flat; a logarithmic axis has room for both.
    void a_line_far_away_leaves_the_axis_to_the_data()
    {
        SharpnessPanel panel;
        panel.set_lanes({{QStringLiteral("SGD"), 0, true}});
        panel.begin(0);
        panel.findChild<QComboBox*>(QStringLiteral("sharpnessQuantity"))->setCurrentIndex(1);
        panel.take(sharpness_report(0, 0, 0.26, 100));
        panel.take(sharpness_report(0, 10, 0.3, 100));
        panel.refresh();
        QVERIFY(panel.chart().y_range().high < 1);
        panel.take(sharpness_report(0, 20, 30, 100));
        panel.refresh();
        QVERIFY(panel.chart().y_range().high > 100);
    }

    void the_axis_holds_the_whiskers()
    {
        SharpnessPanel panel;
        panel.set_lanes({{QStringLiteral("SGD"), 0, true}});
        panel.begin(0);
        panel.take(sharpness_report(0, 0, 40, 100));
        panel.take(sharpness_report(0, 10, 40, 100));
        panel.refresh();
        panel.findChild<QComboBox*>(QStringLiteral("sharpnessQuantity"))->setCurrentIndex(0);
        QVERIFY(panel.chart().y_range().low <= 7 - 3 && panel.chart().y_range().high >= 7 + 3);
    }

    void a_measurement_can_be_given_up()
    {
        ProbeControls controls(QStringLiteral("spectrum"));
        controls.show();
        auto* cancel = controls.findChild<QToolButton*>(QStringLiteral("spectrumCancel"));
        QVERIFY(!cancel->isVisible());
        controls.set_activity({QStringLiteral("SGD"), 0.5, true});
        QVERIFY(cancel->isVisible());
        QCOMPARE(controls.findChild<QProgressBar*>(QStringLiteral("spectrumProgress"))->value(), 500);
        QSignalSpy cancelled(&controls, &ProbeControls::cancelAsked);
        QTest::mouseClick(cancel, Qt::LeftButton);
        QCOMPARE(cancelled.count(), 1);
        controls.set_activity({QStringLiteral("scheduled"), 0.5, false});
        QVERIFY(!cancel->isVisible());
        controls.set_activity({});
        QVERIFY(!controls.findChild<QProgressBar*>(QStringLiteral("spectrumProgress"))->isVisible());
        QSignalSpy asked(&controls, &ProbeControls::measureAsked);
        QTest::mouseClick(controls.findChild<QToolButton*>(QStringLiteral("spectrumNow")), Qt::LeftButton);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(controls.every(), 0);
    }
};

QTEST_MAIN(CurvaturePanelsTest)
#include "curvature_panels_test.moc"
