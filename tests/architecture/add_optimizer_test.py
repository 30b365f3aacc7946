#!/usr/bin/env python3
"""Does what the README promises: copies core/optim/sgld.cpp under a new key into a scratch copy of the tree, builds, and
finds the new optimizer in `basin-run list`, in the schema, and as a form that passes the forms' own tests."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

KEY = "sgld_copy"


def run(command, folder, **options):
    done = subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def main():
    source = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="basin-add-") as scratch:
        tree = Path(scratch) / "basin"
        left_out = shutil.ignore_patterns("build", ".git", ".deps", "__pycache__")
        shutil.copytree(source, tree, ignore=left_out, symlinks=True)
        optim = tree / "core" / "optim"
        text = (optim / "sgld.cpp").read_text()
        text = text.replace("optimizer_entry_sgld", f"optimizer_entry_{KEY}")
        text = text.replace('.key = "sgld"', f'.key = "{KEY}"').replace('.label = "SGLD"', '.label = "SGLD copy"')
        (optim / f"{KEY}.cpp").write_text(text)

        # Networks cost minutes and say nothing here.
        run(["cmake", "--preset", "cpu", "-DBASIN_TORCH=OFF"], tree)
        run(["cmake", "--build", "--preset", "cpu", "--target", "basin-run", "param_form_test"], tree)
        build = tree / "build" / "cpu"
        program = next(build.rglob("basin-run"))
        if not any(line.split()[:1] == [KEY] for line in run([program, "list", "optimizers"], tree).splitlines()):
            sys.exit(f"basin-run list optimizers does not name {KEY}")
        schema = json.loads(run([program, "schema"], tree))
        if f'"{KEY}"' not in json.dumps(schema):
            sys.exit(f"the schema does not allow {KEY}")
        form = next(path for path in build.rglob("param_form_test") if path.is_file() and os.access(path, os.X_OK))
        shown = run([form, f"every_parameter_has_a_control:{KEY}"], tree, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
        if f"every_parameter_has_a_control({KEY})" not in shown:
            sys.exit(f"the forms' test did not see {KEY}:\n{shown}")
    print(f"{KEY} is in the list, the schema and the form")


main()
