#!/usr/bin/env python3
"""Each rule of rules.py finds what it is there for, in a small tree that breaks all of them."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rules  # noqa: E402

BROKEN = {
    "core/landscape/well.cpp": '#include <QString>\n#include "core/run/spec.h"\n',
    "core/run/spec.h": "#include <nlohmann/json.hpp>\n",
    "core/probe/trace.cpp": "#include <torch/torch.h>\n",
    "core/catalog/read.cpp": 'double f(const char* s) { return strtod (s, nullptr); }\n#include "../run/spec.h"\n',
    "app/run_main.cpp": '#include "app/progress.h"\n',
    "app/progress.h": "#pragma once\n",
    "app/progress.cpp": "#include <QtCore/QFile>\n",
    "app/main_window.cpp": "#include <QChart>\n",
    "widgets/forms/form_utils.h": "\n" * 401,
}


class RulesTest(unittest.TestCase):
    def breaches(self, rule):
        with tempfile.TemporaryDirectory() as root:
            for path, content in BROKEN.items():
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as stream:
                    stream.write(content)
            return sorted(line.split(" ")[0].rstrip(":") for line in rules.RULES[rule](root))

    def test_every_rule_finds_its_breach(self):
        expected = {
            "no_qt_in_core": ["app/progress.cpp", "core/landscape/well.cpp"],
            "charts_in_plots": ["app/main_window.cpp"],
            "torch_in_network": ["core/probe/trace.cpp"],
            "run_headers_are_std": ["core/run/spec.h"],
            "levels": ["core/landscape/well.cpp"],
            "includes_from_root": ["core/catalog/read.cpp"],
            "file_size": ["widgets/forms/form_utils.h"],
            "file_names": ["widgets/forms/form_utils.h"],
            "numbers_without_locale": ["core/catalog/read.cpp"],
        }
        self.assertEqual(sorted(expected), sorted(rules.RULES))
        for rule, paths in expected.items():
            self.assertEqual(self.breaches(rule), paths, rule)


if __name__ == "__main__":
    unittest.main()
