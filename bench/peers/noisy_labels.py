"""The example "Noisy labels", its SGD lane, by PyTorch alone: another program's answer to hold Basin's against.

    peers/bin/python bench/peers/noisy_labels.py FOLDER_OF_FASHION_MNIST [seed ...]

Data, noise and start are drawn by NumPy's and PyTorch's generators, so seeds mean nothing in common with Basin's: means and
spreads are to be compared. Prints seed, epoch, test accuracy and the share of flipped labels fitted.
"""
import glob
import gzip
import struct
import sys

import numpy as np
import torch
from torch import nn


def idx(folder, part):
    name = sorted(glob.glob(f"{folder}/**/*{part}*", recursive=True))[0]
    data = (gzip.open(name) if name.endswith(".gz") else open(name, "rb")).read()
    dims = struct.unpack(">" + "I" * data[3], data[4:4 + 4 * data[3]])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(dims)


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def run(folder, seed):
    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    chosen = random.permutation(60000)[:6000]
    images = idx(folder, "train-images")[chosen].astype(np.float32)
    truth = idx(folder, "train-labels")[chosen].astype(np.int64)
    mean, deviation = images.mean(), images.std()
    flipped = random.random(6000) < 0.4
    given = truth.copy()
    given[flipped] = (truth[flipped] + random.integers(1, 10, flipped.sum())) % 10
    x = torch.from_numpy((images - mean) / deviation)[:, None]
    y = torch.from_numpy(given)
    test = torch.from_numpy((idx(folder, "t10k-images").astype(np.float32) - mean) / deviation)[:, None]
    test_labels = torch.from_numpy(idx(folder, "t10k-labels").astype(np.int64))
    net, loss = lenet(), nn.CrossEntropyLoss()
    sgd = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
    for epoch in range(1, 41):
        order = torch.randperm(6000)
        for first in range(0, 6000, 128):
            batch = order[first:first + 128]
            sgd.zero_grad()
            loss(net(x[batch]), y[batch]).backward()
            sgd.step()
        if epoch in (20, 40):
            with torch.no_grad():
                accuracy = (net(test).argmax(1) == test_labels).float().mean().item()
                fitted = (net(x).argmax(1) == y)[torch.from_numpy(flipped)].float().mean().item()
            print(seed, epoch, f"{accuracy:.4f} {fitted:.4f}", flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    for one in [int(word) for word in sys.argv[2:]] or [1, 2, 3]:
        run(sys.argv[1], one)
