// The lock of a run's folder: one process at a time, dead ones are taken over, foreign ones respected.
#include <sys/wait.h>
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>
#include <array>
#include <filesystem>
#include <string>

#include "core/run/lock_file.h"

using namespace basin;
namespace fs = std::filesystem;

namespace {

template <class Action>
QByteArray sentence(Action action)
{
    try {
        action();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "nothing was thrown";
}

QByteArray content(const fs::path& file)
{
    QFile stream(QString::fromStdString(file.string()));
    return stream.open(QIODevice::ReadOnly) ? stream.readAll() : QByteArray("unreadable");
}

void overwrite(const fs::path& file, const QByteArray& bytes)
{
    QFile stream(QString::fromStdString(file.string()));
    QVERIFY(stream.open(QIODevice::WriteOnly));
    stream.write(bytes);
}

}  // namespace

class LockFileTest : public QObject {
    Q_OBJECT

    QTemporaryDir scratch_;
    int folders_ = 0;
    fs::path fresh() { return scratch_.filePath(QString::number(folders_++)).toStdString(); }

private Q_SLOTS:
    void two_processes_do_not_share_a_folder()
    {
        const fs::path folder = fresh();
        fs::create_directory(folder);
        int ready[2];
        int leave[2];
        QVERIFY(::pipe(ready) == 0 && ::pipe(leave) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(leave[1]);  // else its own end would keep its read waiting
            const LockFile lock(folder);
            char byte = 1;
            if (::write(ready[1], &byte, 1) == 1) {
                while (::read(leave[0], &byte, 1) > 0) {
                }
            }
            ::_exit(0);  // without releasing, as a killed process
        }
        char byte = 0;
        QCOMPARE(::read(ready[0], &byte, 1), ssize_t{1});
        const QByteArray said = sentence([&] { const LockFile lock(folder); });
        QVERIFY2(said.startsWith((folder.string() + ": process " + std::to_string(child) + " of this machine").c_str()),
                 said);
        ::close(leave[1]);
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        QVERIFY(fs::exists(folder / "lock"));
        {
            const LockFile lock(folder);  // the dead process' lock is taken over
            QVERIFY(content(folder / "lock").contains(QByteArray::number(::getpid())));
        }
        QVERIFY(!fs::exists(folder / "lock"));
    }

    void a_lock_of_another_machine_is_respected()
    {
        const fs::path folder = fresh();
        fs::create_directory(folder);
        overwrite(folder / "lock", "elsewhere.example 1234 567\n");
        const QByteArray said = sentence([&] { const LockFile lock(folder); });
        QVERIFY2(said.contains("process 1234 on elsewhere.example writes here; if it is dead, remove"), said);
        overwrite(folder / "lock", "torn by a cra");
        const LockFile lock(folder);
    }

    void an_id_that_came_again_is_another_process()
    {
        const fs::path folder = fresh();
        fs::create_directory(folder);
        std::array<char, 256> host{};
        ::gethostname(host.data(), host.size() - 1);
        // Process 1 lives, but it began at another time than the lock says.
        overwrite(folder / "lock",
                  QByteArray(host.data()) + " 1 " + QByteArray::number(process_start_time(1) + 1) + "\n");
        {
            const LockFile lock(folder);
        }
        overwrite(folder / "lock", QByteArray(host.data()) + " 1 " + QByteArray::number(process_start_time(1)) + "\n");
        const QByteArray said = sentence([&] { const LockFile lock(folder); });
        QVERIFY2(process_start_time(1) == 0 || said.contains("process 1 of this machine writes here"), said);
    }
};

QTEST_APPLESS_MAIN(LockFileTest)
#include "lock_file_test.moc"
