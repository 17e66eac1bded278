"""ONNX models in which a constant of one repeated number meets a layer's output y [batch, 1]: broadcasting over the axis of
size 1 makes more of it, which no layer of ours does. In plain.onnx the constant has y's own shape, so that nothing happens.

    python make_enlarging_models.py src/test/resources/enlarging
"""
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def constant(name, shape, value):
    """The output `name` filled with a value, and the sizes that it needs."""
    tensor = numpy_helper.from_array(np.array([value]))
    sizes = numpy_helper.from_array(np.array(shape, np.int64), f"{name}.sizes")
    return helper.make_node("ConstantOfShape", [f"{name}.sizes"], [name], value=tensor), sizes


def model(nodes, initializers):
    weight = numpy_helper.from_array(np.arange(4, dtype=np.float32).reshape(1, 4), "fc.weight")
    bias = numpy_helper.from_array(np.ones(1, np.float32), "fc.bias")
    linear = helper.make_node("Gemm", ["x", "fc.weight", "fc.bias"], ["y"], transB=1)
    graph = helper.make_graph(
        [linear, *nodes], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 4])],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)], [weight, bias, *initializers])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    two = np.float32(2)
    for name, shape in {"plain": [1, 1], "product": [1, 3]}.items():
        node, sizes = constant("c", shape, two)
        onnx.save(model([node, helper.make_node("Mul", ["y", "c"], ["z"])], [sizes]), folder / f"{name}.onnx")
    condition, sizes = constant("c", [1, 3], True)
    other, more = constant("o", [1, 1], two)
    choice = helper.make_node("Where", ["c", "y", "o"], ["z"])
    onnx.save(model([condition, other, choice], [sizes, more]), folder / "choice.onnx")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
