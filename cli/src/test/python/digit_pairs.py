"""Two digit classifiers of each kind, trained apart from different seeds: src/test/resources/align/*.safetensors.
Their architectures are in mlp.json and cnn.json there, as Architecture.toJson() writes them.

They read the built-in digits (8 x 8, grey levels in [0, 1]) and were trained on every second image of them:
    python digit_pairs.py ../resources/align
"""

import gzip
import pathlib
import sys

import torch
from safetensors.torch import save_file

IMAGES = pathlib.Path(__file__).parents[4] / "datasets/src/main/resources/dev/weft/datasets/image"
STEPS = 3000


def idx(name, header):
    data = gzip.open(IMAGES / name).read()
    return torch.frombuffer(bytearray(data[header:]), dtype=torch.uint8)


def digits():
    x = idx("digits-images-idx3-ubyte.gz", 16).reshape(-1, 1, 8, 8).float() / 16
    return x, idx("digits-labels-idx1-ubyte.gz", 8).long()


def mlp():
    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64),
                              torch.nn.ReLU(), torch.nn.Linear(64, 10))
    return net, {"1": "seq.0", "3": "seq.1", "5": "seq.2"}


def cnn():
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 24, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(24, 24, 3, padding=1),
                              torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(24, 10))
    return net, {"0": "conv.0", "2": "conv.1", "6": "classifier"}


def train(make, seed, x, y):
    torch.manual_seed(seed)
    net, names = make()
    optimizer = torch.optim.Adam(net.parameters(), 3e-3, weight_decay=1e-4)
    for step in range(STEPS):
        batch = torch.randint(len(x), (64,))
        loss = torch.nn.functional.cross_entropy(net(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    accuracy = (net(x).argmax(1) == y).float().mean().item()
    print(make.__name__, seed, f"loss {loss.item():.4f} accuracy on the training images {accuracy:.3f}")
    return {names[k.split(".")[0]] + "." + k.split(".")[1]: v.contiguous() for k, v in net.state_dict().items()}


if __name__ == "__main__":
    torch.set_num_threads(1)
    x, y = digits()
    out = pathlib.Path(sys.argv[1])
    for make in (mlp, cnn):
        for seed, letter in enumerate("ab"):
            name = make.__name__
            architecture = (out / f"{name}.json").read_text()
            tensors = train(make, seed, x[::2], y[::2])
            save_file(tensors, out / f"{name}-{letter}.safetensors", metadata={"architecture": architecture})
