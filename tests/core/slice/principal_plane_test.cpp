// The plane of gradient descent's path against NumPy's numbers, and the Gram way against a direct decomposition.
#include <Eigen/SVD>
#include <QTest>
#include <cmath>
#include <numeric>
#include <random>

#include "core/slice/principal_plane.h"
#include "tests/core/slice/tiny_network.h"

using namespace basin;
using tiny::refusal;

namespace {

constexpr double kPrinted = 1e-12;  // of tests/golden/make_slices.py: 13 digits, and rounding of 50 steps

std::vector<std::vector<double>> descent()
{
    std::vector<std::vector<double>> path{tiny::start()};
    for (int step = 0; step < 50; ++step) {
        const std::vector<double> g = tiny::gradient(path.back());
        std::vector<double> next = path.back();
        for (std::size_t i = 0; i < next.size(); ++i) {
            next[i] -= 0.5 * g[i];
        }
        path.push_back(next);
    }
    return path;
}

template <class T>
std::vector<std::span<const T>> rows_of(const std::vector<std::vector<T>>& path)
{
    return {path.begin(), path.end()};
}

Eigen::MatrixXd centred(const std::vector<std::vector<double>>& path, const std::vector<double>& centre)
{
    Eigen::MatrixXd m(static_cast<Eigen::Index>(path.size()), static_cast<Eigen::Index>(centre.size()));
    for (Eigen::Index i = 0; i < m.rows(); ++i) {
        for (Eigen::Index j = 0; j < m.cols(); ++j) {
            m(i, j) =
                path[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] - centre[static_cast<std::size_t>(j)];
        }
    }
    return m;
}

}  // namespace

class PrincipalPlaneTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void fifty_steps_centred_on_the_mean()
    {
        const auto path = descent();
        QVERIFY(std::abs(tiny::loss(path.back()) - 0.007053195621) < 6e-13);
        const PrincipalPlane found = principal_plane(rows_of(path));
        const std::array<double, 3> shares{0.9824401612913, 0.0130077250770, 0.0040973195219};
        const std::array<double, 3> singular{1.1034249260869, 0.1269668693281, 0.0712589884263};
        for (std::size_t i = 0; i < 3; ++i) {
            QVERIFY(std::abs(found.shares[i] - shares[i]) < kPrinted);
            QVERIFY(std::abs(found.singular_values[i] - singular[i]) < kPrinted);
        }
        QCOMPARE(found.plane.numbers[0].first, std::string("share 1"));
        QCOMPARE(found.plane.numbers[0].second, found.shares[0]);
    }

    void fifty_steps_centred_on_the_last()
    {
        const auto path = descent();
        const PrincipalPlane found = principal_plane(rows_of(path), path.back());
        const std::array<double, 3> shares{0.9683847277180, 0.0275748080861, 0.0036499608211};
        for (std::size_t i = 0; i < 3; ++i) {
            QVERIFY(std::abs(found.shares[i] - shares[i]) < kPrinted);
        }
        QCOMPARE(found.plane.origin, path.back());
        // The last point is the origin itself.
        QVERIFY(std::abs(found.coordinates.back()[0]) < 1e-13 && std::abs(found.coordinates.back()[1]) < 1e-13);
    }

    void the_gram_way_is_the_direct_one()
    {
        const auto path = descent();
        const PrincipalPlane found = principal_plane(rows_of(path));
        const Eigen::JacobiSVD<Eigen::MatrixXd> svd(centred(path, found.plane.origin),
                                                    Eigen::ComputeThinU | Eigen::ComputeThinV);
        for (Eigen::Index j = 0; j < 3; ++j) {
            QVERIFY(std::abs(svd.singularValues()(j) - found.singular_values[static_cast<std::size_t>(j)]) < 1e-12);
        }
        for (Eigen::Index j = 0; j < 2; ++j) {
            const std::vector<double>& d = found.plane.directions[static_cast<std::size_t>(j)];
            const Eigen::VectorXd ours = Eigen::Map<const Eigen::VectorXd>(d.data(), 13);
            const double along = svd.matrixV().col(j).dot(ours);
            // Squared singular values lose half the digits of a direction: 1e-16 (1.10 / 0.127)^2 is below 1e-14.
            QVERIFY(std::abs(std::abs(along) - 1) < 1e-12);
            for (Eigen::Index i = 0; i < 51; ++i) {
                const double coordinate = svd.matrixU()(i, j) * svd.singularValues()(j) * (along < 0 ? -1 : 1);
                QVERIFY(std::abs(coordinate -
                                 found.coordinates[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)]) < 1e-12);
            }
        }
        QVERIFY(std::abs(dot(found.plane.directions[0], found.plane.directions[1])) < 1e-12);
    }

    void coordinates_are_projections_and_distances_what_is_left()
    {
        const auto path = descent();
        const PrincipalPlane found = principal_plane(rows_of(path));
        double left = 0;
        for (std::size_t i = 0; i < path.size(); ++i) {
            const PlanePoint at = found.plane.project(std::span<const double>(path[i]));
            QVERIFY(std::abs(at.alpha - found.coordinates[i][0]) < 1e-12);
            QVERIFY(std::abs(at.beta - found.coordinates[i][1]) < 1e-12);
            left += at.distance * at.distance;
        }
        double others = 0;
        for (std::size_t j = 2; j < 13; ++j) {
            others += found.singular_values[j] * found.singular_values[j];
        }
        QVERIFY(std::abs(left - others) < 1e-12);
    }

    /// Several lanes, more coordinates than one block holds, in float.
    void joint_paths_in_float_agree_with_a_direct_decomposition()
    {
        constexpr Eigen::Index kDim = 2500;
        std::mt19937 random(7);
        std::normal_distribution<double> normal;
        std::vector<std::vector<float>> path;
        std::vector<std::vector<double>> wide;
        for (int lane = 0; lane < 3; ++lane) {
            std::vector<double> at(kDim, 1.0);
            for (int step = 0; step < 12; ++step) {
                path.emplace_back(at.begin(), at.end());
                wide.emplace_back(path.back().begin(), path.back().end());
                for (double& x : at) {
                    x += 0.1 * normal(random);
                }
            }
        }
        const PrincipalPlane found = principal_plane(rows_of(path));
        const Eigen::BDCSVD<Eigen::MatrixXd> svd(centred(wide, found.plane.origin));
        const double largest = svd.singularValues()(0);
        for (Eigen::Index j = 0; j < 30; ++j) {
            QVERIFY(std::abs(svd.singularValues()(j) - found.singular_values[static_cast<std::size_t>(j)]) <
                    1e-12 * largest);
        }
        QVERIFY(std::abs(std::accumulate(found.shares.begin(), found.shares.end(), 0.0) - 1) < 1e-12);
    }

    void what_spans_no_plane_is_refused()
    {
        std::vector<std::vector<double>> path{{0, 0, 0}, {1, 1, 1}};
        QVERIFY(refusal([&] { principal_plane(rows_of(path)); }).startsWith("paths: have 2 points"));
        path.push_back({2, 2, 2});
        QVERIFY(refusal([&] { principal_plane(rows_of(path)); }).startsWith("paths: their points lie on a line"));
        path.assign(5, {1, 2, 3});
        QVERIFY(refusal([&] { principal_plane(rows_of(path)); }).startsWith("paths: their points lie on a line"));
        path.push_back({1, std::nan(""), 3});
        QVERIFY(refusal([&] { principal_plane(rows_of(path)); }).startsWith("paths: a point is not finite"));
        path.back() = {1, 2};
        QVERIFY(refusal([&] { principal_plane(rows_of(path)); }).startsWith("paths: have points of different length"));
    }
};

QTEST_APPLESS_MAIN(PrincipalPlaneTest)
#include "principal_plane_test.moc"
