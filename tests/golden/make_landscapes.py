#!/usr/bin/env python3
"""Makes landscapes.json: exact test values for the landscapes of core/landscape.

    pip install numpy scipy sympy mpmath
    python make_landscapes.py          (4 minutes; writes landscapes.json beside itself, exits 1 if a check fails)

Each loss is one symbolic expression; its derivatives are symbolic too, evaluated with 50 digits and rounded once to double. The smoothed loss
g(theta) = E u(theta + sigma eps) is a second expression and is compared with Gauss-Hermite quadrature of u and of its gradient. Minima are
found by Newton's method with 50 digits. Measures are marginals by the trapezoidal rule on a fine grid (6001 x 601): good to about 1e-8.
"""
import json
import os
import sys

import mpmath as mp
import numpy as np
import sympy as sp
from scipy.special import roots_hermite

mp.mp.dps = 50
X, Y, S = sp.symbols("x y s", real=True)
SIGMAS = (0.1, 0.5)
FAILED = []


def smooth_polynomial(u):
    """exp(s^2/2 Laplacian) u, a finite sum."""
    total, term, k = u, u, 0
    while term != 0:
        k += 1
        term = sp.expand(sp.diff(term, X, 2) + sp.diff(term, Y, 2))
        total += term * S ** (2 * k) / (sp.factorial(k) * 2 ** k)
    return total


def quadratic(axx, axy, ayy, cx, cy):
    u = (axx * (X - cx) ** 2 + 2 * axy * (X - cx) * (Y - cy) + ayy * (Y - cy) ** 2) / 2
    return u, smooth_polynomial(u)


def gaussian_wells(bowl, left_x, left_depth, left_width, right_x, right_depth, right_width):
    u, g = bowl * (X ** 2 + Y ** 2) / 2, bowl * (X ** 2 + Y ** 2 + 2 * S ** 2) / 2
    for at, depth, width in ((left_x, left_depth, left_width), (right_x, right_depth, right_width)):
        square = (X - at) ** 2 + Y ** 2
        u -= depth * sp.exp(-square / (2 * width ** 2))
        g -= depth * width ** 2 / (width ** 2 + S ** 2) * sp.exp(-square / (2 * (width ** 2 + S ** 2)))
    return u, g


def himmelblau():
    u = (X ** 2 + Y - 11) ** 2 + (X + Y ** 2 - 7) ** 2
    return u, smooth_polynomial(u)


def flat_valley(h0, h1, flat_at, amplitude, omega, bowl):
    h = h0 + h1 * (X - flat_at) ** 2
    u = h * (Y - amplitude * sp.sin(omega * X)) ** 2 / 2 + bowl * X ** 2 / 2

    def wave(w):
        """E h(x + sZ) exp(i w (x + sZ)): the smoothed h, moved to x + i w s^2."""
        moved = (h + h1 * S ** 2).subs(X, X + sp.I * w * S ** 2)
        return sp.expand(moved * (sp.cos(w * X) + sp.I * sp.sin(w * X))) * sp.exp(-w ** 2 * S ** 2 / 2)

    g = (h + h1 * S ** 2) * (Y ** 2 + S ** 2 + amplitude ** 2 / 2) / 2 + bowl * (X ** 2 + S ** 2) / 2
    g -= amplitude * Y * sp.im(wave(omega)) + amplitude ** 2 / 4 * sp.re(wave(2 * omega))
    return u, g


WELLS = ("bowl", "left_x", "left_depth", "left_width", "right_x", "right_depth", "right_width")
# name: key, maker, parameters, box in which all minima are wanted, five points
CASES = {
    "quadratic": (quadratic, dict(axx="2", axy="0.5", ayy="0.5", cx="0", cy="0"), (-3, 3, -3, 3),
                  ((-0.7, 0.4), (0.3, -0.9), (1.1, 0.8), (-1.6, -1.2), (0.05, 0.02))),
    "quadratic_moved": (quadratic, dict(axx="10", axy="8", ayy="10", cx="1", cy="3"), (-2, 4, 0, 6),
                        ((1.1, 2.8), (-2.3, 4.1), (0.0, 0.5), (5.2, -1.7), (3.3, 3.9))),
    "flagship": (gaussian_wells, dict(zip(WELLS, ("0.1", "-1.8", "0.6", "0.6", "1.8", "0.5", "2"))), (-5, 5, -4, 4),
                 ((-1.4, 0.2), (1.3, -0.4), (0.1, 0.6), (-3.2, -1.1), (2.7, 1.9))),
    "reference_wells": (gaussian_wells, dict(zip(WELLS, ("0.1", "-1.9", "1", "0.8", "1.45", "1.05", "1.6"))), (-5, 5, -4, 4),
                        ((-1.4, 0.2), (1.3, -0.4), (0.1, 0.6), (-3.2, -1.1), (2.7, 1.9))),
    "narrow_wells": (gaussian_wells, dict(zip(WELLS, ("0.1", "-1", "1", "0.25", "1", "0.85", "0.7"))), (-3, 3, -2.5, 2.5),
                     ((-0.9, 0.1), (1.2, -0.3), (0.1, 0.6), (-1.3, -0.4), (2.1, 1.2))),
    "himmelblau": (himmelblau, {}, (-5.5, 5.5, -5.5, 5.5), ((2.9, 2.1), (-2.7, 3.0), (0.2, -0.9), (-3.5, -3.1), (4.4, -4.2))),
    "flat_valley": (flat_valley, dict(h0="0.5", h1="1", flat_at="1", amplitude="0.5", omega="1", bowl="0.02"), (-3, 3.5, -2, 2),
                    ((-2.4, -0.3), (0.9, 0.5), (0.1, -0.6), (2.2, 1.1), (-1.2, 0.7))),
}
# name, beta (sigma coupled, eta 0.01), split in x
MEASURES = (("flagship", 20, -0.5), ("flagship", 20, -0.48241918), ("reference_wells", 10, -0.4375930498902), ("reference_wells", 20, -0.4375930498902),
            ("narrow_wells", 10, 0.0), ("quadratic", 20, 0.5), ("flat_valley", 20, 0.5))


def build(name):
    maker, parameters, *_ = CASES[name]
    return maker(**{key: sp.Rational(text) for key, text in parameters.items()})


def clean(value):
    value = float(mp.re(value))
    return 0.0 if abs(value) < 1e-30 else value


def derivatives(f):
    return [sp.lambdify((X, Y, S), e, "mpmath")
            for e in (f, sp.diff(f, X), sp.diff(f, Y), sp.diff(f, X, 2), sp.diff(f, X, Y), sp.diff(f, Y, 2))]


def minima(f, box, sigma):
    """Strict minima in the box: Newton's method from a grid of starts."""
    _, gx, gy, hxx, hxy, hyy = derivatives(f)
    x0, x1, y0, y1 = box
    found = []
    mp.mp.dps = 20
    for a in np.linspace(x0, x1, 15):
        for b in np.linspace(y0, y1, 15):
            x, y = mp.mpf(a) + mp.mpf("0.001"), mp.mpf(b) - mp.mpf("0.002")
            for _ in range(60):
                p, q, r, t, w = (mp.re(e(x, y, sigma)) for e in (gx, gy, hxx, hxy, hyy))
                det = r * w - t * t
                dx, dy = (w * p - t * q) / det, (r * q - t * p) / det
                size = mp.hypot(dx, dy)
                short = min(1, mp.mpf("0.3") / size) if size else 1
                x, y = x - short * dx, y - short * dy
                if size < mp.mpf("1e-15") or not (x0 - 1 < x < x1 + 1 and y0 - 1 < y < y1 + 1):
                    break
            if size < mp.mpf("1e-12") and x0 < x < x1 and y0 < y < y1 and all(abs(x - c) + abs(y - d) > 1e-6 for c, d in found):
                found.append((x, y))
    mp.mp.dps = 50
    rows = []
    value = derivatives(f)[0]
    for x, y in found:
        for _ in range(4):
            p, q, r, t, w = (mp.re(e(x, y, sigma)) for e in (gx, gy, hxx, hxy, hyy))
            det = r * w - t * t
            x, y = x - (w * p - t * q) / det, y - (r * q - t * p) / det
        mean, radius = (r + w) / 2, mp.sqrt(((r - w) / 2) ** 2 + t ** 2)
        if mean - radius > 0:
            rows.append({"x": clean(x), "y": clean(y), "value": clean(value(x, y, sigma)), "eigenvalues": [clean(mean - radius), clean(mean + radius)]})
    rows.sort(key=lambda row: (row["value"], row["x"]))
    return rows


def hermite(f, x, y, sigma, nodes=400):
    z, weight = roots_hermite(nodes)
    weight = weight / weight.sum()
    z, weight = z[weight > 1e-60] * np.sqrt(2) * sigma, weight[weight > 1e-60]
    return float(weight @ np.broadcast_to(f(x + z[:, None], y + z[None, :], 0.0), (len(z), len(z))) @ weight)


def check(name, what, value, other, tolerance=1e-10):
    if not abs(value - other) <= tolerance * (1 + abs(other)):
        FAILED.append(f"{name}: {what}: {value!r} against {other!r}")


def landscape(name):
    maker, parameters, box, points = CASES[name]
    u, g = build(name)
    du, dg = derivatives(u), derivatives(g)
    quick = [sp.lambdify((X, Y, S), e, "numpy") for e in (u, sp.diff(u, X), sp.diff(u, Y))]
    rows = []
    for px, py in points:
        x, y = mp.mpf(px), mp.mpf(py)
        value, gx, gy, xx, xy, yy = (clean(e(x, y, 0)) for e in du)
        row = {"x": px, "y": py, "value": value, "gradient": [gx, gy], "hessian": [xx, xy, yy], "smoothed": []}
        for sigma in SIGMAS:
            smooth = [clean(e(x, y, mp.mpf(sigma))) for e in dg[:3]]
            for what, a, f in zip(("g", "g_x", "g_y"), smooth, quick):
                check(name, f"{what} at {px}, {py}, sigma {sigma}", a, hermite(f, px, py, sigma))
            row["smoothed"].append({"sigma": sigma, "value": smooth[0], "gradient": smooth[1:]})
        rows.append(row)
    print(name, flush=True)
    return {"landscape": maker.__name__, "parameters": {k: float(v) for k, v in parameters.items()}, "points": rows, "minima": minima(u, box, 0),
            "smoothed_minima": [{"sigma": s, "minima": minima(g, box, mp.mpf(s))} for s in SIGMAS]}


def law(f, beta, axis):
    """(t, density, distribution function) of one coordinate, and log Z, under exp(-beta f)."""
    t, s = np.linspace(-12, 12, 6001), np.linspace(-12, 12, 1201)
    at = (lambda k: (t[:, None], s[None, k:k + 50])) if axis == "x" else (lambda k: (s[None, k:k + 50], t[:, None]))
    blocks = [np.broadcast_to(f(*at(k)), (len(t), len(s[k:k + 50]))) for k in range(0, len(s), 50)]
    low = min(float(b.min()) for b in blocks)
    density = sum(np.exp(-beta * (b - low)).sum(1) for b in blocks)
    mass = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2)])
    log_z = -beta * low + np.log(mass[-1] * (t[1] - t[0]) * (s[1] - s[0]))
    return t, density / (mass[-1] * (t[1] - t[0])), mass / mass[-1], float(log_z)


def floor(t, cdf):
    """sqrt(n) times mean and deviation of W1(n independent draws, their own law): the L1 norm of a Brownian bridge at F."""
    keep = (cdf > 1e-12) & (cdf < 1 - 1e-12)
    step, f = t[1] - t[0], cdf[keep]
    mean = np.sqrt(2 / np.pi) * np.sqrt(f * (1 - f)).sum() * step
    f = f[::4]
    spread, odds = np.sqrt(f * (1 - f)), np.sqrt(f / (1 - f))
    r = np.minimum(1, np.minimum.outer(odds, odds) / np.maximum.outer(odds, odds))
    cross = 2 / np.pi * (np.sqrt(1 - r * r) + r * np.arcsin(r) - 1)
    return float(mean), float(4 * step * np.sqrt(spread @ cross @ spread))


def measure(name, beta, split):
    u, g = build(name)
    v = u + S ** 2 / 2 * (sp.diff(u, X, 2) + sp.diff(u, Y, 2))
    sigma = beta ** (-1.01 / 4)
    row = {"name": name, "beta": float(beta), "sigma": sigma, "split_x": split, "laws": {}, "distances": {}}
    laws = {}
    for key, e in (("u", u), ("v", v), ("g", g)):
        f = sp.lambdify((X, Y, S), e, "numpy")
        laws[key] = [law(lambda x, y: np.real(f(x, y, sigma)), beta, axis) for axis in "xy"]
        t, p, cdf, log_z = laws[key][0]
        k = int(np.searchsorted(t, split)) - 1
        h, w = t[1] - t[0], (split - t[k]) / (t[1] - t[0])
        mean, deviation = floor(t, cdf)
        row["laws"][key] = {"mass_right_of_split": float(1 - cdf[k] - h * (w * p[k] + w * w / 2 * (p[k + 1] - p[k]))), "log_z": log_z,
                            "mean_x": float((t * p).sum() * h), "floor_mean_sqrt_n": mean, "floor_sd_sqrt_n": deviation}
    for a, b in ("uv", "ug", "vg"):
        w1 = [float(np.abs(laws[a][i][2] - laws[b][i][2]).sum() * (laws[a][i][0][1] - laws[a][i][0][0])) for i in (0, 1)]
        row["distances"][a + b] = {"w1_x": w1[0], "w1_y": w1[1]}
    print("measure", name, beta, {k: round(e["mass_right_of_split"], 6) for k, e in row["laws"].items()}, flush=True)
    return row


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "landscapes.json")
    result = {"format": "basin-landscape-values", "version": 1, "landscapes": {name: landscape(name) for name in CASES},
              "measures": [measure(*row) for row in MEASURES]}
    with open(path, "w") as out:
        out.write(json.dumps(result, indent=1) + "\n")
    for line in FAILED:
        print("FAILED", line)
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
