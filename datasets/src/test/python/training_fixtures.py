"""Makes src/test/resources/torch: small networks, one batch each, and what PyTorch's training on it leads to.

Needs torch and safetensors; run as `python training_fixtures.py ../resources/torch`. A file holds the start by
the parameters' names, "fixture.inputs", "fixture.answers", "fixture.losses" [3] (before each of three steps on the whole
batch) and the end, "adamw." and "sgd." before the parameters' names. Adam's epsilon is large, since with the usual one the
biases of keys, which change nothing, would follow the sign of rounding errors.
"""

import copy
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

STEPS = 3


class Conv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.ModuleList([nn.Conv2d(1, 3, 3, 2), nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)])
        self.classifier = nn.Linear(4, 3)

    def forward(self, x):
        for conv in self.conv:
            x = functional.relu(conv(x))
        return self.classifier(x.mean((2, 3)))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)

    def forward(self, x):
        parts = [part.unflatten(2, (self.heads, -1)).transpose(1, 2) for part in self.c_attn(x).chunk(3, 2)]
        return self.c_proj(functional.scaled_dot_product_attention(*parts, is_causal=True).transpose(1, 2).flatten(2))


class Perceptron(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.c_proj(functional.gelu(self.c_fc(x), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = Perceptron(width)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    def __init__(self, words, length, width, layers, heads):
        super().__init__()
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(words, width),
            "wpe": nn.Embedding(length, width),
            "h": nn.ModuleList(Block(width, heads) for _ in range(layers)),
            "ln_f": nn.LayerNorm(width),
        })

    def forward(self, words):
        parts = self.transformer
        x = parts["wte"](words) + parts["wpe"].weight[: words.shape[1]]
        for block in parts["h"]:
            x = block(x)
        return parts["ln_f"](x) @ parts["wte"].weight.T


def parameters(model):
    return {name: value.detach().clone().contiguous() for name, value in model.named_parameters()}


def train(model, optimizer, inputs, answers):
    losses = []
    for _ in range(STEPS):
        scores = model(inputs)
        loss = functional.cross_entropy(scores.reshape(-1, scores.shape[-1]), answers.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def write(folder, name, model, inputs, answers):
    tensors = parameters(model)
    tensors["fixture.inputs"] = inputs.to(torch.float32)
    tensors["fixture.answers"] = answers.to(torch.float32)
    adamw = copy.deepcopy(model)
    rule = torch.optim.AdamW(adamw.parameters(), lr=0.01, eps=1e-3, weight_decay=0.1)
    tensors["fixture.losses"] = torch.tensor(train(adamw, rule, inputs, answers))
    tensors.update({f"adamw.{key}": value for key, value in parameters(adamw).items()})
    sgd = copy.deepcopy(model)
    train(sgd, torch.optim.SGD(sgd.parameters(), lr=0.1, momentum=0.9), inputs, answers)
    tensors.update({f"sgd.{key}": value for key, value in parameters(sgd).items()})
    save_file(tensors, folder / f"{name}.safetensors")
    print(name, sum(value.numel() for value in tensors.values()), tensors["fixture.losses"])


def main():
    folder = Path(sys.argv[1])
    torch.manual_seed(11)
    write(folder, "training-conv", Conv(), torch.randn(8, 1, 9, 9), torch.randint(0, 3, (8,)))
    text = torch.randint(0, 7, (4, 7))
    write(folder, "training-gpt", Gpt(7, 6, 8, 2, 2), text[:, :-1].contiguous(), text[:, 1:].contiguous())


main()
