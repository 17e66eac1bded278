"""Makes src/test/resources/recognise: small random networks of each family as their libraries save them.

A folder a network: model.safetensors, config.json where the library writes one, and sample.safetensors with inputs and what
PyTorch answers. Needs torch, torchvision, timm, transformers and safetensors; run as
`python recognise_fixtures.py ../resources/recognise [NAME ...]`.
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from torch import nn

WORDS = torch.tensor([[1, 5, 3, 9, 2, 7], [10, 0, 4, 4, 8, 6]])
NETWORKS = {}


def network(name, **settings):
    """Registers a function that returns a model, its inputs, and how to ask it."""

    def register(make):
        NETWORKS[name] = (make, settings)
        return make

    return register


def randomise(model):
    """Nothing stays at a special point: no zero biases, no gains of one, no fresh statistics."""
    for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
        if not tensor.dtype.is_floating_point or name.endswith("inv_freq"):
            continue
        if name.endswith("running_var"):
            tensor.data.uniform_(0.5, 1.5)
        elif tensor.dim() == 1 and name.endswith("weight") or tensor.squeeze().dim() == 1 and "scale" in name:
            tensor.data.normal_(1, 0.3)
        elif tensor.dim() < 2:
            tensor.data.normal_(0, 0.3)
        else:
            tensor.data.normal_(0, (tensor[0].numel()) ** -0.5)


def write(folder, name, make, config=None, dtype=None):
    torch.manual_seed(0)
    model, inputs, ask = make()
    model = model.eval()
    randomise(model)
    if dtype is not None:
        model.to(dtype).to(torch.float32)  # values that the type holds
    with torch.no_grad():
        outputs = ask(model) if ask else model(inputs)
    folder = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {}
    for key, value in model.state_dict().items():
        tensors[key] = value.clone().contiguous()
        if dtype is not None and value.dtype.is_floating_point:
            tensors[key] = tensors[key].to(dtype)
    save_file(tensors, folder / "model.safetensors")
    save_file(
        {"inputs": inputs.to(torch.float32), "outputs": outputs.clone().contiguous()}, folder / "sample.safetensors"
    )
    if config is None and isinstance(model, transformers.PreTrainedModel):
        config = model.config.to_dict()
        config["architectures"] = [type(model).__name__]
    if config:
        (folder / "config.json").write_text(json.dumps(config, indent=1, default=str) + "\n")
    print(name, sum(value.numel() for value in tensors.values()))


def logits(model):
    return model(WORDS).logits


@network("gpt2")
def gpt2():
    config = transformers.GPT2Config(vocab_size=11, n_positions=8, n_embd=12, n_layer=2, n_head=3)
    return transformers.GPT2LMHeadModel(config), WORDS, logits


@network("gpt2-base", dtype=torch.bfloat16)
def gpt2_base():
    config = transformers.GPT2Config(vocab_size=11, n_positions=8, n_embd=12, n_layer=2, n_head=2, n_inner=20)
    return transformers.GPT2Model(config), WORDS, lambda model: model(WORDS).last_hidden_state


def main(folder, names):
    for name, (make, settings) in NETWORKS.items():
        if not names or name in names:
            write(folder, name, make, **settings)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
