"""Basin's networks as PyTorch modules, for the scripts beside this one: parameters and buffers in Basin's order."""
import torch
from torch import nn
from torch.nn import functional


def lenet(channels=1):
    return nn.Sequential(
        nn.Conv2d(channels, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


class Block(nn.Module):
    """relu(F(x) + shortcut x), F two 3x3 convolutions with batch normalisation."""

    def __init__(self, inputs, outputs, stride, projected):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.stride, self.added = stride, outputs - inputs
        self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                                      nn.BatchNorm2d(outputs)) if projected and self.added else None

    def forward(self, x):
        h = self.norm2(self.conv2(functional.relu(self.norm1(self.conv1(x)))))
        if self.shortcut is not None:
            return functional.relu(h + self.shortcut(x))
        if self.added:
            x = functional.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, 0, self.added))
        return functional.relu(h + x)


def resnet(widths, blocks, projected, channels):
    layers = [nn.Conv2d(channels, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU()]
    inputs = widths[0]
    for stage, width in enumerate(widths):
        for block in range(blocks):
            layers.append(Block(inputs, width, 2 if stage and not block else 1, projected))
            inputs = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def make(name):
    """The network, and the shape of its images."""
    if name == "lenet":
        return lenet(), (1, 28, 28)
    if name == "resnet20":
        return resnet([16, 32, 64], 3, False, 3), (3, 32, 32)
    if name == "resnet18":
        return resnet([64, 128, 256, 512], 2, True, 3), (3, 32, 32)
    raise SystemExit(f"no network {name}: lenet, resnet20 or resnet18")


def load(model, theta, buffers):
    """Basin's flat arrays into the modules."""
    nn.utils.vector_to_parameters(torch.from_numpy(theta.reshape(-1)), model.parameters())
    flat = torch.from_numpy(buffers.reshape(-1))
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            n = module.num_features
            module.running_mean.copy_(flat[:n])
            module.running_var.copy_(flat[n:2 * n])
            flat = flat[2 * n:]
    assert flat.numel() == 0
    return model
