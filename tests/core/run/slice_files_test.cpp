// Slices on disk: what is saved comes back, a half-done one goes on to the same bytes, and what is not whole is
// refused.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <numbers>

#include "core/run/npy.h"
#include "core/run/slice_files.h"

using namespace basin;

namespace {

namespace fs = std::filesystem;

class Waves : public PointValues {
public:
    void at(std::span<const double> x, std::span<double> values) override
    {
        values[0] = std::sin(x[0]) * std::exp(x[1]) + x[2];
        if (values.size() > 1) {
            values[1] = x[0] > 0.5 ? std::nan("") : x[1];
        }
    }
};

SliceSpec spec()
{
    SliceSpec spec;
    spec.objective = "{\"waves\": \"ä \\\"quoted\\\"\"}";
    spec.plane = {"principal",
                  {0.1, -0.2, std::numbers::pi},
                  {{1, 0, 1e-300}, {0.3, 1, 0}},
                  {{"share 1", 0.98}, {"lost", std::nan("")}},
                  {{"SGD", 8, {0.5, -1.0 / 3.0, 1e-9}}, {"fSGLD", std::uint64_t{1} << 63U, {1, 2, 0}}}};
    spec.axes = {{-1, 1, 9}, {0.1, 0.7, 8}};
    spec.points = {{"train_loss", "test_loss"}, 0, 77, ~std::uint64_t{0}};
    spec.smoothing = {0.25, 3, "train_loss"};
    spec.buffers = {0.5F, 1.0F / 3};
    return spec;
}

Slice begun(std::size_t points)
{
    Slice slice(spec());
    Waves waves;
    slice.advance(waves, &waves, points);
    return slice;
}

/// Equal to the bit, NaN included.
bool same(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0;
    });
}

QByteArray content(const fs::path& file)
{
    QFile in(QString::fromStdString(file.string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("missing");
}

void put(const fs::path& file, const QByteArray& bytes)
{
    QFile out(QString::fromStdString(file.string()));
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size()) {
        throw std::runtime_error("cannot write " + file.string());
    }
}

template <class Call>
QString refusal(Call&& call)
{
    try {
        call();
    } catch (const std::invalid_argument& error) {
        return QString::fromStdString(error.what());
    }
    return {};
}

}  // namespace

class SliceFilesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everything_comes_back()
    {
        QTemporaryDir place;
        const fs::path folder = fs::path(place.path().toStdString()) / "some" / "slice";
        const Slice slice = begun(40);
        save_slice(folder, slice.spec(), slice.values());
        const SavedSlice saved = load_slice(folder, slice_hash(slice.spec()));
        QCOMPARE(slice_hash(saved.spec), slice_hash(slice.spec()));
        QCOMPARE(saved.values.done, std::size_t{40});
        QCOMPARE(saved.values.keys, slice.values().keys);
        QVERIFY(same(saved.values.arrays, slice.values().arrays));
        QCOMPARE(saved.spec.plane.kind, std::string("principal"));
        QCOMPARE(saved.spec.plane.origin, slice.spec().plane.origin);
        QCOMPARE(saved.spec.plane.directions, slice.spec().plane.directions);
        QCOMPARE(saved.spec.points, slice.spec().points);
        QCOMPARE(saved.spec.buffers, slice.spec().buffers);
        QCOMPARE(saved.spec.plane.numbers[0], slice.spec().plane.numbers[0]);
        QVERIFY(std::isnan(saved.spec.plane.numbers[1].second));
        QCOMPARE(saved.spec.plane.marks[0].at.beta, -1.0 / 3.0);
        QCOMPARE(saved.spec.plane.marks[1].step, std::uint64_t{1} << 63U);
    }

    void a_saved_slice_goes_on_to_the_same_bytes()
    {
        QTemporaryDir place;
        const fs::path folder = fs::path(place.path().toStdString()) / "slice";
        const fs::path whole = fs::path(place.path().toStdString()) / "whole";
        Waves waves;
        for (std::size_t points = 0; points <= 72; points += 24) {
            Slice slice = points == 0 ? begun(0) : [&] {
                SavedSlice saved = load_slice(folder);
                return Slice(saved.spec, saved.values);
            }();
            slice.advance(waves, &waves, 24);
            save_slice(folder, slice.spec(), slice.values());
        }
        save_slice(whole, spec(), begun(72).values());
        for (const char* name : {"slice.json", "plane.npy", "buffers.npy", "train_loss.npy", "test_loss.npy",
                                 "smoothed_train_loss.npy", "smoothed_train_loss_error.npy"}) {
            QCOMPARE(content(folder / name), content(whole / name));
        }
        QVERIFY(!fs::exists(folder.string() + ".old") && !fs::exists(folder.string() + ".writing"));
    }

    void arrays_are_what_numpy_reads()
    {
        QTemporaryDir place;
        const fs::path folder = fs::path(place.path().toStdString()) / "slice";
        save_slice(folder, spec(), begun(72).values());
        const QByteArray bytes = content(folder / "train_loss.npy");
        QVERIFY(bytes.startsWith(QByteArray("\x93NUMPY\x01\x00", 8)));
        QVERIFY(bytes.mid(10).startsWith("{'descr': '<f8', 'fortran_order': False, 'shape': (8, 9), }"));
        QCOMPARE(bytes.size(), 128 + 72 * 8);
        // Row i, column j is beta i, alpha j.
        double corner = 0;
        std::memcpy(&corner, bytes.data() + 128 + 8 * (7 * 9 + 2), sizeof corner);
        const double x = 0.1 - 0.5 + 0.7 * 0.3;
        QVERIFY(std::abs(corner - (std::sin(x) * std::exp(-0.2 + 0.7) + std::numbers::pi)) < 1e-14);
    }

    void a_save_that_was_killed_leaves_the_old_one()
    {
        QTemporaryDir place;
        const fs::path folder = fs::path(place.path().toStdString()) / "slice";
        save_slice(folder, spec(), begun(10).values());
        fs::rename(folder, folder.string() + ".old");  // as between the two renames
        QCOMPARE(load_slice(folder).values.done, std::size_t{10});
        fs::create_directory(folder.string() + ".writing");
        put(folder.string() + ".writing/plane.npy", "half");
        save_slice(folder, spec(), begun(20).values());
        QCOMPARE(load_slice(folder).values.done, std::size_t{20});
        QVERIFY(!fs::exists(folder.string() + ".writing"));
    }

    void what_is_not_a_slice_is_not_overwritten()
    {
        QTemporaryDir place;
        const fs::path folder = place.path().toStdString();
        put(folder / "thesis.txt", "precious");
        const QString said = refusal([&] { save_slice(folder, spec(), begun(1).values()); });
        QVERIFY2(said.contains("is no slice") && said.contains(place.path()), qPrintable(said));
        QCOMPARE(content(folder / "thesis.txt"), QByteArray("precious"));
        QVERIFY(refusal([&] { save_slice(folder / "thesis.txt", spec(), begun(1).values()); }).contains("is no slice"));
    }

    void damage_is_refused_in_one_sentence_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("holds");
        int which = 0;
        for (const auto& [name, holds] : std::initializer_list<std::pair<const char*, const char*>>{
                 {"another spec", "is a slice of another spec"},
                 {"no folder", "slice.json: cannot be read"},
                 {"no array", "test_loss.npy: cannot be read"},
                 {"array cut short", "train_loss.npy: is cut short"},
                 {"array too long", "train_loss.npy: is longer than its shape says"},
                 {"array is text", "train_loss.npy: is not a NumPy array"},
                 {"array of floats", "plane.npy: is not a float64 array"},
                 {"a bit of a value", "train_loss.npy: is damaged"},
                 {"a bit of the plane", "plane.npy: is damaged"},
                 {"JSON cut short", "slice.json"},
                 {"another version", "version is 2"},
                 {"a key is missing", "axes is missing"},
                 {"an axis is text", "axes must be a list, and is"},
                 {"count is negative", "axes[0].count must be a whole number"},
                 {"an axis is backwards", "axes[0]: goes from"},
                 {"a value that leaves the folder", "values[0] must be the name of a value"},
                 {"another seed", "slice_sha256 is not of what stands beside it"},
                 {"more done than known", "train_loss.npy: is damaged: its points"},
                 {"more done than there are", "done is more than the slice's 72"},
                 {"a shape that would fill memory", "train_loss.npy: is cut short"}}) {
            QTest::newRow(name) << which++ << holds;
        }
    }
    void damage_is_refused_in_one_sentence()
    {
        QFETCH(int, which);
        QFETCH(QString, holds);
        QTemporaryDir place;
        const fs::path folder = fs::path(place.path().toStdString()) / "slice";
        save_slice(folder, spec(), begun(40).values());
        const auto edit = [&](const char* name, const std::function<void(QByteArray&)>& change) {
            QByteArray bytes = content(folder / name);
            const QByteArray before = bytes;
            change(bytes);
            QVERIFY(bytes != before);
            put(folder / name, bytes);
        };
        const auto swap_text = [&](const char* from, const char* to) {
            edit("slice.json", [&](QByteArray& bytes) { bytes.replace(from, to); });
        };
        const std::vector<std::function<void()>> damages{
            [] {},
            [&] { fs::remove_all(folder); },
            [&] { fs::remove(folder / "test_loss.npy"); },
            [&] { edit("train_loss.npy", [](QByteArray& b) { b.chop(1); }); },
            [&] { edit("train_loss.npy", [](QByteArray& b) { b += "x"; }); },
            [&] { edit("train_loss.npy", [](QByteArray& b) { b = "1,2,3\n4,5,6\n"; }); },
            [&] { write_npy(folder / "plane.npy", std::vector<float>(9), 3, 3); },
            [&] {
                edit("train_loss.npy",
                     [](QByteArray& b) { b[b.size() - 100] = static_cast<char>(b[b.size() - 100] ^ 1); });
            },
            [&] { edit("plane.npy", [](QByteArray& b) { b[b.size() - 1] = static_cast<char>(b[b.size() - 1] ^ 1); }); },
            [&] { edit("slice.json", [](QByteArray& b) { b.truncate(b.size() / 2); }); },
            [&] { swap_text("\"version\": 1", "\"version\": 2"); },
            [&] { swap_text("\"axes\"", "\"axis\""); },
            [&] {
                edit("slice.json", [](QByteArray& b) {
                    const auto first = b.indexOf('[', b.indexOf("\"axes\""));
                    b.replace(first, b.indexOf("\"values\"") - first, "\"wide\", ");
                });
            },
            [&] { swap_text("\"count\": 9", "\"count\": -9"); },
            [&] { swap_text("\"lower\": -1", "\"lower\": 1"); },
            [&] { swap_text("[\"train_loss\"", "[\"../../x\""); },
            [&] { swap_text("\"seed\": 18446744073709551615", "\"seed\": 4"); },
            [&] { swap_text("\"done\": 40", "\"done\": 41"); },
            [&] { swap_text("\"done\": 40", "\"done\": 73"); },
            [&] {
                edit("train_loss.npy", [](QByteArray& b) {
                    b.replace("(8, 9), }  ", "(80000000, 9)");
                    b.replace("9)  ", "9), }");
                });
            },
        };
        damages[static_cast<std::size_t>(which)]();
        SliceSpec other = spec();
        other.points.seed = 4;
        const QString said = refusal([&] { load_slice(folder, which == 0 ? slice_hash(other) : std::string{}); });
        QVERIFY2(said.contains(holds) && said.contains(place.path()) && !said.contains('\n'), qPrintable(said));
    }
};

QTEST_APPLESS_MAIN(SliceFilesTest)
#include "slice_files_test.moc"
