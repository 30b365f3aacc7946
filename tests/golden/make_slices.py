#!/usr/bin/env python3
"""make_slices.py: the numbers that tests/core/slice/*.cpp know of the network 2-3-1, by NumPy in double.

theta_k = sin(k)/2, four examples, half the mean square; its filter-normalised direction from cos 2k, and singular values
and shares of fifty steps of gradient descent by a direct decomposition. Made with NumPy 2.4.
"""
import numpy as np

k = np.arange(1, 14)
theta = 0.5 * np.sin(k)
raw = np.cos(2 * k)
direction = np.zeros(13)
for first, last in ((0, 2), (2, 4), (4, 6), (9, 12)):  # the rows of both matrices
    filter_length = np.linalg.norm(theta[first:last])
    direction[first:last] = raw[first:last] * filter_length / (np.linalg.norm(raw[first:last]) + 1e-10)
print(f"norm of the filter-normalised direction {np.linalg.norm(direction):.13f}")

i = np.arange(1, 5)
x = np.stack([np.sin(i), np.cos(2 * i)], 1)
y = np.sin(3 * i)


def gradient(t):
    hidden, bias, output = t[:6].reshape(3, 2), t[6:9], t[9:12]
    h = np.tanh(x @ hidden.T + bias)
    slope = (h @ output + t[12] - y) / 4
    back = slope[:, None] * output * (1 - h * h)
    return np.concatenate([(back.T @ x).ravel(), back.sum(0), h.T @ slope, [slope.sum()]])


path = [theta]
for _ in range(50):
    path.append(path[-1] - 0.5 * gradient(path[-1]))
path = np.array(path)
for name, centre in (("mean", path.mean(0)), ("last", path[-1])):
    singular = np.linalg.svd(path - centre, compute_uv=False)
    shares = singular**2 / np.sum(singular**2)
    print(name, "singular values", *(f"{s:.13f}" for s in singular[:3]), "shares", *(f"{s:.13f}" for s in shares[:3]))
