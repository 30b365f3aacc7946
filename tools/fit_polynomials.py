#!/usr/bin/env python3
"""Fits the polynomials of normal_pair() in core/compute/philox.h and of exp2_nonpositive() in core/compute/math.h, and
prints their coefficients and errors.

Minimax by Remez' exchange in double, coefficients then rounded to float. Standard library only.
"""
import math
import struct


def to_float(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def solve(matrix, right):
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    n = len(rows)
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(n):
            if k != i:
                factor = rows[k][i] / rows[i][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def remez(powers, target, weight, low, high):
    grid = [0.5 * (low + high) - 0.5 * (high - low) * math.cos(math.pi * k / 3000) for k in range(3001)]
    n = len(powers)
    points = [grid[round(3000 * k / n)] for k in range(n + 1)]
    for _ in range(30):
        matrix = [[x ** p for p in powers] + [(-1) ** i / weight(x)] for i, x in enumerate(points)]
        coefficients = solve(matrix, [target(x) for x in points])[:n]
        error = [(sum(c * x ** p for c, p in zip(coefficients, powers)) - target(x)) * weight(x) for x in grid]
        extremes = []
        for k, e in enumerate(error):
            if extremes and (e > 0) == (error[extremes[-1]] > 0):
                if abs(e) > abs(error[extremes[-1]]):
                    extremes[-1] = k
            else:
                extremes.append(k)
        while len(extremes) > n + 1:
            extremes.pop(0 if abs(error[extremes[0]]) < abs(error[extremes[-1]]) else -1)
        if len(extremes) < n + 1:
            break
        points = [grid[k] for k in extremes]
    return coefficients


def fit(name, degree, target, weight, low, high):
    coefficients = [to_float(c) for c in remez(list(range(degree + 1)), target, weight, low, high)]
    grid = [low + (high - low) * k / 5000 for k in range(5001)]
    worst = max(abs(sum(c * x ** p for p, c in enumerate(coefficients)) - target(x)) * weight(x) for x in grid)
    print(f"{name}: largest error {worst:.2e}")
    for p, c in enumerate(coefficients):
        print(f"    x^{p}: {c:.9g}F")


def minus_two_log(f):  # over f
    return -2 * math.log1p(f) / f


def remainder(f):  # -2 log(1 + f) = f (-2 + f remainder(f))
    return 1.0 - 2 * f / 3 if abs(f) < 1e-4 else (minus_two_log(f) + 2) / f


def effect(f):  # of an error of the remainder on the logarithm, relative
    return max(abs(f), 0.02) / (2.0 if abs(f) < 1e-4 else abs(minus_two_log(f)))


quarter = math.pi / 2
fit("log: remainder", 6, remainder, effect, math.sqrt(0.5) - 1, math.sqrt(2) - 1)
fit("cos(pi r / 2) / sqrt(2) in r^2", 3, lambda z: math.cos(quarter * math.sqrt(z)) * math.sqrt(0.5), lambda z: 1.0, 0.0, 0.25)
fit("sin(pi r / 2) / (r sqrt(2)) in r^2", 3,
    lambda z: (math.sin(quarter * math.sqrt(z)) / math.sqrt(z) if z > 0 else quarter) * math.sqrt(0.5), lambda z: 1.0, 0.0, 0.25)
fit("(2^r - 1) / r", 4, lambda r: math.expm1(r * math.log(2)) / r if r != 0 else math.log(2), lambda r: max(abs(r), 1e-3) / 2 ** r, -0.5, 0.5)
