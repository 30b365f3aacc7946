// Known answers: FIPS 180-2 appendix B (abc, two blocks, a million a's) and the empty message.
#include <QtTest/QTest>
#include <string>
#include <vector>

#include "core/compute/sha256.h"

class Sha256Test : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void known_answers_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("digest");
        QTest::newRow("empty") << QByteArray("")
                               << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        QTest::newRow("abc") << QByteArray("abc")
                             << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                    << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        QTest::newRow("a million a") << QByteArray(1000000, 'a')
                                     << QByteArray("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
    void known_answers()
    {
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, digest);
        QCOMPARE(basin::sha256(message.toStdString()), digest.toStdString());
    }

    void pieces_of_any_size_give_the_digest_of_the_whole()
    {
        std::vector<std::uint8_t> bytes(1000);
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<std::uint8_t>(i * 7);
        const std::string whole = basin::sha256(bytes);
        for (const std::size_t piece : {1U, 55U, 56U, 63U, 64U, 65U, 129U}) {
            basin::Sha256 hash;
            for (std::size_t at = 0; at < bytes.size(); at += piece)
                hash.update(std::span(bytes).subspan(at, std::min(piece, bytes.size() - at)));
            QCOMPARE(hash.finish(), whole);
        }
    }
};

QTEST_APPLESS_MAIN(Sha256Test)
#include "sha256_test.moc"
