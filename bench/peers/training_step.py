"""A network's SGD step by PyTorch eager on a GPU, for basin-bench cuda_lenet and cuda_resnet: the fused optimizer.

    peers/bin/python bench/peers/training_step.py [lenet | resnet18 | resnet20] [steps]

Images are random numbers: what a step costs does not depend on them. Losses are read every 16 steps, as Basin does; in
float32 throughout, first with PyTorch's own choice of algorithms, then with deterministic ones, as Basin's are.
Prints the card, PyTorch's version, and microseconds a step as the median of 9 stretches with the least and the most.
"""
import os
import sys
import time

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import torch
from torch import nn

import networks


def main(name, steps):
    if not torch.cuda.is_available():
        print("no GPU: torch.cuda.is_available() is False")
        return
    torch.manual_seed(1)
    torch.backends.cudnn.allow_tf32 = False
    device = torch.device("cuda")
    net, shape = networks.make(name)
    net = net.to(device)
    sgd = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, fused=True)
    loss_of = nn.CrossEntropyLoss()
    images = torch.rand(6000, *shape, device=device)
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

    for deterministic in (False, True):
        torch.use_deterministic_algorithms(deterministic)
        torch.backends.cudnn.deterministic = deterministic
        stretch()
        seconds = []
        for _ in range(9):
            begin = time.perf_counter()
            stretch()
            seconds.append((time.perf_counter() - begin) / steps)
        seconds.sort()
        print(torch.cuda.get_device_name(), torch.__version__, name, "deterministic" if deterministic else "default",
              f"{1e6 * seconds[4]:.1f} us a step [{1e6 * seconds[0]:.1f}, {1e6 * seconds[-1]:.1f}]")


main(sys.argv[1] if len(sys.argv) > 1 else "lenet", int(sys.argv[2]) if len(sys.argv) > 2 else 256)
