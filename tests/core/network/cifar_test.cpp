// CIFAR-10's binary files, whole and broken: what is read, and the sentence for each thing that can be wrong.
#include <QTest>
#include <cmath>
#include <memory>
#include <tuple>

#include "core/compute/sha256.h"
#include "core/network/data/cifar.h"
#include "core/network/data/data_set.h"
#include "tests/core/network/golden.h"
#include "tests/core/network/idx_files.h"

using namespace basin;
using golden::entry;
using idx_files::gzip;
using idx_files::refusal;

namespace {

constexpr int kPixels = 3072;
constexpr int kRecord = 1 + kPixels;

/// Pixel `at` of image `number` of all.
int pixel(int number, int at)
{
    return (at * at / 7 + 31 * number) % 256;
}
int label(int number)
{
    return (3 * number + 1) % 10;
}

QByteArray records(int first, int count)
{
    QByteArray bytes;
    for (int number = first; number < first + count; ++number) {
        bytes.append(static_cast<char>(label(number)));
        for (int at = 0; at < kPixels; ++at)
            bytes.append(static_cast<char>(pixel(number, at)));
    }
    return bytes;
}

void write(const QString& folder, const QString& name, const QByteArray& bytes)
{
    QFile file(folder + "/" + name);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        throw std::runtime_error("cannot write " + name.toStdString());
}

/// Five training files of two images and four for testing: images 0 to 9 and 10 to 13.
void write_all(const QString& folder)
{
    for (int i = 0; i < 5; ++i)
        write(folder, QString("data_batch_%1.bin").arg(i + 1), records(2 * i, 2));
    write(folder, "test_batch.bin", records(10, 4));
}

void check(const CifarImages& images, int first, int count)
{
    QCOMPARE(images.labels.size(), static_cast<std::size_t>(count));
    QCOMPARE(images.pixels.size(), static_cast<std::size_t>(count * kPixels));
    for (int i = 0; i < count; ++i) {
        QCOMPARE(int{images.labels[static_cast<std::size_t>(i)]}, label(first + i));
        for (int at = 0; at < kPixels; ++at)
            QCOMPARE(int{images.pixels[static_cast<std::size_t>(i * kPixels + at)]}, pixel(first + i, at));
    }
}

}  // namespace

class CifarTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> place_;

    CifarFolder read() const { return read_cifar_folder(place_->path().toStdString()); }
    Params params() const
    {
        Params params(network_schema(entry("lenet")));
        params.set("dataset", std::string("cifar10"));
        params.set("folder", place_->path().toStdString());
        params.set("batch_size", std::int64_t{2});
        return params;
    }

private Q_SLOTS:
    void init()
    {
        place_ = std::make_unique<QTemporaryDir>();
        write_all(place_->path());
    }

    void reads_every_record()
    {
        const CifarFolder data = read();
        check(data.train, 0, 10);
        check(data.test, 10, 4);
        QCOMPARE(data.train.file_hashes.size(), 5U);
        QCOMPARE(data.train.file_hashes[1].first, std::string("data_batch_2.bin"));
        const QByteArray bytes = records(2, 2);
        QCOMPARE(data.train.file_hashes[1].second,
                 sha256(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size()))));
        QCOMPARE(data.test.file_hashes[0].first, std::string("test_batch.bin"));
    }

    void reads_the_folder_around_it_and_gzip()
    {
        const QTemporaryDir outer;
        const QString inner = outer.filePath("cifar-10-batches-bin");
        QVERIFY(QDir().mkdir(inner));
        write_all(inner);
        QVERIFY(QFile::remove(inner + "/data_batch_3.bin"));
        write(inner, "data_batch_3.bin.gz", gzip(records(4, 2)));
        const CifarFolder data = read_cifar_folder(outer.path().toStdString());
        check(data.train, 0, 10);
        check(data.test, 10, 4);
        QCOMPARE(data.train.file_hashes[2].first, std::string("data_batch_3.bin.gz"));
    }

    /// One mean and one deviation of all colours, over the training images that are used.
    void a_data_set_is_made_of_it()
    {
        const DataSet data = make_data_set(params(), 3);
        QCOMPARE(data.example_shape, (std::vector<std::int64_t>{3, 32, 32}));
        QCOMPARE(data.classes, 10);
        QCOMPARE(data.train.size(), 10U);
        QCOMPARE(data.test.size(), 4U);
        QCOMPARE(data.file_hashes.size(), 6U);
        double sum = 0;
        double squares = 0;
        for (int number = 0; number < 10; ++number)
            for (int at = 0; at < kPixels; ++at) {
                sum += pixel(number, at);
                squares += pixel(number, at) * pixel(number, at);
            }
        const double mean = sum / (10 * kPixels);
        const double deviation = std::sqrt(squares / (10 * kPixels) - mean * mean);
        QVERIFY(std::abs(data.mean - mean) < 1e-9 && std::abs(data.deviation - deviation) < 1e-9);
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(data.test.labels[static_cast<std::size_t>(i)], label(10 + i));
            for (int at = 0; at < kPixels; ++at)  // floats below 2
                QVERIFY(std::abs(static_cast<double>(data.test.inputs[static_cast<std::size_t>(i * kPixels + at)]) -
                                 (pixel(10 + i, at) - mean) / deviation) < 2e-7);
        }
    }

    void a_subset_is_of_all_five_files()
    {
        Params few = params();
        few.set("train_size", std::int64_t{7});
        QCOMPARE(make_data_set(few, 3).train.size(), 7U);
        few.set("train_size", std::int64_t{11});
        QCOMPARE(refusal([&] { std::ignore = make_data_set(few, 3); }),
                 QString("train_size: 11 examples are wanted, but cifar10 has 10 for training; give fewer, or 0 for "
                         "all"));
    }

    void lenet_takes_it()
    {
        if (!networks_available())
            QSKIP("this build has no LibTorch");
        Params augmented = params();
        augmented.set("augmentation.kind", std::string("crop_flip"));
        const auto backend = make_cpu_backend(1);
        const auto objective = make_network_objective(entry("lenet"), augmented, *backend, 3);
        QCOMPARE(objective->dim(), 6U * 75 + 6 + 16 * 150 + 16 + 120 * 576 + 120 + 84 * 120 + 84 + 10 * 84 + 10);
        std::vector<float> theta(objective->dim());
        objective->start(theta, {}, 1, {}, 3);
        float loss = 0;
        objective->evaluate({.theta = theta.data(), .losses = &loss}, {.seed = 3}, {.losses = true, .gradient = false});
        QVERIFY(std::abs(loss - std::log(10.0F)) < 0.3F);  // ten classes, and nothing learned yet
    }

    void refuses_broken_files_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("words");
        QByteArray wrong = records(0, 3);
        wrong[2 * kRecord] = 10;
        QTest::newRow("empty") << QByteArray() << "there is nothing in it; a file of CIFAR-10's binary version is";
        QTest::newRow("cut") << records(0, 2).chopped(1) << "record number 1 breaks off after 3072 of its bytes; a";
        QTest::newRow("cut early") << records(0, 1).left(7) << "record number 0 breaks off after 7 of its bytes";
        QTest::newRow("trailing") << records(0, 2) + '\0' << "record number 2 breaks off after 1 of its bytes";
        QTest::newRow("label 10") << wrong << "label number 2 is 10; a file";
        QTest::newRow("too many") << QByteArray((10000 + 1) * kRecord, '\0') << "more bytes follow its 10000 records";
        QTest::newRow("too many, packed")
            << gzip(QByteArray(20000 * kRecord, '\0')) << "more bytes follow its 10000 records";
        QTest::newRow("gzip cut") << gzip(records(0, 2)).chopped(9) << "breaks off";
    }
    void refuses_broken_files()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, words);
        for (const char* name : {"data_batch_4.bin", "test_batch.bin"}) {
            write_all(place_->path());
            write(place_->path(), name, file);
            const QString sentence = refusal([this] { std::ignore = read(); });
            QVERIFY2(sentence.startsWith(place_->filePath(name) + ": ") && sentence.contains(words),
                     qPrintable(sentence));
        }
    }

    void ten_thousand_records_are_a_file()
    {
        write(place_->path(), "test_batch.bin", gzip(QByteArray(10000 * kRecord, '\0')));
        QCOMPARE(read().test.labels.size(), 10000U);
    }

    void a_file_or_folder_that_is_missing_is_named()
    {
        QVERIFY(QFile::remove(place_->filePath("data_batch_5.bin")));
        QCOMPARE(refusal([this] { std::ignore = read(); }),
                 "folder: " + place_->path() +
                     " holds no data_batch_5.bin, plain or .gz; give the folder with the six files of CIFAR-10's "
                     "binary version");
        write_all(place_->path());
        QVERIFY(QFile::remove(place_->filePath("test_batch.bin")));
        QVERIFY(refusal([this] { std::ignore = read(); }).contains("holds no test_batch.bin"));
        Params params = this->params();
        params.set("folder", std::string("/nowhere/at/all"));
        QCOMPARE(refusal([&] { std::ignore = make_data_set(params, 1); }),
                 QString("folder: /nowhere/at/all is not a folder; give the one with the six files of CIFAR-10's "
                         "binary version"));
        params.set("folder", std::string());
        QCOMPARE(refusal([&] { std::ignore = make_data_set(params, 1); }),
                 QString("folder: cifar10 is looked for nowhere by itself; fetch its binary version from "
                         "https://www.cs.toronto.edu/~kriz/cifar.html and give the folder with its six files"));
    }
};

QTEST_APPLESS_MAIN(CifarTest)
#include "cifar_test.moc"
