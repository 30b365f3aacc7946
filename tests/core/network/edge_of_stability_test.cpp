// Gradient descent on all examples, 2-8-8-1 with tanh on two moons, half mean square, in double: the top eigenvalue
// rises to 2 / eta and no further. J. Cohen et al., "Gradient descent on neural networks typically occurs at the edge
// of stability", ICLR 2021. Start and figures: golden/make_curvature.py.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "tests/core/network/matrices.h"
#include "tests/core/network/small_networks.h"

using namespace basin;
using small_networks::SmallNetwork;

class EdgeOfStabilityTest : public QObject {
    Q_OBJECT

    QJsonObject golden_;
    SmallNetwork network_{.widths = {2, 8, 8, 1}};

    static std::vector<double> numbers(const QJsonValue& array)
    {
        std::vector<double> values;
        for (const QJsonValue& value : array.toArray())
            values.push_back(value.toDouble());
        return values;
    }
    static double top(const SmallNetwork& network)
    {
        const auto there = small_networks::curvature(network);
        return matrices::eigenvalues(matrices::whole(*there, CurvatureMatrix::hessian)).maxCoeff();
    }
    /// Top eigenvalues after each of `stops` steps.
    std::vector<double> descend(double eta, const std::vector<int>& stops) const
    {
        SmallNetwork at = network_;
        const auto loss = small_networks::curvature(at);
        std::vector<double> gradient(at.theta.size());
        std::vector<double> tops;
        for (int step = 0; step <= stops.back(); ++step) {
            if (std::find(stops.begin(), stops.end(), step) != stops.end())
                tops.push_back(top(at));
            loss->evaluate(at.theta, gradient);
            for (std::size_t i = 0; i < gradient.size(); ++i)
                at.theta[i] -= eta * gradient[i];
        }
        return tops;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(BASIN_SOURCE_DIR "/tests/golden/curvature.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        golden_ = QJsonDocument::fromJson(file.readAll()).object()["edge"].toObject();
        network_.theta = numbers(golden_["theta"]);
        network_.inputs = numbers(golden_["inputs"]);
        for (int i = 0; i < 200; ++i)
            network_.values.push_back(i < 100 ? 1 : -1);
        QCOMPARE(network_.theta.size(), 105U);
    }

    void the_start_s_curvature_is_known()
    {
        const auto start = small_networks::curvature(network_);
        const Eigen::MatrixXd h = matrices::whole(*start, CurvatureMatrix::hessian);
        const double found = matrices::eigenvalues(h).maxCoeff();
        QVERIFY(std::abs(start->loss() - golden_["loss"].toDouble()) < 1e-12);
        QVERIFY(std::abs(found - golden_["top"].toDouble()) < 1e-12);
        QVERIFY(std::abs(h.trace() - golden_["trace"].toDouble()) < 1e-12);
        QVERIFY(std::abs(found - 3.853) < 5e-4);  // another author's figures, three digits
        QVERIFY(std::abs(h.trace() - 1.319) < 5e-4);
    }

    // At eta = 0.05 the top stays below 2 / eta = 40, so that rounding shrinks; 1e-9 is far above what is left of it.
    void a_stable_descent_is_numpy_s()
    {
        const std::vector<double> tops = descend(0.05, {100, 300, 1000});
        const QJsonArray descent = golden_["descent"].toArray();
        for (std::size_t i = 0; i < tops.size(); ++i) {
            const double expected = descent[static_cast<int>(i)].toObject()["top"].toDouble();
            QVERIFY2(std::abs(tops[i] - expected) < 1e-9, qPrintable(QString::number(tops[i] - expected)));
            QVERIFY(tops[i] < 2 / 0.05);
        }
    }

    void the_top_eigenvalue_hovers_at_the_edge()
    {
        for (const double found : descend(1, {100, 300, 1000, 2000, 3000, 5000, 7000, 10000}))
            QVERIFY2(found > 1.6 && found < 2.6, qPrintable(QString::number(found)));
    }
    void smaller_steps_stay_below_the_edge()
    {
        for (const double eta : {0.5, 0.2})
            for (const double found : descend(eta, {300, 1000, 2000, 5000, 10000}))
                QVERIFY2(found < 2 / eta, qPrintable(QString("%1 at %2").arg(found).arg(eta)));
    }
};

QTEST_APPLESS_MAIN(EdgeOfStabilityTest)
#include "edge_of_stability_test.moc"
