// Eigenvectors in a run's folder, against products with the matrix at the theta that the same run wrote down.
#include <QByteArray>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/network/network.h"
#include "core/run/objectives.h"
#include "core/run/runner.h"
#include "core/run/spec.h"

using namespace basin;

namespace {

struct Matrix {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<float> numbers;
    std::span<const float> row(std::size_t i) const { return std::span(numbers).subspan(i * columns, columns); }
};

/// float32 of NumPy's format 1.0, read by its description and not by our own code.
Matrix read_floats(const QString& name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QByteArray content = file.readAll();
    const qsizetype length =
        static_cast<unsigned char>(content[8]) + 256 * static_cast<qsizetype>(static_cast<unsigned char>(content[9]));
    const QString header = QString::fromLatin1(content.mid(10, length));
    static const QRegularExpression shape(
        QStringLiteral("'<f4', 'fortran_order': False, 'shape': \\((\\d+), (\\d+)\\)"));
    const QRegularExpressionMatch found = shape.match(header);
    Matrix matrix{found.captured(1).toULongLong(), found.captured(2).toULongLong(), {}};
    matrix.numbers.resize(matrix.rows * matrix.columns);
    const QByteArray data = content.mid(10 + length);
    if (data.size() == static_cast<qsizetype>(matrix.numbers.size() * sizeof(float))) {
        std::memcpy(matrix.numbers.data(), data.data(), static_cast<std::size_t>(data.size()));
    } else {
        return {};
    }
    return matrix;
}

/// An array of the run's only probe at a step of its only lane.
std::vector<double> read_array(const QString& folder, int step, const std::string& name)
{
    QFile file(folder + QStringLiteral("/probes/0_hessian_spectrum_arrays.csv"));
    std::vector<double> values;
    if (!file.open(QIODevice::ReadOnly)) {
        return values;
    }
    const QByteArray start = "0," + QByteArray::number(step) + "," + QByteArray::fromStdString(name) + ",";
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith(start)) {
            for (const QByteArray& number : line.mid(start.size()).split(' ')) {
                values.push_back(number.toDouble());
            }
        }
    }
    return values;
}

constexpr int kSteps = 40;
constexpr const char* kSpec = R"({"version": 1, "steps": 40, "seed": 5,
    "objective": {"network": "mlp", "dataset": "two_moons", "widths": [12, 6], "batch_size": 16},
    "lanes": [{"label": "SGD", "optimizer": "sgd", "step_size": 0.1}],
    "probes": [{"probe": "hessian_spectrum", "every": 20, "top": 3, "bottom": 2, "probes": 0, "sample": 0,
                "layers": "each", "eigenvectors": EIGENVECTORS}]})";

ExperimentSpec spec(const char* eigenvectors)
{
    return parse_spec(QByteArray(kSpec).replace("EIGENVECTORS", eigenvectors).toStdString(), "test");
}

QStringList files_of_run(const QString& folder, const char* eigenvectors)
{
    RunOptions options;
    options.folder = folder.toStdString();
    options.threads = 1;
    options.reported = true;
    Runner runner(spec(eigenvectors), options);
    runner.start();
    runner.wait();
    for (const ProbeReport& report : runner.take_reports()) {
        if (!report.result.matrices.empty() || !report.error.empty()) {
            return {};
        }
    }
    return QDir(folder + QStringLiteral("/probes")).entryList({QStringLiteral("*.npy")}, QDir::Files, QDir::Name);
}

}  // namespace

class EigenvectorsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!networks_available()) {
            QSKIP("needs LibTorch");
        }
    }

    void none_unless_asked_for()
    {
        QTemporaryDir scratch;
        QCOMPARE(files_of_run(scratch.filePath("run"), "false"), QStringList());
    }

    void a_file_for_each_matrix_and_step()
    {
        QTemporaryDir scratch;
        const QStringList files = files_of_run(scratch.filePath("run"), "true");
        // The whole and six blocks at steps 0, 20, 40.
        QCOMPARE(files.size(), 7 * 3);
        QVERIFY(files.contains(QStringLiteral("0_hessian_spectrum_eigenvectors_0_20.npy")));
        QVERIFY(files.contains(QStringLiteral("0_hessian_spectrum_eigenvectors_output.bias_0_40.npy")));
        files_of_run(scratch.filePath("again"), "true");
        for (const QString& name : files) {
            QFile one(scratch.filePath("run/probes/") + name);
            QFile other(scratch.filePath("again/probes/") + name);
            QVERIFY(one.open(QIODevice::ReadOnly) && other.open(QIODevice::ReadOnly));
            QVERIFY(one.readAll() == other.readAll());
        }
    }

    /// |A x - theta x| from the files against the residual beside them. x was rounded to float, which moves A x by
    /// 6e-8 |A|, and products of a float network are known to some 1e-7 |A|: 1e-6 |A| holds both.
    void residuals_are_those_of_the_files()
    {
        QTemporaryDir scratch;
        const QString folder = scratch.filePath("run");
        QVERIFY(!files_of_run(folder, "true").isEmpty());
        const auto backend = make_cpu_backend(1);
        const auto objective = make_objective(spec("true").objective, *backend, 5);
        const Matrix theta = read_floats(folder + QStringLiteral("/theta_0.npy"));
        QCOMPARE(theta.columns, objective->dim());
        const auto curvature = objective->curvature(theta.numbers, {}, {.sample = 0, .seed = 5});
        const double scale = read_array(folder, kSteps, "eigenvalues").at(0);
        QVERIFY(scale > 0);
        int compared = 0;
        std::vector<LayoutBlock> parts = objective->layout().blocks;
        parts.push_back({"", 0, {static_cast<std::int64_t>(objective->dim())}, BlockRole::weight});
        for (const LayoutBlock& part : parts) {
            const std::string suffix = (part.name.empty() ? "" : "_") + part.name;
            const Matrix x = read_floats(folder + QStringLiteral("/probes/0_hessian_spectrum_eigenvectors") +
                                         QString::fromStdString(suffix) + QStringLiteral("_0_40.npy"));
            const std::vector<double> eigenvalues = read_array(folder, kSteps, "eigenvalues" + suffix);
            const std::vector<double> residuals = read_array(folder, kSteps, "residuals" + suffix);
            QCOMPARE(x.rows, eigenvalues.size());
            QCOMPARE(x.columns, part.size());
            for (std::size_t i = 0; i < x.rows; ++i) {
                std::vector<double> in(objective->dim());
                std::vector<double> out(objective->dim());
                std::copy(x.row(i).begin(), x.row(i).end(), in.begin() + static_cast<std::ptrdiff_t>(part.offset));
                curvature->product(CurvatureMatrix::hessian, in, out);
                double length = 0;
                double residual = 0;
                for (std::size_t k = part.offset; k < part.offset + part.size(); ++k) {
                    length += in[k] * in[k];
                    residual += std::pow(out[k] - eigenvalues[i] * in[k], 2);
                }
                QVERIFY(std::abs(length - 1) < 1e-6);
                QVERIFY2(std::abs(std::sqrt(residual) - residuals[i]) < 1e-6 * scale, part.name.c_str());
                ++compared;
            }
        }
        QVERIFY(compared >= 5 * 6);
    }
};

QTEST_GUILESS_MAIN(EigenvectorsTest)
#include "eigenvectors_test.moc"
