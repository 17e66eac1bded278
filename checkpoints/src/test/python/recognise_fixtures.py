"""Makes src/test/resources/recognise: small random networks of each family as their libraries save them.

A folder a network: model.safetensors, config.json where the library writes one, and sample.safetensors with inputs and what
PyTorch answers. Needs torch, torchvision, timm, transformers and safetensors; run as
`python recognise_fixtures.py ../resources/recognise [NAME ...]`.
"""

import json
import sys
import tempfile
from functools import partial
from pathlib import Path

import timm
import timm.models.vision_transformer as timm_vit
import torch
import torchvision
import transformers
from safetensors.torch import load_file, save_file
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
        if not tensor.dtype.is_floating_point or name.endswith(("inv_freq", "embed_scale")):
            continue
        if name.endswith("running_var"):
            tensor.data.uniform_(0.5, 1.5)
        elif tensor.dim() == 1 and name.endswith("weight") or tensor.squeeze().dim() == 1 and "scale" in name:
            tensor.data.normal_(1, 0.3)
        elif tensor.dim() < 2:
            tensor.data.normal_(0, 0.3)
        else:
            tensor.data.normal_(0, (tensor[0].numel()) ** -0.5)


def published(model):
    """The names of released files, where transformers 5 has others inside."""
    with tempfile.TemporaryDirectory() as place:
        model.save_pretrained(place)
        return load_file(Path(place) / "model.safetensors")


def write(folder, name, make, config=None, dtype=None, saved=False, metadata=None):
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
    for key, value in (published(model) if saved else model.state_dict()).items():
        tensors[key] = value.clone().contiguous()
        if dtype is not None and value.dtype.is_floating_point:
            tensors[key] = tensors[key].to(dtype)
    save_file(tensors, folder / "model.safetensors", metadata)
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


SMALL = dict(
    vocab_size=11, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=10, max_position_embeddings=16
)
GROUPED = dict(SMALL, hidden_size=8, num_attention_heads=4, num_key_value_heads=2, head_dim=4)
IMAGES = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def states(model):
    return model(WORDS).last_hidden_state


@network("llama")
def llama():
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(**GROUPED)), WORDS, logits


@network("llama-3-scaled")
def llama3():
    scaling = dict(
        rope_type="llama3",
        rope_theta=10.0,
        factor=8.0,
        low_freq_factor=1.0,
        high_freq_factor=4.0,
        original_max_position_embeddings=16,
    )
    config = transformers.LlamaConfig(**dict(GROUPED, head_dim=8), rope_parameters=scaling, tie_word_embeddings=True)
    return transformers.LlamaForCausalLM(config), WORDS, logits


@network("mistral")
def mistral():
    return transformers.MistralForCausalLM(transformers.MistralConfig(**GROUPED, sliding_window=8)), WORDS, logits


@network("qwen2")
def qwen2():
    return transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**GROUPED, tie_word_embeddings=True)), WORDS, logits


@network("qwen3")
def qwen3():
    return transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**GROUPED)), WORDS, logits


@network("gemma")
def gemma():
    return transformers.GemmaForCausalLM(transformers.GemmaConfig(**GROUPED)), WORDS, logits


@network("gemma3")
def gemma3():
    config = transformers.Gemma3TextConfig(
        **GROUPED, sliding_window=8, layer_types=["sliding_attention", "full_attention"], query_pre_attn_scalar=9
    )
    return transformers.Gemma3ForCausalLM(config), WORDS, logits


@network("olmo2")
def olmo2():
    return transformers.Olmo2ForCausalLM(transformers.Olmo2Config(**GROUPED)), WORDS, logits


@network("gpt-neox")
def gpt_neox():
    config = transformers.GPTNeoXConfig(**dict(SMALL, hidden_size=24), rotary_pct=0.25)
    return transformers.GPTNeoXForCausalLM(config), WORDS, logits


@network("opt")
def opt():
    config = transformers.OPTConfig(
        vocab_size=11,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        ffn_dim=10,
        max_position_embeddings=8,
        word_embed_proj_dim=12,
    )
    return transformers.OPTForCausalLM(config), WORDS, logits


@network("bert")
def bert():
    model = transformers.BertModel(transformers.BertConfig(**SMALL))
    return model, WORDS, lambda model: model(WORDS).pooler_output


@network("bert-masked-words")
def bert_words():
    return transformers.BertForMaskedLM(transformers.BertConfig(**SMALL)), WORDS, logits


@network("roberta-classes")
def roberta():
    config = transformers.RobertaConfig(**SMALL, type_vocab_size=1, pad_token_id=1)
    return transformers.RobertaForSequenceClassification(config), WORDS.clamp(min=2), lambda model: model(
        WORDS.clamp(min=2)
    ).logits


@network("roberta-masked-words")
def roberta_words():
    config = transformers.RobertaConfig(**SMALL, type_vocab_size=1, pad_token_id=1)
    return transformers.RobertaForMaskedLM(config), WORDS.clamp(min=2), lambda model: model(WORDS.clamp(min=2)).logits


DISTILLED = dict(dim=12, n_layers=2, n_heads=3, hidden_dim=10, vocab_size=11, max_position_embeddings=8)


@network("distilbert-classes")
def distilbert():
    config = transformers.DistilBertConfig(**DISTILLED)
    return transformers.DistilBertForSequenceClassification(config), WORDS, logits


@network("distilbert-masked-words")
def distilbert_words():
    return transformers.DistilBertForMaskedLM(transformers.DistilBertConfig(**DISTILLED)), WORDS, logits


PATCHES = dict(
    hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=10, image_size=32, patch_size=16
)


@network("vit-hub", saved=True)
def vit_hub():
    model = transformers.ViTForImageClassification(transformers.ViTConfig(**PATCHES))
    return model, IMAGES, lambda model: model(IMAGES).logits


@network("vit-hub-5")
def vit_hub_5():
    model = transformers.ViTModel(transformers.ViTConfig(**PATCHES))
    return model, IMAGES, lambda model: model(IMAGES).pooler_output


@network("deit-hub")
def deit_hub():
    model = transformers.DeiTForImageClassificationWithTeacher(transformers.DeiTConfig(**PATCHES))
    return model, IMAGES, lambda model: model(IMAGES).logits


VIT = dict(img_size=32, patch_size=16, embed_dim=16, depth=2, num_heads=2, mlp_ratio=2, num_classes=3)


@network("vit-timm", config={"architecture": "vit_test", "num_attention_heads": 2})
def vit_timm():
    return timm_vit.VisionTransformer(**VIT, qk_norm=True, init_values=0.1), IMAGES, None


@network("vit-timm-mean", config={"architecture": "vit_test", "num_attention_heads": 2})
def vit_timm_mean():
    return timm_vit.VisionTransformer(**VIT, class_token=False, global_pool="avg", fc_norm=True), IMAGES, None


@network("deit-timm", config={"architecture": "deit_test", "num_attention_heads": 2})
def deit_timm():
    return timm.models.deit.VisionTransformerDistilled(**VIT), IMAGES, None


@network("vit-torchvision", config={"architecture": "vit_test", "num_attention_heads": 2})
def vit_torchvision():
    return torchvision.models.VisionTransformer(32, 16, 2, 2, 16, 10, num_classes=3), IMAGES, None


class Narrow(torchvision.models.ResNet):
    """torchvision's network, 16 times narrower."""

    def _make_layer(self, block, planes, blocks, stride=1, dilate=False):
        if planes == 64:
            self.inplanes = 4
            self.conv1 = nn.Conv2d(3, 4, 7, 2, 3, bias=False)
            self.bn1 = nn.BatchNorm2d(4)
        return super()._make_layer(block, planes // 16, blocks, stride, dilate)

    def __init__(self, block, blocks, **settings):
        super().__init__(block, blocks, num_classes=3, **settings)
        self.fc = nn.Linear(self.inplanes, 3)


@network("resnet")
def resnet():
    return Narrow(torchvision.models.resnet.BasicBlock, [2, 1, 1, 1]), IMAGES, None


@network("resnext")
def resnext():
    model = Narrow(torchvision.models.resnet.Bottleneck, [1, 1, 1, 1], groups=2, width_per_group=32)
    return model, IMAGES, None


@network("resnet-timm")
def resnet_timm():
    """Deep stem, means before shortcuts, squeeze-and-excitation."""
    model = timm.models.resnet.ResNet(
        timm.models.resnet.Bottleneck,
        (1, 1, 1, 1),
        num_classes=3,
        stem_width=4,
        stem_type="deep",
        avg_down=True,
        channels=(4, 6, 6, 8),
        block_args={"attn_layer": "se"},
    )
    return model, IMAGES, None


@network("vgg")
def vgg():
    features = torchvision.models.vgg.make_layers([4, "M", 5, 5, "M"], batch_norm=True)
    model = torchvision.models.VGG(features, num_classes=3)
    model.avgpool = nn.AdaptiveAvgPool2d(2)
    model.classifier = nn.Sequential(
        nn.Linear(20, 6), nn.ReLU(), nn.Dropout(), nn.Linear(6, 7), nn.ReLU(), nn.Dropout(), nn.Linear(7, 3)
    )
    return model, IMAGES, None


@network("alexnet")
def alexnet():
    model = torchvision.models.AlexNet(num_classes=3)
    widths = [3, 4, 5, 6, 5, 4]
    for place, (a, b) in zip([0, 3, 6, 8, 10], zip(widths, widths[1:])):
        old = model.features[place]
        model.features[place] = nn.Conv2d(a, b, old.kernel_size, old.stride, old.padding)
    model.avgpool = nn.AdaptiveAvgPool2d(1)
    model.classifier[1] = nn.Linear(4, 6)
    model.classifier[4] = nn.Linear(6, 7)
    model.classifier[6] = nn.Linear(7, 3)
    return model, torch.randn(2, 3, 64, 64), None


@network("mobilenet-v2")
def mobilenet_v2():
    shape = [[1, 4, 1, 1], [2, 4, 2, 2], [2, 4, 3, 2], [2, 6, 4, 2], [2, 6, 3, 1], [2, 6, 3, 2], [2, 8, 1, 1]]
    model = torchvision.models.MobileNetV2(3, 1.0, shape, round_nearest=4)
    model.features[18] = torchvision.ops.Conv2dNormActivation(8, 10, kernel_size=1, activation_layer=nn.ReLU6)
    model.classifier[1] = nn.Linear(10, 3)
    return model, IMAGES, None


@network("mobilenet-v3")
def mobilenet_v3():
    blocks, _ = torchvision.models.mobilenetv3._mobilenet_v3_conf("mobilenet_v3_small", width_mult=0.125)
    return torchvision.models.MobileNetV3(blocks, 10, num_classes=3), IMAGES, None


@network("efficientnet")
def efficientnet():
    return torchvision.models.EfficientNet(efficient_stages(), 0.2, num_classes=3, last_channel=10), IMAGES, None


def efficient_stages():
    block = torchvision.models.efficientnet.MBConvConfig
    return [
        block(1, 3, 1, 8, 4, 1, 0.15, 1.0),
        block(3, 3, 2, 4, 6, 2, 0.15, 1.0),
        block(3, 5, 2, 6, 6, 1, 0.15, 1.0),
        block(3, 3, 2, 6, 8, 1, 0.15, 1.0),
    ]


@network("efficientnet-v2")
def efficientnet_v2():
    fused = torchvision.models.efficientnet.FusedMBConvConfig
    stages = [fused(1, 3, 1, 8, 8, 1), fused(2, 3, 2, 8, 8, 2)]
    stages.append(torchvision.models.efficientnet.MBConvConfig(2, 3, 2, 8, 8, 2))
    norm = partial(nn.BatchNorm2d, eps=1e-3)
    model = torchvision.models.EfficientNet(stages, 0.2, num_classes=3, norm_layer=norm, last_channel=10)
    return model, IMAGES, None


@network("convnext-torchvision")
def convnext_torchvision():
    block = torchvision.models.convnext.CNBlockConfig
    return torchvision.models.ConvNeXt([block(4, 6, 1), block(6, 8, 2), block(8, None, 1)], num_classes=3), IMAGES, None


@network("convnext-timm")
def convnext_timm():
    return timm.models.convnext.ConvNeXt(depths=(1, 1, 2, 1), dims=(4, 4, 6, 6), num_classes=3), IMAGES, None


@network("convnext-hub")
def convnext_hub():
    config = transformers.ConvNextConfig(depths=[1, 1, 2, 1], hidden_sizes=[4, 4, 6, 6], num_labels=3, image_size=32)
    model = transformers.ConvNextForImageClassification(config)
    return model, IMAGES, lambda model: model(IMAGES).logits


@network("densenet")
def densenet():
    return torchvision.models.DenseNet(2, (2, 2, 1), 4, num_classes=3), IMAGES, None


@network("regnet")
def regnet():
    parameters = torchvision.models.regnet.BlockParams([1, 1, 2], [8, 8, 12], [4, 4, 4], [1.0, 1.0, 1.0], [2, 2, 2], 1.0)
    return torchvision.models.RegNet(parameters, num_classes=3, stem_width=4), IMAGES, None


@network("efficientnet-timm", config={"architecture": "efficientnet_test"})
def efficientnet_timm():
    stages = ["ds_r1_k3_s1_e1_c8_se0.25"]
    stages += [f"ir_r{r}_k3_s{s}_e2_c8_se0.25" for r, s in [(2, 2), (1, 2), (1, 2), (1, 1), (1, 2), (1, 1)]]
    return timm_efficient(stages, nn.SiLU), IMAGES, None


@network("mobilenet-v2-timm", config={"architecture": "mobilenetv2_test"})
def mobilenet_v2_timm():
    stages = ["ds_r1_k3_s1_c8"] + [f"ir_r{r}_k3_s{s}_e2_c8" for r, s in [(2, 2), (1, 2), (1, 2), (1, 1), (1, 2), (1, 1)]]
    return timm_efficient(stages, nn.ReLU6), IMAGES, None


def timm_efficient(stages, act):
    return timm.models.efficientnet.EfficientNet(
        timm.models._efficientnet_builder.decode_arch_def([[stage] for stage in stages]),
        num_classes=3,
        num_features=10,
        stem_size=8,
        act_layer=act,
        se_layer=partial(timm.models._efficientnet_blocks.SqueezeExcite, rd_round_fn=round),
    )


@network("vgg-timm", config={"architecture": "vgg_test"})
def vgg_timm():
    model = timm.models.vgg.VGG([4, "M", 5, "M"], num_classes=3)
    model.pre_logits.fc1 = nn.Conv2d(5, 6, 7)
    model.pre_logits.fc2 = nn.Conv2d(6, 6, 1)
    model.head.fc = nn.Linear(6, 3)
    return model, IMAGES, None


@network("siren")
def siren():
    model = nn.Module()
    model.net = nn.ModuleList([nn.Linear(2, 5), nn.Linear(5, 4), nn.Linear(4, 1)])
    points = torch.randn(3, 2)

    def ask(model):
        x = points
        for layer in model.net[:-1]:
            x = torch.sin(30 * layer(x))
        return model.net[-1](x)

    return model, points, ask


@network("plain-mlp")
def plain_mlp():
    layers = [nn.Linear(6, 7), nn.BatchNorm1d(7), nn.ReLU(), nn.Linear(7, 5, bias=False), nn.ReLU(), nn.Linear(5, 3)]
    return nn.Sequential(*layers), torch.randn(3, 6), None


@network("plain-cnn")
def plain_cnn():
    model = nn.Module()
    model.conv1, model.bn1 = nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4)
    model.conv2, model.bn2 = nn.Conv2d(4, 4, 5, padding=2), nn.BatchNorm2d(4)
    model.out = nn.Linear(4 * 16, 3)

    def ask(model):
        x = torch.relu(model.bn1(model.conv1(IMAGES)))
        x = torch.relu(model.bn2(model.conv2(x)))
        return model.out(nn.functional.adaptive_avg_pool2d(x, 4).flatten(1))

    return model, IMAGES, ask


class NanoBlock(nn.Module):
    """nanoGPT's block, written anew: Linear layers [3 width, width], exact GELU, no biases."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = nn.LayerNorm(width, bias=False), nn.LayerNorm(width, bias=False)
        self.attn, self.mlp = nn.Module(), nn.Module()
        self.attn.c_attn = nn.Linear(width, 3 * width, bias=False)
        self.attn.c_proj = nn.Linear(width, width, bias=False)
        self.attn.register_buffer("bias", torch.tril(torch.ones(8, 8)).view(1, 1, 8, 8))
        self.mlp.c_fc = nn.Linear(width, 4 * width, bias=False)
        self.mlp.c_proj = nn.Linear(4 * width, width, bias=False)

    def forward(self, x):
        parts = self.attn.c_attn(self.ln_1(x)).split(x.shape[-1], -1)
        q, k, v = (y.unflatten(-1, (self.heads, -1)).transpose(1, 2) for y in parts)
        y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.attn.c_proj(y.transpose(1, 2).flatten(2))
        return x + self.mlp.c_proj(nn.functional.gelu(self.mlp.c_fc(self.ln_2(x))))


@network("nano-gpt", metadata={"n_head": "3"})
def nano_gpt():
    model = nn.Module()
    model._orig_mod = nn.Module()
    model._orig_mod.transformer = body = nn.Module()
    body.wte, body.wpe = nn.Embedding(11, 12), nn.Embedding(8, 12)
    body.h = nn.ModuleList([NanoBlock(12, 3), NanoBlock(12, 3)])
    body.ln_f = nn.LayerNorm(12, bias=False)
    model._orig_mod.lm_head = nn.Linear(12, 11, bias=False)
    model._orig_mod.lm_head.weight = body.wte.weight

    def ask(model):
        x = body.wte(WORDS) + body.wpe(torch.arange(6))
        for block in body.h:
            x = block(x)
        return model._orig_mod.lm_head(body.ln_f(x))

    return model, WORDS, ask


def main(folder, names):
    for name, (make, settings) in NETWORKS.items():
        if not names or name in names:
            write(folder, name, make, **settings)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
