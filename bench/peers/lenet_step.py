"""The LeNet's SGD step by PyTorch eager on a GPU, for basin-bench cuda_lenet: seconds a step with the fused optimizer.

    peers/bin/python bench/peers/lenet_step.py [steps]

Images are random numbers: what a step costs does not depend on them. Losses are read every 16 steps, as Basin does.
Prints the card, PyTorch's version, and microseconds a step as the median of 21 stretches with the 5th and 17th of them.
"""
import sys
import time

import torch
from torch import nn


def main(steps):
    if not torch.cuda.is_available():
        print("no GPU: torch.cuda.is_available() is False")
        return
    torch.manual_seed(1)
    device = torch.device("cuda")
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)).to(device)
    sgd = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, fused=True)
    loss_of = nn.CrossEntropyLoss()
    images = torch.rand(6000, 1, 28, 28, device=device)
    labels = torch.randint(10, (6000,), device=device)
    order = torch.randperm(6000, device=device)

    def stretch():
        losses = []
        for step in range(steps):
            first = step * 128 % (6000 - 128)
            batch = order[first:first + 128]
            sgd.zero_grad()
            loss = loss_of(net(images[batch]), labels[batch])
            loss.backward()
            sgd.step()
            losses.append(loss.detach())
            if len(losses) == 16:
                torch.stack(losses).cpu()
                losses.clear()
        torch.cuda.synchronize()

    stretch()
    seconds = []
    for _ in range(21):
        begin = time.perf_counter()
        stretch()
        seconds.append((time.perf_counter() - begin) / steps)
    seconds.sort()
    print(torch.cuda.get_device_name(), torch.__version__,
          f"{1e6 * seconds[10]:.1f} us a step [{1e6 * seconds[4]:.1f}, {1e6 * seconds[16]:.1f}]")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 512)
