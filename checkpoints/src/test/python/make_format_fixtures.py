"""Makes the small files of src/test/resources/formats with torch, onnx and safetensors themselves.

    pip install torch onnx safetensors
    python make_format_fixtures.py ../resources/formats

Each file that can be read has a NAME.expected.safetensors with its tensors as torch or onnx give them.
"""

import io
import json
import os
import sys
import zipfile

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file

OUT = sys.argv[1]


def path(name):
    return os.path.join(OUT, name)


def expect(name, tensors):
    save_file({k: v.detach().clone().contiguous() for k, v in tensors.items()}, path(name + ".expected.safetensors"))


def rewrite(source, target, change):
    """Copies a torch archive, letting change(name, bytes) edit its entries."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, change(entry, old.read(entry)))


def torch_files():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    adam = torch.optim.Adam(net.parameters())
    net(torch.ones(1, 3)).sum().backward()
    adam.step()
    torch.save(net.state_dict(), path("state_dict.pt"))
    expect("state_dict.pt", net.state_dict())

    nested = {
        "model": net.state_dict(),
        "optimizer": adam.state_dict(),
        "epoch": 3,
        "loss": 0.25,
        "name": "tiny",
        "best": None,
        "betas": (0.9, 0.999),
        "layers": [torch.ones(2), {"deep": torch.zeros(1)}],
        "parameter": net[0].weight,
        "big": 1 << 70,
        "raw": b"abc",
        "size": torch.Size([1, 2]),
        "device": torch.device("cpu"),
        "dtype": torch.float32,
    }
    flat = {"model." + k: v for k, v in net.state_dict().items()}
    for i, state in adam.state_dict()["state"].items():
        flat.update({f"optimizer.state.{i}.{k}": v for k, v in state.items()})
    flat.update({"layers.0": torch.ones(2), "layers.1.deep": torch.zeros(1), "parameter": net[0].weight})
    for protocol in (2, 4, 5):
        torch.save(nested, path(f"nested-{protocol}.pt"), pickle_protocol=protocol)
    expect("nested.pt", flat)

    base = torch.arange(24, dtype=torch.float32)
    views = {
        "base": base,
        "matrix": base.view(4, 6),
        "transposed": base.view(4, 6).t(),
        "permuted": base.view(2, 3, 4).permute(2, 0, 1),
        "slice": base[5:17:3],
        "inner": base.view(4, 6)[1:3, 2:5],
        "expanded": base[7:8].expand(2, 3),
        "scalar": base[3],
        "empty": base[:0].view(0, 3),
        "half": base.view(4, 6).t().to(torch.bfloat16).t(),
    }
    torch.save(views, path("views.pt"))
    expect("views.pt", views)

    dtypes = {}
    for dtype in ("float64 float32 float16 bfloat16 int64 int32 int16 int8 uint64 uint32 uint16 uint8 "
                  "float8_e4m3fn float8_e5m2").split():
        dtypes[dtype] = torch.tensor([0.0, 1.0, 2.0, 5.0]).to(getattr(torch, dtype))
    dtypes["bool"] = torch.tensor([True, False, True])
    dtypes["complex64"] = torch.tensor([1 + 2j, -3.5j], dtype=torch.complex64)
    torch.save(dtypes, path("dtypes.pt"))
    expect("dtypes.pt", dtypes)

    # A file as a big-endian machine writes it: same pickle, other bytes.
    plain = {"a": torch.arange(4, dtype=torch.float32), "b": torch.arange(3), "c": torch.tensor([1 + 2j])}
    torch.save(plain, path("tmp.pt"))
    sizes = {"0": 4, "1": 8, "2": 4}

    def big(entry, data):
        key = entry.rsplit("/", 1)[-1]
        if "/data/" in entry:
            size = sizes[key]
            return b"".join(data[i : i + size][::-1] for i in range(0, len(data), size))
        return b"big" if key == "byteorder" else data

    rewrite(path("tmp.pt"), path("big-endian.pt"), big)
    expect("big-endian.pt", plain)

    with zipfile.ZipFile(path("tmp.pt")) as old, zipfile.ZipFile(
        path("compressed.pt"), "w", zipfile.ZIP_DEFLATED
    ) as new:
        for entry in old.namelist():
            new.writestr(entry, old.read(entry))
    os.remove(path("tmp.pt"))

    torch.save(net.state_dict(), path("legacy.pt"), _use_new_zipfile_serialization=False)
    torch.save(net, path("module.pt"))
    torch.jit.script(net).save(path("script.pt"))
    torch.save({"q": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)}, path("quantized.pt"))
    torch.save({"s": torch.eye(2).to_sparse()}, path("sparse.pt"))
    torch.save({"c": torch.ones(1, dtype=torch.complex128)}, path("complex128.pt"))


def onnx_files():
    rng = numpy.random.default_rng(0)
    weight = rng.standard_normal((4, 3)).astype(numpy.float32)
    bias = rng.standard_normal(4).astype(numpy.float32)
    shape = numpy.array([-1, 4], dtype=numpy.int64)
    nodes = [
        helper.make_node("Gemm", ["x", "fc.weight", "fc.bias"], ["h"], name="fc", transB=1, alpha=1.0),
        helper.make_node("Constant", [], ["shape"], value=numpy_helper.from_array(shape)),
        helper.make_node("Reshape", ["h", "shape"], ["r"]),
        helper.make_node("Conv", ["i", "k", ""], ["c"], kernel_shape=[1, 1], auto_pad="SAME_UPPER"),
        helper.make_node("Relu", ["r"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 4])],
        [
            numpy_helper.from_array(weight, "fc.weight"),
            helper.make_tensor("fc.bias", TensorProto.FLOAT, [4], bias),  # float_data
        ],
    )
    model = helper.make_model(graph, producer_name="fixture", opset_imports=[helper.make_opsetid("", 17)])
    helper.set_model_props(model, {"w0": "30"})
    data = model.SerializeToString() + b"\xfa\x3e\x03new"  # a field that no version has: number 1007
    open(path("model.onnx"), "wb").write(data)
    expect(
        "model.onnx",
        {"fc.weight": torch.tensor(weight), "fc.bias": torch.tensor(bias), "shape": torch.tensor(shape)},
    )

    # Each type in the field that is not raw_data.
    tensors, expected = [], {}
    for name, kind, values, torch_type in [
        ("float", TensorProto.FLOAT, [1.5, -2], torch.float32),
        ("double", TensorProto.DOUBLE, [1.5, -2], torch.float64),
        ("int64", TensorProto.INT64, [1 << 40, -2], torch.int64),
        ("int32", TensorProto.INT32, [1 << 20, -2], torch.int32),
        ("int16", TensorProto.INT16, [300, -2], torch.int16),
        ("int8", TensorProto.INT8, [3, -2], torch.int8),
        ("uint8", TensorProto.UINT8, [3, 200], torch.uint8),
        ("uint16", TensorProto.UINT16, [3, 60000], torch.uint16),
        ("uint32", TensorProto.UINT32, [3, 1 << 31], torch.uint32),
        ("uint64", TensorProto.UINT64, [3, 1 << 62], torch.uint64),
        ("bool", TensorProto.BOOL, [True, False], torch.bool),
        ("float16", TensorProto.FLOAT16, [1.5, -2], torch.float16),
        ("bfloat16", TensorProto.BFLOAT16, [1.5, -2], torch.bfloat16),
    ]:
        tensors.append(helper.make_tensor(name, kind, [2, 1], values))
        expected[name] = torch.tensor(values, dtype=torch_type).view(2, 1)
    graph = helper.make_graph([], "types", [], [], tensors)
    onnx.save(helper.make_model(graph), path("types.onnx"))
    expect("types.onnx", expected)

    graph = helper.make_graph([], "outside", [], [], [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(bias, "b")])
    onnx.save(
        helper.make_model(graph),
        path("external.onnx"),
        save_as_external_data=True,
        location="external.onnx.data",
        size_threshold=0,
    )
    expect("external.onnx", {"w": torch.tensor(weight), "b": torch.tensor(bias)})


def sharded():
    tensors = {"a": torch.arange(6.0).view(2, 3), "b": torch.arange(4), "c": torch.ones(2)}
    shards = {"shards-00001-of-00002.safetensors": ["a"], "shards-00002-of-00002.safetensors": ["b", "c"]}
    for file, names in shards.items():
        save_file({n: tensors[n] for n in names}, path(file), metadata={"format": "pt"})
    index = {"metadata": {"total_size": 64}, "weight_map": {n: f for f, names in shards.items() for n in names}}
    open(path("shards.safetensors.index.json"), "w").write(json.dumps(index, indent=2))
    expect("shards.safetensors.index.json", tensors)


os.makedirs(OUT, exist_ok=True)
torch_files()
onnx_files()
sharded()
