// What bad input gets from the real program: exit status 2, one line that names file or key, and nothing overwritten.
#include <QTest>

#include "workplace.h"

class BadInputTest : public QObject {
    Q_OBJECT

    /// Runs and expects the refusal; `words` must all be in its one line. `new_names` may have come into being.
    static void refuse(const Workplace& place, const QStringList& arguments, const QStringList& words,
                       rlim_t file_limit = 0, const QString& may_appear = {})
    {
        const QHash<QString, QByteArray> before = place.contents();
        const Workplace::Result result = place.run(arguments, file_limit);
        QVERIFY2(!result.crashed, result.error.constData());
        QVERIFY2(result.status == 2, QByteArray(QByteArray::number(result.status) + ": " + result.error).constData());
        QVERIFY2(result.error.startsWith("basin-run: "), result.error.constData());
        QVERIFY2(result.error.count('\n') == 1 && result.error.endsWith('\n'), result.error.constData());
        for (const QString& word : words) {
            QVERIFY2(result.error.contains(word.toUtf8()),
                     QByteArray(word.toUtf8() + " is not in " + result.error).constData());
        }
        QHash<QString, QByteArray> after = place.contents();
        if (!may_appear.isEmpty()) {
            after.removeIf([&](const auto& entry) { return entry.key().startsWith(may_appear); });
        }
        QCOMPARE(after, before);
    }

    static QByteArray network_spec(const QByteArray& more)
    {
        return R"({"version": 1, "objective": {"network": "logistic_regression", "dataset": "mnist", "folder": "data", "batch_size": 2)" +
               more + R"(}, "steps": 2, "lanes": [{"optimizer": "sgd"}]})";
    }

    static QByteArray idx(const QList<quint32>& extents, const QByteArray& bytes)
    {
        QByteArray file("\0\0\x08", 3);
        file += static_cast<char>(extents.size());
        for (const quint32 extent : extents) {
            for (const int shift : {24, 16, 8, 0}) {
                file += static_cast<char>((extent >> shift) & 0xff);
            }
        }
        return file + bytes;
    }

    /// Four images of 2 x 2 and their labels, for training and test.
    static void write_images(const Workplace& place)
    {
        for (const char* part : {"data/train", "data/t10k"}) {
            place.write(QLatin1String(part) + QLatin1String("-images-idx3-ubyte"),
                        idx({4, 2, 2}, QByteArray("\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7", 16)));
            place.write(QLatin1String(part) + QLatin1String("-labels-idx1-ubyte"), idx({4}, QByteArray("\0\1\2\3", 4)));
        }
    }

private Q_SLOTS:
    void initTestCase() { qputenv("BASIN_CUDA_DRIVER", "libnowhere.so.1"); }  // as on a machine without a GPU

    void the_small_spec_itself_runs()
    {
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec());
        const Workplace::Result result = place.run({QStringLiteral("a.json")});
        QVERIFY2(result.status == 0, result.error.constData());
    }

    void wrong_specs_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* from, const char* to, const char* expected) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromUtf8(expected);
        };
        row("misspelt lane key", "\"beta\"", "\"bta\"", "a.json: lanes[0] has no key \"bta\"; did you mean \"beta\"?");
        row("unknown lane key", "\"beta\"", "\"temperature\"", "a.json: lanes[0] has no key \"temperature\"");
        row("misspelt top key", "\"chains\"", "\"chians\"", "a.json has no key \"chians\"; did you mean \"chains\"?");
        row("misspelt landscape key", "\"axx\"", "\"axz\"", "a.json: objective has no key \"axz\"; did you mean \"ax");
        row("misspelt start key", "\"spread\"", "\"spred\"",
            "a.json: start has no key \"spred\"; did you mean \"spread\"?");
        row("unknown landscape", "\"quadratic\"", "\"quadratc\"", "a.json: objective.landscape must be ");
        row("unknown network", "\"landscape\": \"quadratic\", \"axx\": 2", "\"network\": \"vgg\"",
            "a.json: objective.network must be ");
        row("no objective", "\"landscape\": \"quadratic\", \"axx\": 2", "", "a.json: objective must have either");
        row("unknown optimizer", "\"sgld\"", "\"sgdl\"", "a.json: lanes[0].optimizer must be ");
        const auto lane = [](const char* name, const char* optimizer, const char* expected) {
            const char* whole = R"("label": "A", "optimizer": "sgld", "step_size": 0.05, "beta": 20)";
            QTest::newRow(name) << QByteArray(whole) << "\"label\": \"A\", \"optimizer\": " + QByteArray(optimizer)
                                << "a.json: lanes[0]" + QString::fromUtf8(expected);
        };
        lane("AdamW without epsilon", R"("adamw", "epsilon": 0)",
             ".epsilon must be greater than 0 and at most 1, not 0");
        lane("AdamW that forgets nothing", R"("adamw", "beta2": 1)",
             ".beta2 must be at least 0 and at most 0.999999, not 1");
        lane("AdamW's first moment from below 0", R"("adamw", "beta1": -0.1)", ".beta1 must be at least 0");
        lane("AdamW's moments by PyTorch's name", R"("adamw", "betas": [0.9, 0.999])",
             " has no key \"betas\"; did you mean \"beta1\"?");
        lane("a schedule that ends where nothing is forgotten",
             R"("adamw", "beta2": {"schedule": "cosine", "value": 0.9, "end": 1})", ".beta2.end must be at least 0");
        lane("amsgrad as a number", R"("adamw", "amsgrad": 1)", ".amsgrad must be true or false, not 1");
        lane("unknown base", R"("sam", "base": "adamv")", ".base must be \"sgd\", \"adamw\", \"fsgld\"");
        lane("the base that was meant", R"("sam", "base": "adamv")",
             R"(.base must be "sgd", "adamw", "fsgld", "rwp" or )"
             R"("sgld" (did you mean "adamw"?), not "adamv")");
        lane("SAM inside SAM", R"("sam", "base": "sam")",
             ".base must be \"sgd\", \"adamw\", \"fsgld\", \"rwp\" or \"sgld\"");
        lane("ASAM inside SAM", R"("sam", "base": "asam")", ".base must be \"sgd\"");
        lane("a base as a list", R"("asam", "base": ["sgd"])", ".base");
        lane("a base of a method without one", R"("sgd", "base": "adamw")", " has no key \"base\"");
        lane("what the base refuses", R"("sam", "base": "sgd", "nesterov": true)",
             ": nesterov: needs momentum above 0");
        lane("a base's value out of range", R"("sam", "base": "adamw", "epsilon": 0)",
             ".epsilon must be greater than 0");
        lane("negative radius", R"("asam", "rho": -0.5)", ".rho must be at least 0");
        lane("negative offset", R"("asam", "eta": -0.01)", ".eta must be at least 0");
        lane("unknown scale", R"("rwp", "scale": "layer")",
             ".scale must be \"filter\" or \"isotropic\", not \"layer\"");
        lane("negative perturbation", R"("rwp", "sigma": -1)", ".sigma must be at least 0");
        row("no optimizer", "\"optimizer\": \"sgld\", ", "", "a.json: lanes[0] needs a key \"optimizer\"");
        row("unknown choice", "\"normal\"", "\"gaussian\"",
            "a.json: lanes[1].noise must be \"normal\" or \"rademacher\"");
        row("out of range", "0.05", "-0.05", "a.json: lanes[0].step_size must be ");
        row("zero beta", "\"beta\": 20", "\"beta\": 0", "a.json: lanes[0].beta must be greater than 0");
        row("negative chains", "\"chains\": 10", "\"chains\": -10", "a.json: chains must be at least 1");
        row("no steps", "\"steps\": 20", "\"steps\": 0", "a.json: steps must be at least 1, not 0");
        row("half a step", "\"steps\": 20", "\"steps\": 1.5", "a.json: steps must be a whole number, not 1.5");
        row("huge steps", "\"steps\": 20", "\"steps\": 99999999999999999999999",
            "a.json: steps must be a whole number");
        row("negative seed", "\"seed\": 1", "\"seed\": -1", "a.json: seed must be at least 0, not -1");
        row("text for number", "0.05", "\"fast\"", "a.json: lanes[0].step_size must be a number, not \"fast\"");
        row("null", "0.05", "null", "a.json: lanes[0].step_size must not be null");
        row("beyond double", "0.05", "1e999", "1e999 is beyond the range of numbers");
        row("nan", "0.05", "NaN", "a.json: line 4, column 62: not JSON");
        row("decimal comma", "0.05", "0,05", "a.json: line 4, column 64: not JSON");
        row("key twice", "\"beta\": 20", "\"beta\": 20, \"beta\": 30", "key \"beta\" is given twice");
        row("two equal labels", "\"B\"", "\"A\"", "a.json: lanes[1].label must be a name of its own");
        row("label of two lines", "\"B\"", "\"B\\nC\"", "a.json: lanes[1].label must be one line");
        row("no lanes", "\"lanes\": [", "\"lanes\": [], \"probes\": [", "a.json: lanes must hold between 1 and");
        row("lanes no list",
            "\"lanes\": [{\"label\": \"A\", \"optimizer\": \"sgld\", \"step_size\": 0.05, \"beta\": 20},",
            "\"lanes\": 3, \"probes\": [", "a.json: lanes must be a list [...], not 3");
        row("three coordinates", "[1, 1]", "[1, 1, 1]", "a.json: start.points[0] must be two numbers [x, y], not 3");
        row("point of text", "[1, 1]", "[1, \"one\"]", "a.json: start.points[0][1] must be a number, not \"one\"");
        row("far away", "[1, 1]", "[1, 1e300]", "a.json: start.points[0] must be between -1e30 and 1e30, not 1e+300");
        row("epochs of a landscape", "\"steps\": 20", "\"epochs\": 2", "a.json: epochs is for networks");
        row("steps and epochs", "\"steps\": 20", "\"steps\": 20, \"epochs\": 2", "a.json: epochs and steps");
        row("no end", "\"steps\": 20,", "", "a.json: has no \"steps\" and would never end; add --set steps=4000");
        row("unknown probe", "\"steps\": 20", "\"steps\": 20, \"probes\": [{\"probe\": \"gibs\"}]",
            "a.json: probes[0].probe must be ");
        row("change of a fixed parameter", "\"steps\": 20",
            "\"steps\": 20, \"changes\": [{\"step\": 1, \"lane\": 0, \"key\": \"label\", \"value\": 1}]",
            "a.json: changes[0].key");
        row("change of no lane", "\"steps\": 20",
            "\"steps\": 20, \"changes\": [{\"step\": 1, \"lane\": 2, \"key\": \"beta\", \"value\": 1}]",
            "a.json: changes[0].lane must be at least 0 and at most 1, not 2");
        row("cut off", "\"chains\": 10", "\"chains\": 10}", "a.json: line 3, column 62: not JSON");
        row("another version", "\"version\": 1", "\"version\": 2", "a.json: version must be 1");
        row("no version", "\"version\": 1, ", "", "a.json needs a key \"version\"");
        row("more particles than memory", "\"chains\": 10", "\"chains\": 1000000000000", "a.json: chains: ");
        row("more particles than numbers", "\"chains\": 10", "\"chains\": 9000000000000000000",
            "a.json: chains must be at ");
    }

    void wrong_specs()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, expected);
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec(from.constData(), to.constData()));
        refuse(place, {QStringLiteral("a.json"), QStringLiteral("--out"), QStringLiteral("run")}, {expected});
    }

    void wrong_commands_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* arguments, const char* expected) {
            QTest::newRow(name) << QString::fromUtf8(arguments).split(QLatin1Char('|'), Qt::SkipEmptyParts)
                                << QString::fromUtf8(expected);
        };
        row("nothing", "", "Name a SPEC.json");
        row("missing file", "b.json", "b.json: there is no such file");
        row("folder for file", "full", "full: is not a file");
        row("device for file", "/dev/zero", "/dev/zero: is not a file");
        row("two files", "a.json|a.json", "one word too many");
        row("misspelt option", "a.json|--thraeds|2", "has no option \"--thraeds\"; did you mean \"--threads\"?");
        row("threads of text", "a.json|--threads|two", "--threads must be a whole number from 1 to 4096, not \"two\"");
        row("no threads", "a.json|--threads|0", "--threads must be a whole number from 1 to 4096, not \"0\"");
        row("threads without number", "a.json|--threads", "--threads");
        row("unknown device", "a.json|--device|tpu", "--device must be cpu or cuda, not \"tpu\"");
        row("no driver", "a.json|--device|cuda", "--device cuda: no NVIDIA driver: libnowhere.so.1 was not found");
        row("no driver and no file", "b.json|--device|cuda", "--device cuda: no NVIDIA driver");
        row("any device of a new run", "a.json|--any-device", "--any-device belongs to --resume");
        row("set without value", "a.json|--set|steps", "--set must be PATH=VALUE");
        row("set misspelt", "a.json|--set|lanes[0].bta=3", "did you mean \"beta\"?");
        row("set out of range", "a.json|--set|lanes.A.beta=-3", "--set: lanes[0].beta must be greater than 0");
        row("set unknown lane", "a.json|--set|lanes.C.beta=3", "has no lane \"C\"");
        row("set cut off", "a.json|--set|start.points=[[1,", "--set: start.points: line 1");
        row("out exists", "a.json|--out|full", "full: exists already");
        row("out is a file", "a.json|--out|full/precious.txt", "full/precious.txt: exists already");
        row("out under a file", "a.json|--out|full/precious.txt/run", "full/precious.txt/run: cannot be made");
        row("out without name", "a.json|--out|", "--out");
        row("resume of nothing", "--resume|nowhere", "nowhere");
        row("resume of no run", "--resume|full", "full");
        row("resume and set", "--resume|full|--set|steps=3", "leave --set away");
        row("replay of no run", "--replay|full", "full/spec.json: there is no such file");
        row("unknown kind", "list|optimisers", "did you mean \"optimizers\"?");
        row("no kind", "list", "list needs a kind");
        row("unknown name", "describe|fsgdl", "did you mean \"fsgld\"?");
    }

    void wrong_commands()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, expected);
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec());
        place.write(QStringLiteral("full/precious.txt"), "precious");
        refuse(place, arguments, {expected});
    }

    void wrong_bytes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("zeros") << QByteArray(1000, '\0');
        QTest::newRow("not UTF-8") << small_spec("Small", "Sm\xff");
        QTest::newRow("picture") << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
        QTest::newRow("deep") << QByteArray(1'000'000, '[');
        QTest::newRow("list") << QByteArray("[1]");
        QTest::newRow("number") << QByteArray("1");
        QTest::newRow("half") << small_spec().left(200);
    }

    void wrong_bytes()
    {
        QFETCH(QByteArray, bytes);
        const Workplace place;
        place.write(QStringLiteral("a.json"), bytes);
        refuse(place, {QStringLiteral("a.json")}, {QStringLiteral("a.json")});
    }

    void a_write_that_fails_half_way_keeps_what_was_there()
    {
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec("\"steps\": 20", "\"steps\": 100000"));
        refuse(place,
               {QStringLiteral("a.json"), QStringLiteral("--quiet"), QStringLiteral("--out"), QStringLiteral("run")},
               {QStringLiteral("run")}, 20'000, QStringLiteral("run"));
    }

    void a_folder_that_can_not_even_begin_is_not_left_behind()
    {
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec());
        refuse(place, {QStringLiteral("a.json"), QStringLiteral("--out"), QStringLiteral("run")},
               {QStringLiteral("run")}, 100);
    }

    void two_processes_on_one_folder()
    {
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec("\"steps\": 20", "\"steps\": 1000000000000"));
        QProcess first;
        place.start(first, {QStringLiteral("a.json"), QStringLiteral("--quiet"), QStringLiteral("--out"),
                            QStringLiteral("run")});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(place.path(QStringLiteral("run/spec.json"))), 30'000);
        const Workplace::Result second = place.run({QStringLiteral("--resume"), QStringLiteral("run")});
        first.kill();
        first.waitForFinished();
        QCOMPARE(second.status, 2);
        QVERIFY2(second.error.contains("run") && second.error.count('\n') == 1, second.error.constData());
    }

    void a_run_of_another_spec()
    {
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec());
        QCOMPARE(place.run({QStringLiteral("a.json"), QStringLiteral("--out"), QStringLiteral("run")}).status, 0);
        QByteArray other = place.read(QStringLiteral("run/spec.json"));
        place.write(QStringLiteral("run/spec.json"), other.replace("\"seed\": 1", "\"seed\": 2"));
        refuse(place, {QStringLiteral("--resume"), QStringLiteral("run")},
               {QStringLiteral("run/"), QStringLiteral("another spec")}, 0, QStringLiteral("run/lock"));
    }

    void a_damaged_checkpoint_data()
    {
        QTest::addColumn<qsizetype>("keep");
        QTest::addColumn<qsizetype>("flip");
        QTest::newRow("empty") << qsizetype{0} << qsizetype{-1};
        QTest::newRow("cut off") << qsizetype{-10} << qsizetype{-1};
        QTest::newRow("first byte") << qsizetype{1 << 30} << qsizetype{0};
        QTest::newRow("in the middle") << qsizetype{1 << 30} << qsizetype{200};
    }

    void a_damaged_checkpoint()
    {
        QFETCH(qsizetype, keep);
        QFETCH(qsizetype, flip);
        const Workplace place;
        place.write(QStringLiteral("a.json"), small_spec());
        QCOMPARE(place.run({QStringLiteral("a.json"), QStringLiteral("--out"), QStringLiteral("run")}).status, 0);
        QString name;
        const QHash<QString, QByteArray> all = place.contents();
        for (auto file = all.begin(); file != all.end(); ++file) {
            if (file.key().startsWith(QLatin1String("run/checkpoint/")) && !file.value().isEmpty()) {
                name = file.key();
            }
        }
        QVERIFY(!name.isEmpty());
        QByteArray bytes = all.value(name);
        bytes = keep < 0 ? bytes.chopped(-keep) : bytes.left(keep);
        if (flip >= 0) {
            bytes[flip] = static_cast<char>(bytes[flip] ^ 0x20);
        }
        place.write(name, bytes);
        refuse(place, {QStringLiteral("--resume"), QStringLiteral("run")}, {QStringLiteral("checkpoint")}, 0,
               QStringLiteral("run/lock"));
    }

    void wrong_images_data()
    {
        if (!BASIN_WITH_NETWORKS) {
            QSKIP("built without LibTorch");
        }
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<QStringList>("expected");
        const QString images = QStringLiteral("data/train-images-idx3-ubyte");
        const QString labels = QStringLiteral("data/train-labels-idx1-ubyte");
        const auto row = [](const char* name, const QString& file, const QByteArray& bytes, const QStringList& expected,
                            const QByteArray& more = {}) { QTest::newRow(name) << file << bytes << more << expected; };
        const QByteArray pixels(16, '\7');
        row("empty file", images, {}, {images});
        row("half a header", images, idx({4, 2, 2}, {}).left(9), {images});
        row("half the pixels", images, idx({4, 2, 2}, pixels.left(7)), {images});
        row("too many pixels", images, idx({4, 2, 2}, pixels + "x"), {images});
        row("not IDX", images, "a text about pictures", {images});
        row("doubles", images, QByteArray(idx({4, 2, 2}, pixels)).replace(2, 1, "\x0e"), {images});
        row("labels for images", images, idx({4}, "\1\2\3\4"), {images});
        row("terabytes", images, idx({4'000'000'000, 60'000, 60'000}, pixels), {images});
        row("overflowing size", images, idx({0xffffffff, 0xffffffff, 0xffffffff}, pixels), {images});
        row("no images", images, idx({0, 2, 2}, {}), {images});
        row("damaged gzip", images, QByteArray("\x1f\x8b\x08\0\0\0\0\0\0\3garbage", 17), {images});
        row("label out of range", labels, idx({4}, "\1\2\x0a\3"), {labels, QStringLiteral("10")});
        row("different counts", labels, idx({3}, "\1\2\3"), {labels});
        row("other size of test images", QStringLiteral("data/t10k-images-idx3-ubyte"), idx({4, 4, 1}, pixels),
            {QStringLiteral("t10k-images-idx3-ubyte")});
        row("more examples than there are", {}, {}, {QStringLiteral("train_size")}, ", \"train_size\": 5");
        row("batch of more than there are", {}, {}, {QStringLiteral("batch_size")}, ", \"train_size\": 1");
        row("evaluation of nothing", {}, {}, {QStringLiteral("a.json: objective.evaluation_batch must be at least 1")},
            ", \"evaluation_batch\": 0");
    }

    void wrong_images()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, more);
        QFETCH(QStringList, expected);
        const Workplace place;
        write_images(place);
        if (!file.isEmpty()) {
            place.write(file, bytes);
        }
        place.write(QStringLiteral("a.json"), network_spec(more));
        refuse(place, {QStringLiteral("a.json"), QStringLiteral("--out"), QStringLiteral("run")}, expected);
    }

    void the_images_themselves_are_read()
    {
        if (!BASIN_WITH_NETWORKS) {
            QSKIP("built without LibTorch");
        }
        const Workplace place;
        write_images(place);
        place.write(QStringLiteral("a.json"), network_spec({}));
        const Workplace::Result result = place.run({QStringLiteral("a.json")});
        QVERIFY2(result.status == 0, result.error.constData());
    }

    void a_folder_without_images()
    {
        if (!BASIN_WITH_NETWORKS) {
            QSKIP("built without LibTorch");
        }
        const Workplace place;
        place.write(QStringLiteral("a.json"), network_spec({}));
        refuse(place, {QStringLiteral("a.json")}, {QStringLiteral("folder"), QStringLiteral("data")});
        place.write(QStringLiteral("data/readme.txt"), "no images here");
        refuse(place, {QStringLiteral("a.json")}, {QStringLiteral("folder"), QStringLiteral("data")});
    }
};

QTEST_GUILESS_MAIN(BadInputTest)
#include "bad_input_test.moc"
