#!/usr/bin/env python3
"""make_resnet.py > resnet.json: residual networks as PyTorch modules, double precision, on four small images with a
made theta: three steps of SGD with momentum in training mode, then evaluation mode. Needs torch (made with 2.15.0) and
numpy. Numbers are made by u(), which core's test has too; of long arrays only norms and projections on u() are kept.
"""
import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(2)
BATCH, SIDE, CHANNELS, CLASSES, STEPS, STEP_SIZE, MOMENTUM = 4, 12, 3, 10, 3, 0.05, 0.9
THETA, BUFFERS, EXAMPLES, PROJECTION = 1, 2, 3, 4


def u(count, salt, first=0):
    """Numbers in [-1, 1): a hash of 32 bits of each one's place."""
    x = (np.arange(first, first + count, dtype=np.uint64) + salt * 0x9E3779B9) & 0xFFFFFFFF
    for _ in range(2):
        x = (x ^ x >> np.uint64(16)) * np.uint64(0x45D9F3B) & np.uint64(0xFFFFFFFF)
    x = x ^ x >> np.uint64(16)
    return x.astype(np.float64) / 2.0**31 - 1


class PaddedShortcut(nn.Module):
    def __init__(self, extra):
        super().__init__()
        self.extra = extra

    def forward(self, x):
        x = x[:, :, ::2, ::2]
        return torch.cat([x, x.new_zeros(x.shape[0], self.extra, *x.shape[2:])], 1)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, projected):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        if inputs == outputs:
            self.shortcut = nn.Identity()
        elif projected:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        else:
            self.shortcut = PaddedShortcut(outputs - inputs)

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, widths, blocks, projected):
        super().__init__()
        self.conv = nn.Conv2d(CHANNELS, widths[0], 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(widths[0])
        stages, inputs = [], widths[0]
        for stage, (width, count) in enumerate(zip(widths, blocks)):
            for block in range(count):
                stages.append(Block(inputs, width, 2 if stage and not block else 1, projected))
                inputs = width
        self.stages = nn.Sequential(*stages)
        self.output = nn.Linear(inputs, CLASSES)

    def forward(self, x):
        x = self.stages(F.relu(self.norm(self.conv(x))))
        return self.output(x.mean((2, 3)))


WIDE = (64, 128, 256, 512)
MODELS = {f"resnet{6 * n + 2}": ((16, 32, 64), (n, n, n), False) for n in (3, 5, 7, 9)}
MODELS |= {"resnet18": (WIDE, (2, 2, 2, 2), True), "resnet34": (WIDE, (3, 4, 6, 3), True)}


def buffers_of(net):
    return [b for b in net.buffers() if b.dim()]  # without num_batches_tracked


def fill(net):
    """theta and buffers, each numbered through in the modules' order."""
    offset, bound = 0, 0
    with torch.no_grad():
        for name, p in net.named_parameters():
            if p.dim() > 1:
                centre, spread = 0, 1 / np.sqrt(p[0].numel())
                bound = spread
            elif name.startswith("output"):
                centre, spread = 0, bound
            else:
                centre, spread = (1, 0.25) if name.endswith("weight") else (0, 0.1)
            p.copy_(torch.tensor(centre + spread * u(p.numel(), THETA, offset)).reshape(p.shape))
            offset += p.numel()
        offset = 0
        for i, b in enumerate(buffers_of(net)):
            b.copy_(torch.tensor(i % 2 + (0.25 if i % 2 else 0.1) * u(b.numel(), BUFFERS, offset)))
            offset += b.numel()


def digest(tensors):
    """Norm of each, and its product with u() at its places."""
    offset, norms, products = 0, [], []
    for t in tensors:
        flat = t.detach().double().flatten().numpy()
        norms.append(float(np.linalg.norm(flat)))
        products.append(float(flat @ u(flat.size, PROJECTION, offset)))
        offset += flat.size
    return {"norms": norms, "products": products}


inputs = torch.tensor(1.7 * u(BATCH * CHANNELS * SIDE * SIDE, EXAMPLES)).reshape(BATCH, CHANNELS, SIDE, SIDE)
labels = torch.tensor([(3 * i + 1) % CLASSES for i in range(BATCH)])


def figures(shape):
    net = ResNet(*shape).double()
    fill(net)
    optimizer = torch.optim.SGD(net.parameters(), lr=STEP_SIZE, momentum=MOMENTUM)
    result = {"evaluated_before": net.eval()(inputs).flatten().tolist()}
    net.train()
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        z = net(inputs)
        loss = F.cross_entropy(z, labels)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            result["logits"] = z.flatten().tolist()
            result["gradient"] = digest([p.grad for p in net.parameters()])
            result["buffers"] = digest(buffers_of(net))
        optimizer.step()
    result["losses"] = losses
    result["evaluated_after"] = net.eval()(inputs).flatten().tolist()
    result["buffers_after"] = digest(buffers_of(net))
    return result


print(json.dumps({"batch": BATCH, "side": SIDE, "channels": CHANNELS, "classes": CLASSES, "step_size": STEP_SIZE,
                  "momentum": MOMENTUM,
                  "parameters": {name: sum(p.numel() for p in ResNet(*shape).parameters())
                                 for name, shape in MODELS.items()},
                  "models": {name: figures(MODELS[name]) for name in ("resnet20", "resnet18")}}, indent=1))
