"""Makes the networks of OnnxTopologyTest: tiny ones, exported by both of PyTorch's exporters, each with an input and the
output that onnxruntime computes (NAME.io.safetensors), and a state dict of the same values.

    python make_onnx_networks.py ../resources/networks [NAME ...]

Made with torch 2.13, torchvision 0.28, timm 1.0.29, transformers 5.18, onnx 1.23, onnxruntime 1.30.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import timm
import torch
import torchvision
import transformers
from safetensors.numpy import save_file
from torch import nn

OPEN = torch.export.Dim.DYNAMIC


class Sine(nn.Module):
    def forward(self, x):
        return torch.sin(10 * x)


class Residual(nn.Module):
    """Two residual blocks of a ResNet, the second with squeeze-and-excitation."""

    def __init__(self):
        super().__init__()
        block = torchvision.models.resnet.BasicBlock
        down = nn.Sequential(nn.Conv2d(4, 6, 1, 2, bias=False), nn.BatchNorm2d(6))
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 7, 2, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.layers = nn.Sequential(block(4, 4), block(4, 6, 2, down))
        self.gates = torchvision.ops.SqueezeExcitation(6, 3)
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3))

    def forward(self, x):
        return self.head(self.gates(self.layers(self.stem(x))))


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.rnn = kind(3, 5, 2, batch_first=True)
        self.head = nn.Linear(5, 2)

    def forward(self, x):
        return self.head(self.rnn(x)[0][:, -1])


class Text(nn.Module):
    """A transformer of Hugging Face's that reads words and gives its first output."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, words, attention_mask=None):
        return self.model(input_ids=words, attention_mask=attention_mask)[0]


def plain_cnn():
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, 2, 1), nn.BatchNorm2d(6), nn.ReLU(), nn.Conv2d(6, 6, 3, padding=2, dilation=2, groups=3),
        nn.LeakyReLU(0.1), nn.GroupNorm(2, 6), nn.SiLU(), nn.Conv2d(6, 6, 3, padding=1, groups=6), nn.Hardswish(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 4), nn.Softmax(-1))


def vgg():
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 5, 3, padding=1), nn.BatchNorm2d(5),
        nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(80, 6), nn.ReLU(), nn.Dropout(), nn.Linear(6, 3))


def gpt2():
    config = transformers.GPT2Config(
        vocab_size=17, n_positions=16, n_embd=12, n_layer=2, n_head=3, use_cache=False)
    return Text(transformers.GPT2LMHeadModel(config))


def llama(model, config, **more):
    return Text(model(config(
        vocab_size=17, hidden_size=16, intermediate_size=20, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=16, use_cache=False, **more)))


def bert():
    return Text(transformers.BertModel(transformers.BertConfig(
        vocab_size=17, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=20,
        max_position_embeddings=16)))


def image(size=16):
    return torch.randn(2, 3, size, size)


def words():
    return torch.randint(0, 17, (2, 9))


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 7), nn.GELU(), nn.LayerNorm(7), nn.Linear(7, 5), nn.GELU("tanh"),
                         nn.Linear(5, 3))


# name: network, input, exporter, version of the operators, further arguments of the exporter
NETWORKS = {
    "mlp-script-11": (mlp, lambda: torch.randn(2, 3, 2, 2), False, 11, {}),
    "mlp-dynamo-21": (mlp, lambda: torch.randn(2, 3, 2, 2), True, 21, {}),
    "siren-dynamo-18": (lambda: nn.Sequential(nn.Linear(2, 8), Sine(), nn.Linear(8, 8), Sine(), nn.Linear(8, 1)),
                        lambda: torch.rand(9, 2), True, 18, {}),
    "cnn-script-13": (plain_cnn, lambda: image(12), False, 13, {}),
    "cnn-dynamo-21": (plain_cnn, lambda: image(12), True, 21, {}),
    "cnn1d-script-12": (lambda: nn.Sequential(
        nn.Conv1d(2, 4, 3, padding=1), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(4, 5, 3), nn.Tanh(),
        nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(5, 2)), lambda: torch.randn(2, 2, 16), False, 12, {}),
    "vgg-unfolded-14": (vgg, image, False, 14, {"do_constant_folding": False}),
    "resnet-script-17": (Residual, lambda: image(32), False, 17, {}),
    "resnet-dynamo-18": (Residual, lambda: image(32), True, 18, {}),
    "vit-torchvision-17": (lambda: torchvision.models.VisionTransformer(16, 8, 2, 3, 12, 20, num_classes=5),
                           image, False, 17, {}),
    "vit-timm-18": (lambda: timm.models.vision_transformer.VisionTransformer(
        img_size=16, patch_size=8, embed_dim=12, depth=2, num_heads=3, num_classes=5, init_values=0.5),
        image, True, 18, {}),
    "gpt2-script-17": (gpt2, words, False, 17, {}),
    "gpt2-dynamo-18": (gpt2, words, True, 18, {}),
    "llama-dynamo-18": (lambda: llama(transformers.LlamaForCausalLM, transformers.LlamaConfig), words, True, 18, {}),
    "qwen3-unfolded-14": (lambda: llama(transformers.Qwen3ForCausalLM, transformers.Qwen3Config, head_dim=4),
                          words, False, 14, {"do_constant_folding": False}),
    "bert-script-17": (bert, words, False, 17, {}),
    "lstm-unfolded-14": (lambda: Recurrent(nn.LSTM), lambda: torch.randn(2, 6, 3), False, 14,
                         {"do_constant_folding": False}),
    "gru-dynamo-18": (lambda: Recurrent(nn.GRU), lambda: torch.randn(2, 6, 3), True, 18, {}),
    "rnn-script-11": (lambda: Recurrent(nn.RNN), lambda: torch.randn(2, 6, 3), False, 11, {}),
}

STATE_DICTS = {"gpt2-script-17": "gpt2"}


def trained(network):
    """Gives every parameter and statistic a value of its own."""
    for parameter in network.parameters():
        if parameter.dim() < 2:
            parameter.data += 0.3 * torch.randn_like(parameter)
    for part in network.modules():
        if isinstance(part, nn.modules.batchnorm._BatchNorm):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)
    return network.eval()


def export(network, x, dynamo, version, more, file):
    text = not x.is_floating_point()
    axes = {0: "batch", 1: "length"} if text else {0: "batch"}
    if dynamo:
        torch.onnx.export(network, (x,), file, dynamo=True, opset_version=version, input_names=["x"],
                          dynamic_shapes=({axis: OPEN for axis in axes},), external_data=False, verbose=False, **more)
        return (x,)
    inputs = (x, torch.ones_like(x)) if text else (x,)
    names = ["x", "attention_mask"][:len(inputs)]
    torch.onnx.export(network, inputs, file, dynamo=False, opset_version=version, input_names=names,
                      dynamic_axes={name: axes for name in names}, **more)
    return inputs


def without_notes(file):
    """Leaves out what exporters write down about Python's code, which is most of a small file."""
    model = onnx.load(file)
    for thing in [model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info]:
        del thing.metadata_props[:]
        thing.doc_string = ""
    del model.metadata_props[:]
    del model.graph.value_info[:]
    onnx.save(model, file)


def main(folder, names):
    folder.mkdir(parents=True, exist_ok=True)
    for name, (make, sample, dynamo, version, more) in NETWORKS.items():
        if names and name not in names:
            continue
        torch.manual_seed(0)
        network = trained(make())
        file = folder / f"{name}.onnx"
        inputs = export(network, sample(), dynamo, version, more, str(file))
        without_notes(file)
        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        given = {want.name: x.numpy() for want, x in zip(session.get_inputs(), inputs)}
        output = session.run(None, given)[0]
        save_file({"input": inputs[0].numpy(), "output": np.ascontiguousarray(output)}, folder / f"{name}.io.safetensors")
        if name in STATE_DICTS:
            model = network.model if isinstance(network, Text) else network
            save_file({key: value.contiguous().numpy() for key, value in model.state_dict().items()
                       if key != "lm_head.weight"}, folder / f"{STATE_DICTS[name]}.safetensors")
        print(name, file.stat().st_size)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
