"""Makes src/test/resources/torch: small networks of each family with random weights, inputs and what PyTorch answers.

Needs torch, torchvision, timm, transformers and safetensors; run as `python torch_fixtures.py ../resources/torch`.
"""

import sys
from pathlib import Path

import timm.models.vision_transformer as timm_vit
import torch
import torchvision
import transformers
from safetensors.torch import save_file
from torch import nn


def randomise(model):
    """Nothing stays at a special point: no zero biases, no gains of one, no fresh statistics."""
    for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
        if not tensor.dtype.is_floating_point or name.endswith("inv_freq"):
            continue
        if name.endswith("running_var"):
            tensor.data.uniform_(0.5, 1.5)
        elif tensor.dim() == 1 and name.endswith("weight"):
            tensor.data.normal_(1, 0.3)
        elif tensor.dim() < 2:
            tensor.data.normal_(0, 0.3)
        else:
            tensor.data.normal_(0, (tensor[0].numel()) ** -0.5)


def write(folder, name, model, inputs, answer=None):
    model = model.eval()
    randomise(model)
    with torch.no_grad():
        outputs = answer(model) if answer else model(inputs)
    tensors = {
        key: value.clone().contiguous()
        for key, value in model.state_dict().items()
        if value.dtype.is_floating_point
    }
    if name == "gpt2":
        tensors.pop("lm_head.weight")  # the word table once more
    tensors["fixture.inputs"] = inputs.to(torch.float32)
    tensors["fixture.outputs"] = outputs.clone().contiguous()
    save_file(tensors, folder / f"{name}.safetensors")
    print(name, sum(value.numel() for value in tensors.values()))


class Cnn(nn.Module):
    def __init__(self, channels, stride, padding, norm, act, classes):
        super().__init__()
        self.conv = nn.ModuleList()
        self.norm = nn.ModuleList()
        for a, b in zip(channels, channels[1:]):
            self.conv.append(nn.Conv2d(a, b, 3, stride, padding, bias=not norm))
            self.norm.append(nn.BatchNorm2d(b) if norm else nn.Identity())
        self.act = act
        self.classifier = nn.Linear(channels[-1], classes)

    def forward(self, x):
        for conv, norm in zip(self.conv, self.norm):
            x = self.act(norm(conv(x)))
        return self.classifier(x.mean((2, 3)))


class Vgg(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = torchvision.models.vgg.make_layers([4, "M", 5, 5, "M"], batch_norm=True)
        self.avgpool = nn.AdaptiveAvgPool2d(2)
        self.classifier = nn.Sequential(
            nn.Linear(20, 6), nn.ReLU(), nn.Dropout(), nn.Linear(6, 7), nn.ReLU(), nn.Dropout(), nn.Linear(7, 3)
        )

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class ResNet(torchvision.models.ResNet):
    """torchvision's network, 32 times narrower."""

    def _make_layer(self, block, planes, blocks, stride=1, dilate=False):
        if planes == 64:
            self.inplanes = 2
            self.conv1 = nn.Conv2d(3, 2, 7, 2, 3, bias=False)
            self.bn1 = nn.BatchNorm2d(2)
        layer = super()._make_layer(block, planes // 32, blocks, stride, dilate)
        self.fc = nn.Linear(self.inplanes, 3)
        return layer

    def __init__(self, block, blocks):
        super().__init__(block, blocks, num_classes=3)
        self.fc = nn.Linear(self.inplanes, 3)


class EncoderDecoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Module()
        self.encoder.embedding = nn.Embedding(7, 4)
        self.encoder.rnn = nn.GRU(4, 5, batch_first=True)
        self.decoder = nn.Module()
        self.decoder.embedding = nn.Embedding(7, 4)
        self.decoder.rnn = nn.GRU(4, 5, batch_first=True)
        self.decoder.out = nn.Linear(5, 7)

    def forward(self, x):
        _, state = self.encoder.rnn(self.encoder.embedding(x[:, :3]))
        return self.decoder.out(self.decoder.rnn(self.decoder.embedding(x[:, 3:]), state)[0])


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, 2, batch_first=True)
        self.rnn = nn.RNN(4, 5, 1, batch_first=True)
        self.out = nn.Linear(5, 2)

    def forward(self, x):
        return self.out(self.rnn(self.lstm(x)[0])[0][:, -1])


class Mixture(nn.Module):
    """The layers that no family has: depthwise and grouped convolutions, group norm, gates, concatenation."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.depthwise = nn.Conv2d(8, 8, 3, 1, 2, dilation=2, groups=8)
        self.multiplied = nn.Conv2d(8, 16, 3, 1, 1, groups=8)
        self.norm = nn.GroupNorm(4, 16)
        self.grouped = nn.Conv2d(16, 8, (1, 3), 1, (0, 1), groups=4)
        self.se = torchvision.ops.SqueezeExcitation(8, 3)
        self.point = nn.Conv2d(16, 6, 1)
        self.fc = nn.Linear(6 * 16, 4)

    def forward(self, x):
        x = nn.functional.hardswish(self.stem(x))
        y = nn.functional.relu6(self.norm(self.multiplied(self.depthwise(x))))
        y = self.se(nn.functional.silu(self.grouped(y)))
        x = torch.cat([nn.functional.avg_pool2d(x, 2), nn.functional.max_pool2d(y, 3, 2, 1)], 1)
        x = nn.functional.hardsigmoid(self.point(x))
        return torch.softmax(self.fc(torch.flatten(x, 1)), 1)


class Signal(nn.Module):
    """One-dimensional convolutions, layer norm without shift, GELU."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(2, 6, 5, 2, 2)
        self.bn = nn.BatchNorm1d(6, affine=False)
        self.conv2 = nn.Conv1d(6, 4, 3, 1, 0, groups=2)
        self.norm = nn.LayerNorm(4, bias=False)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        x = nn.functional.gelu(self.bn(self.conv1(x)))
        x = nn.functional.max_pool1d(torch.sigmoid(self.conv2(x)), 2, 2)
        return self.fc(self.norm(x.mean(2)))


class Adapted(nn.Module):
    """Constant factors, gains and shifts, RMS norms with 1 + gain, rotations of half of each head by any frequencies."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(11, 8)
        self.norm = nn.Module()
        self.norm.weight = nn.Parameter(torch.zeros(8))
        self.q, self.k, self.v = (nn.Linear(8, 16) for _ in range(3))
        self.head_norm = nn.Module()
        self.head_norm.weight = nn.Parameter(torch.zeros(8))
        self.proj = nn.Linear(16, 8)
        self.gain = nn.Parameter(torch.zeros(8))
        self.shift = nn.Module()
        self.shift.bias = nn.Parameter(torch.zeros(8))
        self.out = nn.Linear(8, 3)

    def normed(self, x, norm):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * (1 + norm.weight)

    def turned(self, x):
        angles = torch.arange(x.shape[2])[:, None] * torch.tensor([1.0, 0.3])
        first, second, rest = x.split([2, 2, 4], -1)
        cos, sin = angles.cos(), angles.sin()
        return torch.cat([first * cos - second * sin, second * cos + first * sin, rest], -1)

    def forward(self, x):
        x = 2.5 * self.words(x)
        y = self.normed(x, self.norm)
        q, k, v = (each(y).unflatten(-1, (2, 8)).transpose(1, 2) for each in (self.q, self.k, self.v))
        q = self.normed(q, self.head_norm)
        y = nn.functional.scaled_dot_product_attention(self.turned(q), self.turned(k), v, is_causal=True)
        y = self.gain * self.proj(y.transpose(1, 2).flatten(2))
        return self.out(torch.tanh(x + y + self.shift.bias))


def main(folder):
    torch.manual_seed(0)
    images = torch.randn(2, 3, 16, 16)
    words = torch.randint(0, 11, (2, 6))
    write(folder, "cnn", Cnn([3, 4, 5], 1, 1, True, nn.LeakyReLU(0.1), 3), images)
    write(folder, "small-cnn-zoo", Cnn([1, 16, 16, 16], 2, 0, False, nn.Tanh(), 3), torch.randn(2, 1, 17, 17))
    write(folder, "vgg", Vgg(), images)
    basic, bottleneck = torchvision.models.resnet.BasicBlock, torchvision.models.resnet.Bottleneck
    write(folder, "resnet-basic", ResNet(basic, [2, 1, 1, 1]), torch.randn(2, 3, 32, 32))
    write(folder, "resnet-bottleneck", ResNet(bottleneck, [1, 2, 1, 1]), torch.randn(2, 3, 32, 32))
    write(
        folder,
        "vit-torchvision",
        torchvision.models.VisionTransformer(16, 8, 2, 3, 12, 10, num_classes=3),
        images,
    )
    write(
        folder,
        "vit-timm",
        timm_vit.VisionTransformer(16, 8, embed_dim=12, depth=2, num_heads=3, mlp_ratio=2, num_classes=3),
        images,
    )
    gpt2 = transformers.GPT2Config(vocab_size=11, n_positions=6, n_embd=12, n_layer=2, n_head=3)
    write(folder, "gpt2", transformers.GPT2LMHeadModel(gpt2), words, lambda model: model(words).logits)
    shared = dict(
        vocab_size=11,
        hidden_size=8,
        intermediate_size=10,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=4,
        max_position_embeddings=6,
        rms_norm_eps=1e-5,
        rope_theta=100.0,
        rope_parameters={"rope_type": "default", "rope_theta": 100.0},
        tie_word_embeddings=False,
    )
    llama = transformers.LlamaForCausalLM(transformers.LlamaConfig(**shared))
    write(folder, "llama", llama, words, lambda model: model(words).logits)
    qwen = transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**shared))
    write(folder, "qwen3", qwen, words, lambda model: model(words).logits)
    bert = transformers.BertConfig(
        vocab_size=11,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=10,
        max_position_embeddings=6,
    )
    write(folder, "bert", transformers.BertModel(bert), words, lambda model: model(words).pooler_output)
    write(folder, "gru-encoder-decoder", EncoderDecoder(), torch.randint(0, 7, (2, 5)))
    write(folder, "recurrent", Recurrent(), torch.randn(2, 4, 3))
    write(folder, "mixture", Mixture(), torch.randn(2, 3, 16, 16))
    write(folder, "adapted", Adapted(), words)
    write(folder, "signal", Signal(), torch.randn(2, 2, 16))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
