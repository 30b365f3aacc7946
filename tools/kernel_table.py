#!/usr/bin/env python3
"""Registers, spills and occupancy of the GPU's kernels, as ptxas states them.

kernel_table.py BUILD [ARCHITECTURE ...]: compiles the CUDA files of a build folder (its compile_commands.json) once more
for each architecture (sm_90 when none is named), and prints a table in Markdown. Occupancy is what registers, shared
memory and threads of a block leave of the warps that a multiprocessor can hold (CUDA C++ Programming Guide, "Technical
specifications per compute capability"). Needs nvcc and c++filt, no GPU.
"""
import json
import pathlib
import re
import shlex
import subprocess
import sys

# Warps and blocks of a multiprocessor, its shared memory in KiB, and bytes of it that each block loses to the system.
MULTIPROCESSORS = {
    "sm_75": (32, 16, 64, 0),
    "sm_80": (64, 32, 164, 1024),
    "sm_86": (48, 16, 100, 1024),
    "sm_89": (48, 24, 100, 1024),
    "sm_90": (64, 32, 228, 1024),
    "sm_100": (64, 32, 228, 1024),
    "sm_120": (48, 24, 100, 1024),
}
REGISTERS = 65536  # of a multiprocessor, handed out to warps in units of 256
THREADS = 256  # of every kernel's block


def up(value, unit):
    return -(-value // unit) * unit


def occupancy(architecture, registers, shared):
    """Warps that fit, over those that a multiprocessor can hold."""
    warps, blocks, memory, reserved = MULTIPROCESSORS[architecture]
    block_warps = THREADS // 32
    by_registers = REGISTERS // up(registers * 32, 256) // block_warps
    by_shared = memory * 1024 // up(shared + reserved, 128) if shared else blocks
    return min(blocks, warps // block_warps, by_registers, by_shared) * block_warps / warps


def short(name):
    """void basin::cuda::run_blocks<basin::cuda::BlockSteps<basin::SgdBlock, ...>, true> >(...) in a few words."""
    steps = re.search(r"BlockSteps<basin::(\w+)Block, basin::Stretched<.*?(\w+)Functor<float>\s*>, (true|false)>", name)
    if steps:
        return steps[2], steps[1] + (", noisy gradients" if steps[3] == "true" else "")
    whole = re.search(r"(BlockMeasure|Evaluate)<basin::Stretched<.*?(\w+)Functor<float>", name)
    if whole:
        return whole[2], {"BlockMeasure": "escape rule, losses", "Evaluate": "values, gradients"}[whole[1]]
    verb = re.search(r"run_each<basin::cuda::(\w+)>", name)
    return "verb", verb[1] if verb else name


def kernels(command, folder, architecture):
    """(mangled name, registers, spilled bytes, shared bytes) of each kernel of one file."""
    words = [w for w in shlex.split(command) if not re.match(r"--generate-code|-gencode|-Werror|all-warnings", w)]
    words = words[: words.index("-o")] if "-o" in words else words
    source = next(w for w in shlex.split(command) if w.endswith(".cu"))
    words = [w for w in words if w not in ("-c", "-dc", source) and not w.startswith("-M")]
    words += ["-cubin", f"-arch={architecture}", "--resource-usage", "-o", "/dev/null", source]
    said = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        sys.exit(f"kernel_table.py: {source} does not compile:\n{said.stderr}")
    name, spilled = None, 0
    for line in (said.stdout + said.stderr).splitlines():
        if entry := re.search(r"Compiling entry function '(\w+)'", line):
            name, spilled = entry[1], 0
        elif spill := re.search(r"(\d+) bytes spill stores, (\d+) bytes spill loads", line):
            spilled = int(spill[1]) + int(spill[2])
        elif (used := re.search(r"Used (\d+) registers", line)) and name:
            shared = re.search(r"(\d+) bytes smem", line)
            yield name, int(used[1]), spilled, int(shared[1]) if shared else 0
            name = None


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1])
    commands = [c for c in json.loads((build / "compile_commands.json").read_text()) if c["file"].endswith(".cu")]
    if not commands:
        sys.exit(f"kernel_table.py: {build} has no CUDA files: configure it with BASIN_CUDA=ON")
    for architecture in sys.argv[2:] or ["sm_90"]:
        if architecture not in MULTIPROCESSORS:
            sys.exit(f"kernel_table.py: {architecture} is not known; known are {', '.join(MULTIPROCESSORS)}")
        rows = [row for c in commands for row in kernels(c["command"], c["directory"], architecture)]
        names = subprocess.run(["c++filt"], input="\n".join(r[0] for r in rows), capture_output=True, text=True,
                               check=True).stdout.splitlines()
        print(f"\n| {architecture} | kernel | registers | bytes spilled | occupancy |\n| --- | --- | --- | --- | --- |")
        table = sorted((*short(name), *row[1:]) for name, row in zip(names, rows))
        for where, what, registers, spilled, shared in table:
            share = occupancy(architecture, registers, shared)
            print(f"| {where} | {what} | {registers} | {spilled} | {share:.0%} |")
        spilling = sum(1 for row in table if row[3] > 0)
        print(f"\n{len(table)} kernels for {architecture}, {spilling} of them spill registers.")


if __name__ == "__main__":
    main()
