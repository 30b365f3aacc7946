#!/usr/bin/env python3
"""isa_symbols.py NM LIST: objects compiled for AVX may define no weak symbol that the linker could take for the baseline.

An inline function or template with external linkage becomes a weak symbol in every object that uses it; the linker keeps
one of them. If that is the AVX-512 one, a machine without AVX-512 dies in code that looks plain. A symbol is fine when it
is local, or when the name of the instruction set is part of its name.
"""
import re
import subprocess
import sys

breaches = []
with open(sys.argv[2], encoding="utf-8") as stream:
    objects = [line.strip() for line in stream if line.strip()]
for path in objects:
    isa = re.search(r"_(avx2|avx512)\.dir/", path).group(1)
    for line in subprocess.run([sys.argv[1], "--defined-only", path], check=True, capture_output=True, text=True).stdout.splitlines():
        kind, name = line.split()[-2:]
        if kind in "WwVvu" and isa not in name and not name.startswith("DW.ref."):
            breaches.append(f"{path}: {name} is shared with the baseline")
print("\n".join(breaches) or f"{len(objects)} objects keep to themselves")
sys.exit(1 if breaches else 0)
