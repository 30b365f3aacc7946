"""Basin's Hessian tools beside PyHessian and curvlinops, on one LeNet, the same 1,024 images and the same weights.

    python3 -m venv peers && peers/bin/pip install torch numpy scipy pyhessian curvlinops-for-pytorch
    ./dev bench --list                                   # builds basin-bench
    peers/bin/python bench/peers/curvature.py build/cpu/app/basin-bench [rounds]

Every round asks each program once, in turns, so that a drifting machine does not decide. Ratios are seconds of the
other over seconds of Basin: the median of the rounds, with the smallest and the largest. Everyone pays for what it
builds first (graphs, operators); nobody pays for loading data. Values must agree, else it ends with status 1.
"""
import json
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
from torch import nn

TOLERANCE = 1e-3  # relative, what both are asked for


def lenet(theta):
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    nn.utils.vector_to_parameters(torch.from_numpy(theta.reshape(-1)), model.parameters())
    return model


def timed(question):
    start = time.perf_counter()
    answer = question()
    return answer, time.perf_counter() - start


def pyhessian_top(model, inputs, labels):
    from pyhessian import hessian

    values, _ = hessian(model, nn.CrossEntropyLoss(), data=(inputs, labels), cuda=False).eigenvalues(top_n=5)
    return values


def pyhessian_trace(model, inputs, labels):
    from pyhessian import hessian

    return float(np.mean(hessian(model, nn.CrossEntropyLoss(), data=(inputs, labels), cuda=False).trace()))


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
    bench = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    seconds = {}
    worst = {}

    def note(name, value):
        seconds.setdefault(name, []).append(value)

    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            ours = json.loads(subprocess.run([bench, "--peers", folder], check=True, capture_output=True,
                                             text=True).stdout.splitlines()[-1])
            torch.set_num_threads(ours["threads"])
            inputs = torch.from_numpy(np.load(f"{folder}/inputs.npy").reshape(-1, 1, 28, 28))
            labels = torch.from_numpy(np.load(f"{folder}/labels.npy").reshape(-1).astype(np.int64))
            model = lenet(np.load(f"{folder}/theta.npy"))
            for name in ("top", "trace", "density"):
                note(f"Basin {name}", ours[f"{name}_seconds"])
            # PyHessian's density needs torch.eig, which PyTorch no longer has.
            for name, question in (("curvlinops top", curvlinops_top), ("PyHessian top", pyhessian_top),
                                   ("PyHessian trace", pyhessian_trace)):
                answer, spent = timed(lambda: question(model, inputs, labels))
                note(name, spent)
                if name.endswith("top"):
                    difference = max(abs(a - b) / abs(ours["top"][0]) for a, b in zip(answer, ours["top"]))
                    worst[name] = max(worst.get(name, 0), difference)
                if name.endswith("trace"):
                    worst[name] = max(worst.get(name, 0), abs(answer - ours["trace"]) / ours["trace"])
    print(f"{rounds} rounds, {ours['threads']} threads, torch {torch.__version__}; Basin: top 5 in "
          f"{ours['top_products']} products (worst true residual {ours['top_worst_residual']:g}), trace to "
          f"{ours['trace_error'] / ours['trace']:.1%} in {ours['trace_products']}, density in {ours['density_products']}")
    for name, values in seconds.items():
        line = f"{name:20s} {statistics.median(values):7.2f} s"
        if not name.startswith("Basin"):
            ratios = [a / b for a, b in zip(values, seconds["Basin " + name.split()[1]])]
            line += f"   over Basin: {statistics.median(ratios):5.1f} [{min(ratios):.1f}, {max(ratios):.1f}]"
        if name in worst:
            line += f"   largest relative difference {worst[name]:.2g}"
        print(line)
    # PyHessian's power iteration stops when a value changes by 1e-3 a step, which says little about its error: shown,
    # not judged.
    if worst["curvlinops top"] > TOLERANCE:
        sys.exit("the eigenvalues of Basin and curvlinops differ")


if __name__ == "__main__":
    main()
