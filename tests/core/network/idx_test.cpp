// IDX files, whole and broken: what is read, and the sentence for each thing that can be wrong.
#include <QTest>
#include <tuple>

#include "core/compute/sha256.h"
#include "core/network/data/idx.h"
#include "core/network/data/image_folder.h"
#include "tests/core/network/idx_files.h"

using namespace basin;
using namespace idx_files;

class IdxTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    // 3 images of 2 x 2.
    const QByteArray images_ = header({3, 2, 2}) + QByteArray("\x00\x01\x02\x03\xff\xfe\xfd\xfc\x10\x20\x30\x40", 12);

private Q_SLOTS:
    void reads_plain_and_gzip_alike_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("plain") << images_;
        QTest::newRow("gzip") << gzip(images_);
    }
    void reads_plain_and_gzip_alike()
    {
        QFETCH(QByteArray, file);
        const IdxImages images = read_idx_images(write(folder_, "good", file));
        QCOMPARE(images.count, 3U);
        QCOMPARE(images.rows, 2U);
        QCOMPARE(images.columns, 2U);
        QCOMPARE(QByteArray(reinterpret_cast<const char*>(images.pixels.data()), 12), images_.mid(16));
        QCOMPARE(images.sha256, sha256(std::string_view(file.data(), static_cast<std::size_t>(file.size()))));
    }
    void reads_more_than_a_window()
    {
        QByteArray data(3 * 700 * 701, '\0');
        for (qsizetype i = 0; i < data.size(); ++i)
            data[i] = static_cast<char>(i * i >> 3);
        const QByteArray plain = header({3, 700, 701}) + data;
        for (const QByteArray& file : {plain, gzip(plain)}) {
            const IdxImages images = read_idx_images(write(folder_, "large", file));
            QVERIFY(QByteArray(reinterpret_cast<const char*>(images.pixels.data()), data.size()) == data);
            QCOMPARE(images.sha256, sha256(std::string_view(file.data(), static_cast<std::size_t>(file.size()))));
        }
    }

    void refuses_broken_images_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("words");
        const QByteArray packed = gzip(images_);
        QByteArray wrong_sum = packed;
        wrong_sum[wrong_sum.size() - 6] = static_cast<char>(wrong_sum[wrong_sum.size() - 6] ^ 1);
        QTest::newRow("empty") << QByteArray() << "ends inside its header";
        QTest::newRow("header cut") << images_.left(14) << "ends inside its header";
        QTest::newRow("not IDX") << QByteArray("P5 28 28 255 ....") << "not an IDX file";
        QTest::newRow("floats") << header({3, 2, 2}, 13) + QByteArray(48, '\0') << "type 13";
        QTest::newRow("labels") << header({12}) + QByteArray(12, '\0') << "exchanged";
        QTest::newRow("rank 0") << header({}) + QByteArray(12, '\0') << "0 dimensions";
        QTest::newRow("rank 255") << QByteArray("\0\0\x08\xff", 4) + QByteArray(40, '\1') << "255 dimensions";
        QTest::newRow("no image") << header({0, 28, 28}) << "nothing in it";
        QTest::newRow("no columns") << header({3, 28, 0}) << "nothing in it";
        QTest::newRow("truncated") << images_.chopped(1) << "announces 3 x 2 x 2 bytes, but 11 bytes follow";
        QTest::newRow("trailing") << images_ + "x"
                                  << "but 13 bytes follow";
        QTest::newRow("terabytes") << header({0x00ffffff, 4096, 4096}) + QByteArray(99, '\0') << "but 99 bytes follow";
        QTest::newRow("overflow") << header({0xffffffff, 0xffffffff, 0xffffffff}) << "more than any file holds";
        // 2^32 x 2^31 x 2: the product is 0 modulo 2^64.
        QTest::newRow("wraps to 0") << header({0x80000000, 0x80000000, 4}) << "more than any file holds";
        QTest::newRow("terabytes in gzip")
            << gzip(header({0x00ffffff, 4096, 4096}) + QByteArray(99, '\0')) << "of gzip cannot hold so much";
        QTest::newRow("a little too much in gzip")
            << gzip(header({4, 2, 2}) + QByteArray(15, '\0')) << "ends after 15 bytes of data";
        QTest::newRow("trailing inside gzip") << gzip(images_ + "x") << "more bytes follow";
        QTest::newRow("trailing after gzip") << packed + "x"
                                             << "bytes after the gzip stream";
        QTest::newRow("gzip cut") << packed.chopped(9) << "breaks off";
        QTest::newRow("gzip cut in its checksum") << packed.chopped(3) << "breaks off";
        QTest::newRow("gzip header alone") << packed.left(10) << "breaks off";
        QTest::newRow("gzip with a wrong checksum") << wrong_sum << "damaged gzip data";
        QTest::newRow("gzip in name only") << QByteArray("\x1f\x8b", 2) + QByteArray(50, 'x') << "damaged gzip data";
    }
    void refuses_broken_images()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, words);
        const std::filesystem::path path = write(folder_, "broken", file);
        const QString says = refusal([&] { std::ignore = read_idx_images(path); });
        QVERIFY2(says.contains(words), qPrintable(says));
        QVERIFY2(says.startsWith(QString::fromStdString(path.string())), qPrintable(says));
        QVERIFY2(!says.contains('\n'), qPrintable(says));
    }

    void refuses_broken_labels()
    {
        const auto says = [&](const QByteArray& file) {
            const std::filesystem::path path = write(folder_, "labels", file);
            return refusal([&] { std::ignore = read_idx_labels(path, 10); });
        };
        QCOMPARE(says(header({3}) + QByteArray("\0\x05\x09", 3)), QString());
        QVERIFY(
            says(header({3}) + QByteArray("\0\x0a\x09", 3)).contains("label number 1 is 10; labels go from 0 to 9"));
        QVERIFY(says(images_).contains("3 dimensions, but labels have 1"));
    }

    void refuses_what_is_not_a_file()
    {
        QVERIFY(refusal([&] { std::ignore = read_idx_images("/nowhere/images"); }).contains("no such file"));
        QVERIFY(
            refusal([&] { std::ignore = read_idx_images(folder_.path().toStdString()); }).contains("not a regular"));
        QVERIFY(refusal([&] { std::ignore = read_idx_images("/dev/zero"); }).contains("not a regular file"));
    }

    void a_folder_needs_four_files_that_fit()
    {
        QTemporaryDir place;
        const QByteArray labels = header({3}) + QByteArray("\0\1\2", 3);
        const auto says = [&] {
            return refusal([&] { std::ignore = read_image_folder(place.path().toStdString(), 10); });
        };
        QVERIFY(says().contains("holds no train-images-idx3-ubyte"));
        write(place, "train-images-idx3-ubyte", images_);
        write(place, "train-labels.idx1-ubyte.gz", gzip(labels));
        write(place, "t10k-images-idx3-ubyte.gz", gzip(images_));
        QVERIFY(says().contains("holds no t10k-labels-idx1-ubyte"));
        write(place, "t10k-labels-idx1-ubyte", header({2}) + QByteArray("\0\1", 2));
        QVERIFY2(says().contains("has 2 labels, but "), qPrintable(says()));
        QVERIFY2(says().contains("t10k-images-idx3-ubyte.gz has 3 images"), qPrintable(says()));
        write(place, "t10k-labels-idx1-ubyte", labels);
        QCOMPARE(says(), QString());
        write(place, "t10k-images-idx3-ubyte.gz", header({3, 1, 4}) + QByteArray(12, '\0'));
        QVERIFY2(says().contains("its images are 1 x 4, but the training images are 2 x 2"), qPrintable(says()));
        QVERIFY(refusal([] { std::ignore = read_image_folder("/nowhere", 10); }).contains("/nowhere is not a folder"));
    }

    void debian_s_fashion_mnist_is_whole()
    {
        if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist"))
            QSKIP("dataset-fashion-mnist is not installed");
        const ImageFolder data = read_image_folder(find_fashion_mnist(), 10);
        QCOMPARE(data.train.images.count, 60000U);
        QCOMPARE(data.test.images.count, 10000U);
        QCOMPARE(data.train.images.rows, 28U);
        QCOMPARE(data.test.images.columns, 28U);
        std::vector<int> counts(10);
        for (const std::uint8_t label : data.train.labels.labels)
            ++counts[label];
        QCOMPARE(counts, std::vector<int>(10, 6000));  // the data set is balanced (its README)
    }
};

QTEST_APPLESS_MAIN(IdxTest)
#include "idx_test.moc"
