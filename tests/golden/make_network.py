#!/usr/bin/env python3
"""make_network.py > network.json: networks in PyTorch, double precision, with Philox, shuffling, label noise and start
written again from the words in core/compute/rng.h and core/network/data/*.h. Needs torch (made with 2.15.0) and numpy.

"float32" beside a run of losses is what PyTorch's own single precision gives: it shows how far rounding reaches.
"""
import json

import numpy as np
import torch

torch.manual_seed(0)
torch.set_num_threads(1)
SEED, TRAIN, TRAIN_SIZE, TEST, BATCH, SIDE, RATE, PADDING = 7, 40, 32, 16, 12, 28, 0.4, 4
STREAM = {"batch": 2, "label_noise": 4, "initialisation": 6, "subset": 9, "augmentation": 11}


def philox(counter, key):
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(10):
        x, y = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (y >> 32) ^ b ^ k0, y & 0xFFFFFFFF, (x >> 32) ^ d ^ k1, x & 0xFFFFFFFF
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return a, b, c, d


def words(seed, stream, block, step=0, draw=0, lane=0):
    word = STREAM[stream] | draw << 8 | lane << 20
    return philox((block & 0xFFFFFFFF, block >> 32, step, word), (seed & 0xFFFFFFFF, seed >> 32))


def permutation(count, seed, stream, **key):
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        w = words(seed, stream, i // 2, **key)
        u = w[2 * (i % 2)] << 32 | w[2 * (i % 2) + 1]
        j = u * (i + 1) >> 64
        order[i], order[j] = order[j], order[i]
    return order


def start(shapes, seed):
    """Uniform in +- 1/sqrt(fan_in); a bias has its weight's fan_in."""
    theta, offset, fan_in = [], 0, 0
    for shape in shapes:
        if len(shape) > 1:
            fan_in = int(np.prod(shape[1:]))
        for i in range(offset, offset + int(np.prod(shape))):
            bits = words(seed, "initialisation", i // 4)[i % 4]
            theta.append((2 * ((bits >> 8) + 0.5) * 2.0**-24 - 1) / np.sqrt(fan_in))
        offset = len(theta)
    return np.array(theta)


def made_bytes(count, state):
    values = []
    for _ in range(count):
        state = (1103515245 * state + 12345) % 2**31
        values.append(state >> 16 & 255)
    return values


def lenet(dtype):
    n = torch.nn
    return n.Sequential(n.Conv2d(1, 6, 5, padding=2), n.ReLU(), n.MaxPool2d(2), n.Conv2d(6, 16, 5), n.ReLU(),
                        n.MaxPool2d(2), n.Flatten(), n.Linear(400, 120), n.ReLU(), n.Linear(120, 84), n.ReLU(),
                        n.Linear(84, 10)).to(dtype)


def mlp(activation, dtype):
    n = torch.nn
    return n.Sequential(n.Flatten(), n.Linear(784, 16), activation(), n.Linear(16, 8), activation(),
                        n.Linear(8, 10)).to(dtype)


def logistic(dtype):
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10)).to(dtype)


def cross_entropy(z, labels):
    return torch.nn.functional.cross_entropy(z, labels)


def squared_error(z, labels):
    return 0.5 * (z - torch.nn.functional.one_hot(labels, z.shape[1])).square().sum(1).mean()


MODELS = {
    "logistic_regression": (logistic, cross_entropy),
    "mlp_relu": (lambda dtype: mlp(torch.nn.ReLU, dtype), cross_entropy),
    "mlp_tanh": (lambda dtype: mlp(torch.nn.Tanh, dtype), cross_entropy),
    "lenet": (lenet, cross_entropy),
    "mlp_squared_error": (lambda dtype: mlp(torch.nn.Tanh, dtype), squared_error),
    "lenet_squared_error": (lenet, squared_error),
}

# Bright blocks on noise, so that there is something to learn; the rows are what the C++ test writes into its IDX files.
train_bytes = made_bytes(TRAIN * SIDE * SIDE, 1)
test_bytes = made_bytes(TEST * SIDE * SIDE, 2)
train_labels = [(7 * i + 3) % 10 for i in range(TRAIN)]
test_labels = [(3 * i + 1) % 10 for i in range(TEST)]
for pixels, labels in ((train_bytes, train_labels), (test_bytes, test_labels)):
    for i, label in enumerate(labels):
        for row in range(4):
            for column in range(SIDE):
                at = (i * SIDE + 2 * label + row) * SIDE + column
                pixels[at] = 255 - pixels[at] // 4

chosen = sorted(permutation(TRAIN, SEED, "subset")[:TRAIN_SIZE])
x = np.array(train_bytes, float).reshape(TRAIN, 1, SIDE, SIDE)[chosen]
mean, deviation = x.mean(), x.std()
true = [train_labels[i] for i in chosen]
given = list(true)
for place, number in enumerate(chosen):
    w = words(SEED, "label_noise", number)
    if w[0] / 2**32 < RATE:
        given[place] = (given[place] + 1 + (w[1] * 9 >> 32)) % 10
inputs = torch.tensor((x - mean) / deviation)
test_inputs = torch.tensor((np.array(test_bytes, float).reshape(TEST, 1, SIDE, SIDE) - mean) / deviation)
y, y_true, y_test = torch.tensor(given), torch.tensor(true), torch.tensor(test_labels)


def batch(step):
    per_epoch = -(-TRAIN_SIZE // BATCH)
    order = permutation(TRAIN_SIZE, SEED, "batch", step=step // per_epoch)
    return order[step % per_epoch * BATCH:][:BATCH]


def windows(step):
    """Row and column of each crop in the padded image, and whether it is mirrored."""
    per_epoch = -(-TRAIN_SIZE // BATCH)
    first = step % per_epoch * BATCH
    for place in range(first, first + len(batch(step))):
        a, b, c, _ = words(SEED, "augmentation", place, step=step // per_epoch)
        yield a * (2 * PADDING + 1) >> 32, b * (2 * PADDING + 1) >> 32, c >> 31


def augmented(step):
    """Pads the pixels, crops, mirrors, and scales then."""
    images = []
    for number, (row, column, mirrored) in zip(batch(step), windows(step)):
        padded = np.pad(x[number, 0], PADDING)
        crop = padded[row:row + SIDE, column:column + SIDE]
        images.append((np.fliplr(crop) if mirrored else crop)[None])
    return torch.tensor((np.array(images) - mean) / deviation)


def load(net, theta):
    offset = 0
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(torch.tensor(theta[offset:offset + p.numel()]).reshape(p.shape))
            offset += p.numel()


def run(net, criterion, theta, dtype, steps=12, images=lambda step: inputs[batch(step)]):
    load(net, theta)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = criterion(net(images(step).to(dtype)), y[batch(step)])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def judge(net, criterion):
    with torch.no_grad():
        z, z_test = net(inputs), net(test_inputs)
        guess, flipped = z.argmax(1), y != y_true
        return {"train_loss": criterion(z, y).item(),
                "test_loss": criterion(z_test, y_test).item(),
                "test_accuracy": (z_test.argmax(1) == y_test).double().mean().item(),
                "clean_accuracy": (guess == y)[~flipped].double().mean().item(),
                "flipped_fitted": (guess == y)[flipped].double().mean().item(),
                "flipped_corrected": (guess == y_true)[flipped].double().mean().item()}


models = {}
for name, (make, criterion) in MODELS.items():
    net = make(torch.float64)
    theta = start([tuple(p.shape) for p in net.parameters()], SEED)
    load(net, theta)
    loss = criterion(net(inputs), y)
    gradient = torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(net.parameters()))]).numpy()
    stride = max(1, len(theta) // 97)
    models[name] = {"parameters": len(theta), "stride": stride, "theta": theta[::stride].tolist(), "loss": loss.item(),
                    "gradient": gradient[::stride].tolist(), "gradient_norm": float(np.linalg.norm(gradient)),
                    "blocks": [float(g.norm()) for g in torch.autograd.grad(
                        criterion(net(inputs), y), list(net.parameters()))],
                    "float32": run(make(torch.float32), criterion, theta, torch.float32),
                    "losses": run(net, criterion, theta, torch.float64),
                    "metrics": judge(net, criterion)}

net = lenet(torch.float64)
theta = start([tuple(p.shape) for p in net.parameters()], SEED)
augmentation = {"padding": PADDING, "windows": [list(windows(s)) for s in range(7)],
                "batch": augmented(4)[7, 0].flatten().tolist(),
                "losses": run(net, cross_entropy, theta, torch.float64, images=augmented),
                "metrics": judge(net, cross_entropy)}

print(json.dumps({"seed": SEED, "train": TRAIN, "train_size": TRAIN_SIZE, "test": TEST, "batch_size": BATCH,
                  "rate": RATE, "chosen": chosen, "true_labels": true, "given_labels": given, "mean": mean,
                  "deviation": deviation, "batches": [batch(s) for s in range(7)], "augmentation": augmentation,
                  "models": models}, indent=1))
