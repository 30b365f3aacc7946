#!/usr/bin/env python3
"""What tools/lint looks at again, in a small tree and with a clang-tidy that notes its calls and dislikes the word "ugly"."""
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

LINT = os.path.join(sys.argv.pop(1), "tools/lint")
TREE = {
    ".clang-tidy": "Checks: '-*'\n",
    "core/below.h": "#pragma once\n",
    "core/middle.h": '#include "core/below.h"\n',
    "core/one.cpp": '#include "core/middle.h"\n',
    "core/two.cpp": "int two();\n",
    "core/network/three.cpp": "int three();\n",
    "core/four.cpp": "#include <torch/torch.h>\n",
    "tests/five.cpp": "int five();\n",
}
CLANG_TIDY = """#!/bin/sh
[ "$1" = --version ] && { echo "LLVM version ${VERSION:-14}.0.6"; exit; }
for last; do :; done
echo "$last" >>"$CALLS"
! grep -n ugly "$last"
"""


class LintTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = os.path.join(os.path.realpath(self.folder.name), "tree")
        for path, content in TREE.items():
            self.write(path, content)
        os.makedirs(os.path.join(self.root, "tools"))
        shutil.copy(LINT, os.path.join(self.root, "tools/lint"))
        commands = [{"directory": self.root, "file": os.path.join(self.root, path),
                     "command": f"c++ -I{self.root}{flag} -include pch/cmake_pch.hxx -c {path}"}
                    for path in TREE if path.endswith(".cpp") for flag in ("", " -mavx2")]
        self.write("build/cpu/compile_commands.json", json.dumps(commands))
        for name, content in (("clang-tidy-14", CLANG_TIDY), ("dpkg-query", "#!/bin/sh\necho some-dev 1\n")):
            path = self.write(f"bin/{name}", content)
            os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)

    def write(self, path, content):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(content)
        return path

    def lint(self, *names, **environment):
        """The exit status and the files that clang-tidy saw."""
        calls = os.path.join(self.folder.name, "calls")
        open(calls, "w").close()
        environment = dict(os.environ, CALLS=calls, XDG_CACHE_HOME=os.path.join(self.folder.name, "cache"),
                           PATH=os.path.join(self.root, "bin") + os.pathsep + os.environ["PATH"], **environment)
        result = subprocess.run([sys.executable, os.path.join(self.root, "tools/lint"), *names], env=environment,
                                cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        with open(calls, encoding="utf-8") as stream:
            return result.returncode, sorted(os.path.relpath(line.strip(), self.root) for line in stream)

    def test_each_of_our_files_once_without_networks_and_tests(self):
        self.assertEqual(self.lint(), (0, ["core/one.cpp", "core/two.cpp"]))

    def test_what_has_passed_is_not_looked_at_again(self):
        self.lint()
        self.assertEqual(self.lint(), (0, []))

    def test_a_header_further_below_counts(self):
        self.lint()
        self.write("core/below.h", "#pragma once\nint below();\n")
        self.assertEqual(self.lint(), (0, ["core/one.cpp"]))

    def test_other_checks_look_at_everything_again(self):
        self.lint()
        self.write(".clang-tidy", "Checks: '*'\n")
        self.assertEqual(self.lint(), (0, ["core/one.cpp", "core/two.cpp"]))

    def test_what_has_failed_fails_again(self):
        self.write("core/two.cpp", "int ugly();\n")
        self.assertEqual(self.lint(), (1, ["core/one.cpp", "core/two.cpp"]))
        self.assertEqual(self.lint(), (1, ["core/two.cpp"]))

    def test_another_version_looks_and_fails_nothing(self):
        self.lint()
        self.write("core/two.cpp", "int ugly();\n")
        self.assertEqual(self.lint(VERSION="19"), (0, ["core/one.cpp", "core/two.cpp"]))
        self.assertEqual(self.lint(), (1, ["core/two.cpp"]))

    def test_another_checkout_of_the_same_shares_what_has_passed(self):
        self.lint()
        old, self.root = self.root, self.root + "2"
        shutil.copytree(old, self.root)
        path = os.path.join(self.root, "build/cpu/compile_commands.json")
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        self.write(path, text.replace(old, self.root))
        self.assertEqual(self.lint(), (0, []))

    def test_a_file_named_is_looked_at_alone(self):
        self.assertEqual(self.lint("core/two.cpp"), (0, ["core/two.cpp"]))
        self.assertEqual(self.lint("core/missing.cpp"), (1, []))


if __name__ == "__main__":
    unittest.main()
