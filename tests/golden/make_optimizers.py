#!/usr/bin/env python3
"""make_optimizers.py: prints five steps of AdamW, SAM and ASAM over base methods on u = theta' A theta / 2, A = [[2, 0.5],
[0.5, 1]], from (1.5, -0.8), step size 0.1: the rows of tests/core/optim/known_answers.cpp. Double precision, update rules
written out from the papers; needs nothing but Python.

Checked against torch 2.15.0 (torch.optim.AdamW; SAM and ASAM with autograd and torch.optim.SGD): its figures for AdamW,
SAM and ASAM over SGD are TORCH below, and this script stops where it differs by more than 1e-11.
"""
import math

STEP_SIZE = 0.1
TORCH = {  # the fifth step
    "adamw": (0.997752639820, -0.528505429908),
    "sam momentum": (-0.611394144456, -0.426373033451),
    "sam": (0.588754151267, -0.686554421501),
    "asam momentum": (-0.845659574669, -0.278838320690),
    "asam": (0.412216796877, -0.661864456980),
}


def gradient(p):
    return [2 * p[0] + 0.5 * p[1], 0.5 * p[0] + p[1]]


def sam(rho):
    def at(p):
        g = gradient(p)
        norm = math.hypot(*g) + 1e-12
        return gradient([x + rho * y / norm for x, y in zip(p, g)])

    return at


def asam(rho, eta):
    def at(p):
        g = gradient(p)
        scale = [abs(x) + eta for x in p]
        norm = math.hypot(*[t * y for t, y in zip(scale, g)]) + 1e-16
        return gradient([x + rho * t * t * y / norm for x, t, y in zip(p, scale, g)])

    return at


def sgd(gradient_at, momentum=0.0, nesterov=False, weight_decay=0.0):
    theta, buffer, rows = [1.5, -0.8], None, []
    for _ in range(5):
        d = [g + weight_decay * x for g, x in zip(gradient_at(theta), theta)]
        buffer = d if buffer is None else [momentum * b + y for b, y in zip(buffer, d)]
        d = [y + momentum * b for y, b in zip(d, buffer)] if nesterov else buffer
        theta = [x - STEP_SIZE * y for x, y in zip(theta, d)]
        rows.append(theta)
    return rows


def adamw(gradient_at, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01, amsgrad=False):
    theta, rows = [1.5, -0.8], []
    first, second, largest = [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]
    for k in range(1, 6):
        g = gradient_at(theta)
        theta = [x * (1 - STEP_SIZE * weight_decay) for x in theta]
        first = [m + (1 - beta1) * (y - m) for m, y in zip(first, g)]
        second = [beta2 * v + (1 - beta2) * y * y for v, y in zip(second, g)]
        largest = [max(v, w) for v, w in zip(largest, second)]
        root = [math.sqrt(v) / math.sqrt(1 - beta2**k) + epsilon for v in (largest if amsgrad else second)]
        theta = [x - STEP_SIZE / (1 - beta1**k) * m / r for x, m, r in zip(theta, first, root)]
        rows.append(theta)
    return rows


RUNS = {
    "adamw": adamw(gradient),
    "adamw amsgrad, short memory": adamw(gradient, beta1=0.5, beta2=0.6, epsilon=0.01, weight_decay=0.2, amsgrad=True),
    "adamw short memory": adamw(gradient, beta1=0.5, beta2=0.6, epsilon=0.01, weight_decay=0.2),
    "sam": sgd(sam(0.05)),
    "sam momentum": sgd(sam(0.05), momentum=0.9),
    "sam nesterov": sgd(sam(0.05), momentum=0.9, nesterov=True, weight_decay=0.01),
    "sam adamw": adamw(sam(0.05)),
    "asam": sgd(asam(0.5, 0.01)),
    "asam momentum": sgd(asam(0.5, 0.01), momentum=0.9),
    "asam eta 0": sgd(asam(0.5, 0.0)),
    "asam adamw": adamw(asam(0.5, 0.01)),
}

for name, rows in RUNS.items():
    print(f"{name}:\n  {{{{" + ",\n    ".join(f"{{{x:.12f}, {y:.12f}}}" for x, y in rows) + "}}")
    if name in TORCH and max(abs(a - b) for a, b in zip(rows[-1], TORCH[name])) > 1e-11:
        raise SystemExit(f"{name} differs from torch")
