"""Basin's Hessian tools beside PyHessian and curvlinops, on one network, the same 1,024 images and the same weights.

    python3 -m venv peers && peers/bin/pip install torch numpy scipy pyhessian curvlinops-for-pytorch
    ./dev bench --list                                   # builds basin-bench
    peers/bin/python bench/peers/curvature.py build/cpu/app/basin-bench [rounds] [--network resnet20] [--cuda] [--limit 60]

Every round asks each program once, in turns, so that a drifting machine does not decide. Ratios are seconds of the
other over seconds of Basin: the median of the rounds, with the smallest and the largest. Everyone pays for what it
builds first (graphs, operators); nobody pays for loading data. Values must agree, else it ends with status 1. PyHessian
is stopped at the limit, in seconds, and then said to have taken so many products of those that it wanted.
"""
import argparse
import contextlib
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
from torch import nn

import networks

TOLERANCE = 1e-3  # relative, what both are asked for


def timed(question):
    start = time.perf_counter()
    answer = question()
    return answer, time.perf_counter() - start


class Limit(Exception):
    pass


def count_pyhessian_products(limit):
    """A list that grows by one with each of PyHessian's Hessian products; Limit `limit` seconds after the first of them."""
    import pyhessian  # noqa: F401 (the module below, by its full name: the package has a class of that name)

    module, calls = sys.modules["pyhessian.hessian"], []
    product = module.hessian_vector_product

    def counted(*arguments):
        calls.append(time.perf_counter())
        if calls[-1] - calls[0] > limit:
            raise Limit
        return product(*arguments)

    module.hessian_vector_product = counted
    return calls


def pyhessian_top(model, inputs, labels):
    from pyhessian import hessian

    values, _ = hessian(model, nn.CrossEntropyLoss(), data=(inputs, labels), cuda=inputs.is_cuda).eigenvalues(top_n=5)
    return values


def pyhessian_trace(model, inputs, labels):
    from pyhessian import hessian

    return float(np.mean(hessian(model, nn.CrossEntropyLoss(), data=(inputs, labels), cuda=inputs.is_cuda).trace()))


def curvlinops_top(model, inputs, labels):
    from curvlinops import HessianLinearOperator
    from scipy.sparse.linalg import eigsh

    loss = nn.CrossEntropyLoss()
    try:  # 3.x takes named parameters
        operator = HessianLinearOperator(model, loss, dict(model.named_parameters()), [(inputs, labels)],
                                         check_deterministic=False)
    except (TypeError, AttributeError, ValueError):
        operator = HessianLinearOperator(model, loss, [p for p in model.parameters() if p.requires_grad],
                                         [(inputs, labels)], check_deterministic=False)
    return sorted(eigsh(operator.to_scipy(), k=5, which="LA", tol=TOLERANCE, return_eigenvectors=False), reverse=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("bench")
    arguments.add_argument("rounds", type=int, nargs="?", default=5)
    arguments.add_argument("--network", default="lenet")
    arguments.add_argument("--cuda", action="store_true")
    arguments.add_argument("--limit", type=float, default=float("inf"))
    given = arguments.parse_args()
    bench, rounds = given.bench, given.rounds
    device = "cuda" if given.cuda else "cpu"
    torch.backends.cudnn.allow_tf32 = False  # Basin's are float32
    # PyHessian's density needs torch.eig, which PyTorch no longer has.
    questions = [("PyHessian top", pyhessian_top)]
    if given.network == "lenet":
        questions.append(("PyHessian trace", pyhessian_trace))
    if importlib.util.find_spec("curvlinops"):
        questions.insert(0, ("curvlinops top", curvlinops_top))
    calls = count_pyhessian_products(given.limit)
    products = {}
    seconds = {}
    worst = {}

    def note(name, value):
        seconds.setdefault(name, []).append(value)

    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            ours = json.loads(subprocess.run([bench, "--peers", folder, "--network", given.network,
                                             *(["--cuda"] if given.cuda else [])], check=True, capture_output=True,
                                             text=True).stdout.splitlines()[-1])
            torch.set_num_threads(ours["threads"])
            model, shape = networks.make(given.network)
            networks.load(model, np.load(f"{folder}/theta.npy"), np.load(f"{folder}/buffers.npy"))
            model = model.eval().to(device)
            inputs = torch.from_numpy(np.load(f"{folder}/inputs.npy").reshape(-1, *shape)).to(device)
            labels = torch.from_numpy(np.load(f"{folder}/labels.npy").reshape(-1).astype(np.int64)).to(device)
            if given.cuda and "PyHessian top" not in seconds:  # libraries prepare themselves, as Basin's did
                with contextlib.suppress(Limit):
                    pyhessian_top(model, inputs[:64], labels[:64])
            for name in [name for name in ("top", "trace", "density") if ours[f"{name}_products"]]:
                note(f"Basin {name}", ours[f"{name}_seconds"])
                print(f"Basin {name}: {ours[f'{name}_products']} products, {ours[f'{name}_seconds']} s", flush=True)
            for name, question in questions:
                calls.clear()
                try:
                    answer, spent = timed(lambda: question(model, inputs, labels))
                except Limit:
                    print(f"{name}: not done after {len(calls) - 1} products, {calls[-1] - calls[0]:.2f} s", flush=True)
                    continue
                products[name] = len(calls)
                note(name, spent)
                if name.endswith("top"):
                    difference = max(abs(a - b) / abs(ours["top"][0]) for a, b in zip(answer, ours["top"]))
                    worst[name] = max(worst.get(name, 0), difference)
                if name.endswith("trace"):
                    worst[name] = max(worst.get(name, 0), abs(answer - ours["trace"]) / ours["trace"])
    print(f"{rounds} rounds, {ours['threads']} threads, torch {torch.__version__}; Basin: top 5 in "
          f"{ours['top_products']} products (worst true residual {ours['top_worst_residual']:g})")
    if ours["trace_products"]:
        print(f"trace to {ours['trace_error'] / ours['trace']:.1%} in {ours['trace_products']} products, density in "
              f"{ours['density_products']}")
    for name, values in seconds.items():
        line = f"{name:20s} {statistics.median(values):7.2f} s"
        if not name.startswith("Basin"):
            ratios = [a / b for a, b in zip(values, seconds["Basin " + name.split()[1]])]
            line += f"   over Basin: {statistics.median(ratios):5.1f} [{min(ratios):.1f}, {max(ratios):.1f}]"
        if products.get(name):
            line += f"   {products[name]} products"
        if name in worst:
            line += f"   largest relative difference {worst[name]:.2g}"
        print(line)
    # PyHessian's power iteration stops when a value changes by 1e-3 a step, which says little about its error: shown,
    # not judged.
    if worst.get("curvlinops top", 0) > TOLERANCE:
        sys.exit("the eigenvalues of Basin and curvlinops differ")


if __name__ == "__main__":
    main()
