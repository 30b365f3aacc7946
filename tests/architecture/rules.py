#!/usr/bin/env python3
"""The rules of core/README.md about who includes whom, and of size: rules.py ROOT RULE. Exit 1 and one line a breach."""
import os
import re
import sys

LEVELS = {
    "core/compute": 0, "core/catalog": 0,
    "core/landscape": 1, "core/objective": 1, "core/field": 1, "core/spectrum": 1,
    "core/optim": 2, "core/network": 2, "core/problem": 2, "core/probe": 2, "core/slice": 2,
    "core/run": 3,
    "widgets": 4,
    "app": 5,
    "bench": 5,
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
QT = re.compile(r"^(Q[A-Z]\w*|Qt\w*/.*|q\w+\.h)$")
TORCH = re.compile(r"^(torch|ATen|c10|caffe2)/")
# The programs without a window: they, and what they include from app, are built without Qt.
HEADLESS_PROGRAMS = ("app/run_main.cpp", "app/bench_main.cpp")
WRITTEN_BY_HAND = (".h", ".cpp", ".cu", ".cuh", ".py", ".sh", ".cmake", "CMakeLists.txt", "dev", "run", "lint")


def files(root, folders, endings):
    for folder in folders:
        for place, names, leaves in os.walk(os.path.join(root, folder)):
            names[:] = sorted(n for n in names if n not in ("build", ".git", ".deps", ".cache", "golden", "__pycache__"))
            for leaf in sorted(leaves):
                if leaf.endswith(endings):
                    yield os.path.relpath(os.path.join(place, leaf), root)


def text(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as stream:
        return stream.read()


def includes(root, folders):
    for path in files(root, folders, (".h", ".cpp", ".cu", ".cuh")):
        for bracket, header in INCLUDE.findall(text(root, path)):
            yield path, bracket, header


def level(path):
    for folder, number in LEVELS.items():
        if path.startswith(folder + "/"):
            return number
    return None


def headless_files(root):
    """The programs without a window and the files of app that they include, with the .cpp beside each header."""
    found, waiting = set(), [path for path in HEADLESS_PROGRAMS if os.path.exists(os.path.join(root, path))]
    while waiting:
        path = waiting.pop()
        if path in found or not os.path.exists(os.path.join(root, path)):
            continue
        found.add(path)
        waiting += [header for _, header in INCLUDE.findall(text(root, path)) if header.startswith("app/")]
        if path.endswith(".h"):
            waiting.append(path[:-2] + ".cpp")
    return found


def no_qt_in_core(root):
    headless = headless_files(root)
    for path, _, header in includes(root, ["core", "app", "bench"]):
        if QT.match(header) and (not path.startswith("app/") or path in headless):
            yield f"{path} includes {header}: Qt is for widgets and the window; the programs without one do without"


def charts_in_plots(root):
    for path, _, header in includes(root, ["widgets", "app", "bench"]):
        if re.match(r"^(QtCharts|QChart|Q\w*(Series|Axis)\b)", header) and not path.startswith("widgets/plots/"):
            yield f"{path} includes {header}: Qt Charts stays in widgets/plots"


def torch_in_network(root):
    for path, _, header in includes(root, ["core", "widgets", "app"]):
        if TORCH.match(header) and not path.startswith("core/network/"):
            yield f"{path} includes {header}: LibTorch is for core/network (and for what bench compares with)"


def run_headers_are_std(root):
    for path, bracket, header in includes(root, ["core/run"]):
        if path.endswith(".h") and bracket == "<" and ("/" in header or "." in header):
            yield f"{path} includes <{header}>: headers of core/run include the standard library and core only"


def levels(root):
    for path, bracket, header in includes(root, ["core", "widgets"]):
        if bracket == '"' and level(header) is not None and level(header) > level(path):
            yield f"{path} (level {level(path)}) includes {header} (level {level(header)})"


def includes_from_root(root):
    for path, bracket, header in includes(root, ["core", "widgets", "app", "bench"]):
        if bracket == '"' and header.startswith("."):
            yield f"{path} includes {header}: write the path from the root of the repository"


def file_size(root):
    for path in files(root, ["."], WRITTEN_BY_HAND):
        lines = text(root, path).count("\n")
        if lines > 400:
            yield f"{path} has {lines} lines: split it (at most 400)"


def file_names(root):
    for path in files(root, ["core", "widgets", "app", "bench"], (".h", ".cpp", ".cu", ".cuh")):
        words = os.path.basename(path).split(".")[0].split("_")
        for word in {"mgr", "manager", "util", "utils", "helper", "helpers", "common", "misc"} & set(words):
            yield f"{path}: a name with '{word}' does not say what is inside"


def numbers_without_locale(root):
    for path in files(root, ["core", "app", "bench"], (".h", ".cpp")):
        code = re.sub(r"//.*", "", text(root, path))
        for word in sorted(set(re.findall(r"\b(strtod|strtof|stod|stof|atof|sscanf)\s*\(", code))):
            yield f"{path} calls {word}, which reads 0 from \"0.5\" in a German locale: use from_chars"


RULES = {rule.__name__: rule for rule in (no_qt_in_core, charts_in_plots, torch_in_network, run_headers_are_std, levels,
                                          includes_from_root, file_size, file_names, numbers_without_locale)}

if __name__ == "__main__":
    breaches = list(RULES[sys.argv[2]](sys.argv[1]))
    print("\n".join(breaches))
    sys.exit(1 if breaches else 0)
