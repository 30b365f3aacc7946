#!/usr/bin/env python3
"""make_curvature.py > curvature.json: Hessians of small networks in NumPy (made with 2.4.6), double precision.

Gradients are written out by hand. A column of the Hessian is Im g(theta + ih e_k) / h with h = 1e-30: the complex step
has no truncation error and nothing cancels (W. Squire, G. Trapp, SIAM Review 40, 1998), so the figures hold to some
1e-15. Columns of the Jacobians are taken in the same way. ReLU passes on where the real part is positive.
"""
import json

import numpy as np

STEP = 1e-30


class Mlp:
    """Widths (inputs, hidden..., outputs); theta has weight (outputs x inputs) and bias of each layer in turn."""

    def __init__(self, widths, activation, loss, x, targets):
        self.widths, self.activation, self.loss = widths, activation, loss
        self.x, self.targets = x, targets  # targets: examples x outputs
        self.blocks, offset = [], 0
        for rows, columns in zip(widths[1:], widths[:-1]):
            for shape in ((rows, columns), (rows,)):
                self.blocks.append((offset, shape))
                offset += int(np.prod(shape))
        self.size = offset

    def parts(self, theta):
        return [theta[at:at + int(np.prod(shape))].reshape(shape) for at, shape in self.blocks]

    def forward(self, theta):
        parts, inputs, h = self.parts(theta), [], self.x
        for i in range(0, len(parts), 2):
            inputs.append(h)
            h = h @ parts[i].T + parts[i + 1]
            if i + 2 < len(parts):
                h = np.tanh(h) if self.activation == "tanh" else np.where(h.real > 0, h, 0)
        return h, inputs

    def losses(self, z):
        if self.loss == "squared_error":
            return 0.5 * ((z - self.targets) ** 2).sum(1)
        shifted = z - z.real.max(1, keepdims=True)
        return np.log(np.exp(shifted).sum(1)) - (shifted * self.targets).sum(1)

    def slope(self, z):
        """dl_i/df_i, examples x outputs."""
        if self.loss == "squared_error":
            return z - self.targets
        e = np.exp(z - z.real.max(1, keepdims=True))
        return e / e.sum(1, keepdims=True) - self.targets

    def example_gradients(self, theta):
        """examples x size, of each example's own loss."""
        parts, (z, inputs) = self.parts(theta), self.forward(theta)
        delta, found = self.slope(z), []
        for i in range(len(parts) - 2, -1, -2):
            found = [np.einsum("no,ni->noi", delta, inputs[i // 2]).reshape(len(z), -1), delta] + found
            if i > 0:
                h = inputs[i // 2]
                delta = (delta @ parts[i]) * ((1 - h * h) if self.activation == "tanh" else (h.real > 0))
        return np.concatenate(found, 1)

    def value(self, theta):
        return self.losses(self.forward(theta)[0]).mean()

    def gradient(self, theta):
        return self.example_gradients(theta).mean(0)

    def hessian(self, theta):
        columns = []
        for k in range(self.size):
            there = theta.astype(complex)
            there[k] += 1j * STEP
            columns.append(self.gradient(there).imag / STEP)
        return np.array(columns).T

    def gauss_newton(self, theta):
        """(1/n) sum J' A J, A = d2l/df2."""
        jacobian = []
        for k in range(self.size):
            there = theta.astype(complex)
            there[k] += 1j * STEP
            jacobian.append(self.forward(there)[0].imag / STEP)
        jacobian = np.moveaxis(np.array(jacobian), 0, 2)  # examples x outputs x size
        z = self.forward(theta)[0]
        matrix = np.zeros((self.size, self.size))
        for i in range(len(z)):
            p = self.slope(z)[i] + self.targets[i]
            a = np.eye(z.shape[1]) if self.loss == "squared_error" else np.diag(p) - np.outer(p, p)
            matrix += jacobian[i].T @ a @ jacobian[i]
        return matrix / len(z)

    def fisher(self, theta):
        g = self.example_gradients(theta)
        return g.T @ g / len(g)


def filter_normalised(net, theta, raw):
    """Rows of weights get the length of theta's, biases nothing."""
    direction = []
    for part, d in zip(net.parts(theta), net.parts(raw)):
        if part.ndim == 1:
            direction.append(np.zeros(part.shape))
        else:
            ratio = np.linalg.norm(part, axis=1) / (np.linalg.norm(d, axis=1) + 1e-10)
            direction.append((d * ratio[:, None]).ravel())
    return np.concatenate(direction)


def figures(net, theta):
    k = np.arange(1, net.size + 1)
    found = {"theta": theta.tolist(), "loss": net.value(theta), "gradient": net.gradient(theta).tolist()}
    for name in ("hessian", "gauss_newton", "fisher"):
        matrix = getattr(net, name)(theta)
        matrix = (matrix + matrix.T) / 2
        found[name] = {"trace": np.trace(matrix), "diagonal": np.diag(matrix).tolist(),
                       "eigenvalues": np.linalg.eigvalsh(matrix).tolist(), "product": (matrix @ np.cos(k)).tolist()}
    return found


# Test 5d: 2-3-1, tanh, four points, half mean square.
i = np.arange(1, 5)
tiny = Mlp([2, 3, 1], "tanh", "squared_error", np.stack([np.sin(i), np.cos(2 * i)], 1), np.sin(3 * i)[:, None])
k = np.arange(1, tiny.size + 1)
theta = 0.5 * np.sin(k)
direction = filter_normalised(tiny, theta, np.cos(2 * k))
tiny_figures = figures(tiny, theta)
tiny_figures |= {
    "direction": direction.tolist(),
    "slice": [tiny.value(theta + a * direction) for a in (-1, -0.5, 0, 0.5, 1)],
    "interpolation": [tiny.value((1 - t) * theta + t * 0.5 * np.cos(k)) for t in (0, 0.25, 0.5, 0.75, 1)]}

# ReLU, three classes: 4-6-5-3 and twenty points.
i, j = np.arange(1, 21)[:, None], np.arange(1, 5)[None, :]
points, classes = np.sin(i * j) + 0.3 * np.cos(i + j), np.eye(3)[np.arange(1, 21) % 3]
relu = {}
for loss in ("cross_entropy", "squared_error"):
    net = Mlp([4, 6, 5, 3], "relu", loss, points, classes)
    relu[loss] = figures(net, 0.7 * np.sin(np.arange(1, net.size + 1)))

# Test 5f: 2-8-8-1, tanh, two moons by formula, half mean square; weights N(0, 1/fan_in), biases 0.
t = np.pi * (np.arange(100) + 0.5) / 100
moons = np.concatenate([np.stack([np.cos(t), np.sin(t)], 1), np.stack([1 - np.cos(t), 0.5 - np.sin(t)], 1)])
k = np.arange(200)
moons += 0.15 * np.stack([np.sin(1 + 37 * k), np.sin(2 + 53 * k)], 1)
edge = Mlp([2, 8, 8, 1], "tanh", "squared_error", moons, np.repeat([1.0, -1.0], 100)[:, None])
# All 105 numbers are drawn in the order of theta; then the biases are put to 0.
raw = np.random.Generator(np.random.PCG64(0)).standard_normal(edge.size)
start = np.concatenate([(part / np.sqrt(part.shape[1])).ravel() if part.ndim == 2 else 0 * part
                        for part in edge.parts(raw)])
spectrum = np.linalg.eigvalsh(edge.hessian(start))
# Full-batch gradient descent with eta = 0.05, far below the edge (top < 2 / eta = 40 all along): rounding does not grow,
# so others can follow. At eta = 0.2 the top is beyond 10 from step 140 to 240, and 1e-16 becomes 1e-2.
descent, theta = [], start.copy()
for step in range(1001):
    if step in (100, 300, 1000):
        descent.append({"step": step, "loss": edge.value(theta), "top": np.linalg.eigvalsh(edge.hessian(theta))[-1]})
    theta = theta - 0.05 * edge.gradient(theta)

print(json.dumps({"tiny": tiny_figures, "relu": relu,
                  "edge": {"theta": start.tolist(), "inputs": moons.ravel().tolist(), "loss": edge.value(start),
                           "top": spectrum[-1], "trace": spectrum.sum(), "descent": descent}}, indent=1))
