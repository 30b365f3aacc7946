// Checkpoints and the folder: what is whole, what is refused, and that nothing is overwritten.
#include <sys/resource.h>

#include <QFile>
#include <QtTest/QTest>
#include <cmath>
#include <limits>
#include <thread>

#include "core/run/append_file.h"
#include "core/run/checkpoint.h"
#include "core/run/npy.h"
#include "fake_run.h"

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

Checkpoint some_checkpoint()
{
    Checkpoint checkpoint;
    checkpoint.spec_hash = "abc";
    checkpoint.program = "basin 1";
    checkpoint.threads = 2;
    checkpoint.seconds = 0.1;
    LaneCheckpoint lane;
    lane.step = std::uint64_t{1} << 60U;
    lane.counts = {1, 2, 3, std::numeric_limits<std::uint64_t>::max()};
    lane.loss = std::nan("");
    lane.seconds = 1.0 / 3;
    lane.failed = true;
    lane.owes_metrics = true;
    lane.message = "\"quoted\" \xc3\xbc";
    lane.metrics = {{"norm", -0.0}, {"other", std::numeric_limits<double>::infinity()}};
    lane.arrays = {{"theta", {1, -0.0F, std::nanf("")}}, {"empty", {}}};
    checkpoint.lanes = {lane, LaneCheckpoint{}};
    checkpoint.probe_inputs = {{{1, 2}, {}}, {{3}, {4, 5}}};
    checkpoint.pending = {{1, 0, 500, {20, 0.25}, 0.1, 1}};
    checkpoint.changes = {{7, 1, "beta", "{\"kind\": \"cosine\"}"}};
    checkpoint.file_sizes = {{"metrics.csv", 12345}};
    return checkpoint;
}

}  // namespace

class CheckpointTest : public QObject {
    Q_OBJECT

    QTemporaryDir scratch_;
    int folders_ = 0;
    fs::path fresh() { return scratch_.filePath(QString::number(folders_++)).toStdString(); }
    fs::path checkpoint_folder()
    {
        const fs::path folder = fresh();
        fs::create_directories(folder / "checkpoint");
        write_checkpoint(folder, some_checkpoint());
        return folder;
    }
    RunOptions resuming(const fs::path& folder)
    {
        RunOptions options;
        options.folder = folder;
        options.resume = true;
        return options;
    }

private Q_SLOTS:
    void what_was_written_is_read()
    {
        const Checkpoint a = some_checkpoint();
        const Checkpoint b = read_checkpoint(checkpoint_folder());
        QCOMPARE(b.spec_hash, a.spec_hash);
        QCOMPARE(b.threads, a.threads);
        QCOMPARE(b.seconds, a.seconds);
        QCOMPARE(b.lanes.size(), a.lanes.size());
        const LaneCheckpoint& lane = b.lanes[0];
        QCOMPARE(lane.step, a.lanes[0].step);
        QCOMPARE(lane.counts, a.lanes[0].counts);
        QVERIFY(std::isnan(lane.loss));
        QCOMPARE(lane.seconds, 1.0 / 3);
        QVERIFY(lane.failed && lane.message == a.lanes[0].message);
        QVERIFY(lane.owes_metrics && !b.lanes[1].owes_metrics);
        QVERIFY(lane.metrics == a.lanes[0].metrics && std::signbit(lane.metrics[0].second));
        QCOMPARE(lane.arrays[0].second.size(), std::size_t{3});
        QVERIFY(std::signbit(lane.arrays[0].second[1]) && std::isnan(lane.arrays[0].second[2]));
        QVERIFY(lane.arrays[1].first == "empty" && lane.arrays[1].second.empty());
        QCOMPARE(b.probe_inputs[1].buffers, (std::vector<float>{4, 5}));
        QVERIFY(b.pending[0].step == 500 && b.pending[0].measure.sigma == 0.25 && b.pending[0].step_size == 0.1 &&
                b.pending[0].input == 1);
        QVERIFY(b.changes[0].key == "beta" && b.changes[0].value == a.changes[0].value);
        QCOMPARE(b.file_sizes, a.file_sizes);
    }

    void any_damaged_byte_is_noticed()
    {
        const fs::path folder = checkpoint_folder();
        const QByteArray whole = content(checkpoint_file(folder));
        for (qsizetype i = 0; i < whole.size(); ++i) {
            QByteArray damaged = whole;
            damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
            overwrite(checkpoint_file(folder), damaged);
            QVERIFY2(sentence([&] { read_checkpoint(folder); }).startsWith(checkpoint_file(folder).c_str()),
                     QByteArray::number(i));
        }
        for (qsizetype size = 0; size < whole.size(); ++size) {
            overwrite(checkpoint_file(folder), whole.left(size));
            QVERIFY(sentence([&] { read_checkpoint(folder); }) != "nothing was thrown");
        }
    }

    void another_version_is_refused_by_name()
    {
        // Same length, so that nothing else has to change but the checksum: written with the program's own writer.
        const fs::path folder = fresh();
        fs::create_directories(folder / "checkpoint");
        Checkpoint checkpoint = some_checkpoint();
        write_checkpoint(folder, checkpoint);
        QByteArray bytes = content(checkpoint_file(folder));
        const qsizetype place = bytes.indexOf("\"version\":1") + 10;
        QVERIFY(place > 10);
        bytes[place] = '7';
        const QByteArray body = bytes.left(bytes.size() - 4);
        std::uint32_t crc = 0xffffffffU;  // CRC-32 (IEEE 802.3), bit by bit
        for (const char c : body) {
            crc ^= static_cast<std::uint8_t>(c);
            for (int bit = 0; bit < 8; ++bit) {
                crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
            }
        }
        crc = ~crc;
        overwrite(checkpoint_file(folder), body + QByteArray(reinterpret_cast<const char*>(&crc), 4));
        QVERIFY2(sentence([&] { read_checkpoint(folder); }).contains("has version 7; this program"),
                 sentence([&] { read_checkpoint(folder); }));
    }

    void an_existing_folder_is_left_alone()
    {
        const fs::path folder = fresh();
        fs::create_directory(folder);
        RunOptions options;
        options.folder = folder;
        QCOMPARE(sentence([&] { Runner(fake_spec(5), options, fake_parts()); }),
                 QByteArray::fromStdString(folder.string() +
                                           ": exists already; choose a new folder or resume the run in it"));
        QVERIFY(fs::is_empty(folder));
        options.folder = folder / "";
        QVERIFY(sentence([&] { Runner(fake_spec(5), options, fake_parts()); }).contains("exists already"));
        fs::create_symlink("nowhere", folder / "link");
        options.folder = folder / "link";
        QVERIFY(sentence([&] { Runner(fake_spec(5), options, fake_parts()); }).contains("exists already"));
    }

    void a_folder_under_a_file_is_refused()
    {
        const fs::path file = fresh();
        overwrite(file, "precious");
        RunOptions options;
        options.folder = file / "run";
        const QByteArray said = sentence([&] { Runner(fake_spec(5), options, fake_parts()); });
        QVERIFY2(said.startsWith((file / "run").c_str()) && said.contains("Not a directory"), said);
        options.folder = file / "deeper" / "run";
        QVERIFY(sentence([&] { Runner(fake_spec(5), options, fake_parts()); }).contains("Not a directory"));
        QCOMPARE(content(file), QByteArray("precious"));
    }

    void a_bad_spec_leaves_no_folder()
    {
        RunOptions options;
        options.folder = fresh();
        ExperimentSpec spec = fake_spec(5);
        spec.probes = {{"summ", {}, 5}};
        sentence([&] { Runner(spec, options, fake_parts()); });
        QVERIFY(!fs::exists(options.folder));
    }

    void two_runs_do_not_share_a_folder()
    {
        RunOptions options;
        options.folder = fresh();
        options.paused = true;
        Runner first(fake_spec(50), options, fake_parts());
        QVERIFY2(sentence([&] {
                     Runner(fake_spec(50), resuming(options.folder), fake_parts());
                 }).contains("another run writes here"),
                 sentence([&] { Runner(fake_spec(50), resuming(options.folder), fake_parts()); }));
        first.start();
        first.resume();
        first.wait();
        QCOMPARE(first.state(), RunState::finished);
        Runner second(fake_spec(50), resuming(options.folder), fake_parts());
    }

    void resume_refuses_what_is_not_its_run()
    {
        const fs::path folder = fresh();
        QVERIFY(sentence([&] {
                    Runner(fake_spec(9), resuming(folder), fake_parts());
                }).contains("no such folder to resume"));
        fs::create_directory(folder);
        QVERIFY(sentence([&] { Runner(fake_spec(9), resuming(folder), fake_parts()); }).contains("has no spec.json"));
        QVERIFY(fs::is_empty(folder));

        const fs::path run = fresh();
        run_to_end(fake_spec(9), run, 1);
        const auto before = files_of(run);
        QVERIFY(
            sentence([&] { Runner(fake_spec(10), resuming(run), fake_parts()); }).contains("belongs to another spec"));
        RunOptions threads = resuming(run);
        threads.threads = 2;
        QVERIFY2(sentence([&] { Runner(fake_spec(9), threads, fake_parts()); }).contains("resume with --threads 1"),
                 sentence([&] { Runner(fake_spec(9), threads, fake_parts()); }));
        overwrite(checkpoint_file(run), content(checkpoint_file(run)).chopped(1));
        QVERIFY(sentence([&] { Runner(fake_spec(9), resuming(run), fake_parts()); }).contains("is damaged"));
        QVERIFY(files_of(run) == before);
    }

    void a_finished_run_can_be_resumed_and_stays_as_it_is()
    {
        const fs::path run = fresh();
        ExperimentSpec spec = fake_spec(40);
        spec.probes = {{"sum", {}, 10}};
        const auto before = run_to_end(spec, run, 1);
        Runner runner(spec, resuming(run), fake_parts());
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        QVERIFY(files_of(run) == before);
    }

    void a_stopped_run_goes_on_to_the_same_bytes_data()
    {
        QTest::addColumn<bool>("wells");
        QTest::newRow("landscape") << true;
        QTest::newRow("with momentum, epochs and metrics") << false;
    }
    /// Stopped again and again, with changes by hand in between and measurements waiting behind a closed gate.
    void a_stopped_run_goes_on_to_the_same_bytes()
    {
        QFETCH(bool, wells);
        ExperimentSpec spec = wells ? wells_spec(900, 200) : fake_spec(900);
        spec.probes = {{"sum", {}, 150}};  // two states wait behind the gate when the last part begins
        spec.lanes.push_back(lane("wild", "sgd", {{"step_size", 40.0}}));
        RunOptions options;
        options.folder = fresh();
        options.threads = 1;
        options.paused = true;
        std::vector<ChangeSpec> changes;
        for (int part = 0; part < 4; ++part) {
            const auto gate = std::make_shared<Gate>(false);
            Runner runner(spec, options, fake_parts(gate));
            QCOMPARE(runner.changes().size(), static_cast<std::size_t>(part));
            runner.start();
            runner.change(1, "step_size", 0.03 + 0.001 * part);
            for (int i = 0; i < 70; ++i) {
                runner.single_step();
            }
            while (runner.state() != RunState::paused) {
                std::this_thread::yield();
            }
            runner.stop();
            runner.wait();
            QCOMPARE(runner.state(), RunState::stopped);
            changes = runner.changes();
            options.resume = true;
        }
        options.paused = false;
        Runner runner(spec, options, fake_parts());
        runner.start();
        runner.wait();
        QCOMPARE(runner.state(), RunState::finished);
        auto resumed = files_of(options.folder);

        ExperimentSpec whole = spec;
        whole.changes = changes;
        auto straight = run_to_end(whole, fresh(), 1);
        for (auto* files : {&resumed, &straight}) {
            files->erase("spec.json");  // one has the changes in it, as its summary's hash knows
            files->erase("summary.json");
        }
        QCOMPARE(changes.size(), std::size_t{4});
        for (const auto& [name, bytes] : straight) {
            QVERIFY2(resumed[name] == bytes, name.c_str());
        }
        QCOMPARE(resumed.size(), straight.size());
    }

    void a_file_size_limit_fails_the_run_in_words()
    {
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        rlimit small = before;
        small.rlim_cur = 20000;
        RunOptions options;
        options.folder = fresh();
        Runner runner(fake_spec(100000), options, fake_parts());
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        runner.start();
        runner.wait();
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        QCOMPARE(runner.state(), RunState::failed);
        QCOMPARE(runner.message(), (options.folder / "metrics.csv").string() + ": cannot be written: File too large");
        QVERIFY(!fs::exists(options.folder / "lock"));

        // With the limit gone it can be resumed, to the bytes of a run that never saw it.
        options.resume = true;
        options.threads = 1;
        Runner again(fake_spec(100000), options, fake_parts());
        again.start();
        again.wait();
        QCOMPARE(again.state(), RunState::finished);
        QVERIFY(files_of(options.folder) == run_to_end(fake_spec(100000), fresh(), 1));
    }

    void a_folder_that_cannot_be_filled_is_taken_away_again()
    {
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        rlimit none = before;
        none.rlim_cur = 0;
        RunOptions options;
        options.folder = fresh();
        ignore_file_size_signal();
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &none), 0);
        const QByteArray said = sentence([&] { Runner(fake_spec(5), options, fake_parts()); });
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY2(said.contains("cannot be written: File too large"), said);
        QVERIFY(!fs::exists(options.folder));
    }

    void a_file_that_was_cut_by_something_else_is_noticed()
    {
        const fs::path run = fresh();
        run_to_end(fake_spec(9), run, 1);
        fs::resize_file(run / "metrics.csv", 10);
        const QByteArray said = sentence([&] { Runner(fake_spec(9), resuming(run), fake_parts()); });
        QVERIFY2(said.contains("metrics.csv: is shorter than its checkpoint says"), said);
    }

    void numbers_are_written_for_numpy_and_r()
    {
        const fs::path file = fresh();
        {
            AppendFile append(file, 0);
            append.number(0.1)
                .text(" ")
                .number(std::nan(""))
                .text(" ")
                .number(-std::numeric_limits<double>::infinity());
            append.text(" ").number(std::numeric_limits<std::uint64_t>::max()).text(" ").number(1e-300).text(" ");
            append.field("plain").text(" ").field("a,\"b\"\n");
            append.flush();
        }
        QCOMPARE(content(file), QByteArray("0.1 NaN -Inf 18446744073709551615 1e-300 plain \"a,\"\"b\"\"\n\""));
        QCOMPARE(csv_number(std::numeric_limits<double>::infinity()), std::string("Inf"));
        AppendFile cut(file, 3);
        cut.text("!").flush();
        QCOMPARE(content(file), QByteArray("0.1!"));
        QCOMPARE(cut.size(), std::uint64_t{4});
    }
};

QTEST_APPLESS_MAIN(CheckpointTest)
#include "checkpoint_test.moc"
