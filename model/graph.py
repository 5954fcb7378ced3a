"""A net as an ONNX graph, written with ONNX's own recurrent operators.

PyTorch 2.13 has two exporters, and neither gives a file that is right for every net of ours: the
newer one fixes the batch and the length of its example where one net reads both directions, and
gives a GRU the other place of its reset gate; the older one, deprecated, knows no
``take_along_dim`` and fixes the batch where the last step is pooled. So the graph is made here:
ONNX's LSTM, GRU and RNN read both directions of texts of different lengths by themselves.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from model.classifier import RecurrentClassifier

OPSET = 17  # of 2022; every runtime since then reads it
IR_VERSION = 8  # the file format that came with it
LARGEST = 2**31 - 1  # bytes of a file in Protocol Buffers' format
# ONNX's order of a cell's gates, as places in PyTorch's.
GATES = {"rnn": [0], "gru": [1, 0, 2], "lstm": [0, 3, 1, 2]}
DIRECTIONS = ("forwards", "backwards")
Array = npt.NDArray[np.generic]


@dataclass
class _Graph:
    """Nodes and constants, in the order in which they are added."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def add(self, operator: str, inputs: list[str], name: str = "", **options: Any) -> str:
        """A node with one output that is used; its name."""
        name = name or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **options))
        return name

    def hold(self, value: Array, name: str = "") -> str:
        """A constant; its name."""
        name = name or f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def whole(self, *values: int) -> str:
        """A constant of whole numbers, (len(values),)."""
        return self.hold(np.array(values, np.int64))


def weights_size(net: RecurrentClassifier) -> int:
    """Bytes of the net's weights in float32."""
    return sum(4 * weights.numel() for weights in net.parameters())


def graph_of(net: RecurrentClassifier) -> onnx.ModelProto:
    """``net`` without dropout, in float32.

    Its inputs are ``ids`` (batch, length), int64, padded behind each text with any id, and
    ``lengths`` (batch,), int64, at least 1; its outputs ``logits`` and ``probabilities``, both
    (batch, classes), float32. Batch and length are any.
    """
    graph = _Graph()
    embedding = graph.hold(_numbers(net, "embedding.weight"), "embedding")
    by_step = graph.add("Transpose", ["ids"], perm=[1, 0])  # (T, B)
    steps = graph.add("Gather", [embedding, by_step], axis=0)  # (T, B, E)
    lengths = graph.add("Cast", ["lengths"], to=TensorProto.INT32)
    for layer in range(net.settings.layers):
        steps = _layer(graph, net, layer, [steps, lengths])
    pooled = [_pooled(graph, steps, kind) for kind in net.settings.pooling.split("+")]
    text = graph.add("Concat", pooled, axis=1)
    hidden = graph.add("Tanh", [_linear(graph, net, "head.0", text)])
    logits = _linear(graph, net, "head.3", hidden, "logits")
    graph.add("Softmax", [logits], "probabilities", axis=1)
    return _model(graph, classes=len(_numbers(net, "head.3.bias")))


def _layer(graph: _Graph, net: RecurrentClassifier, layer: int, read: list[str]) -> str:
    """Add a recurrent layer that ``read``s steps (T, B, D) and lengths; (T, B, H or 2 H)."""
    settings, steps = net.settings, read[0]
    weight = _of_one if not settings.bidirectional else _of_both
    directions = DIRECTIONS if settings.bidirectional else DIRECTIONS[:1]
    operator = settings.cell.upper()

    def stacked(kind: str) -> Array:
        return np.stack([_ordered(weight(net, d, layer, kind), settings.cell) for d in directions])

    biases = np.concatenate([stacked("bias_ih"), stacked("bias_hh")], axis=1)
    held = [
        graph.hold(stacked("weight_ih"), f"W_{layer}"),
        graph.hold(stacked("weight_hh"), f"R_{layer}"),
        graph.hold(biases, f"B_{layer}"),
    ]
    options: dict[str, Any] = {"hidden_size": settings.hidden_dim}
    options["direction"] = "bidirectional" if settings.bidirectional else "forward"
    if operator == "GRU":
        options["linear_before_reset"] = 1  # as PyTorch has it
    outputs = graph.add(operator, [steps, *held, read[1]], **options)  # (T, directions, B, H)
    beside = graph.add("Transpose", [outputs], perm=[0, 2, 1, 3])
    return graph.add("Reshape", [beside, graph.whole(0, 0, -1)])


def _pooled(graph: _Graph, steps: str, kind: str) -> str:
    """Add a pooling of steps (T, B, D) over the real ones; (B, D)."""
    if kind == "last":
        last = graph.add("Sub", ["lengths", graph.whole(1)])
        column = graph.add("Unsqueeze", [last, graph.whole(0, 2)])  # (1, B, 1)
        shape = graph.add("Shape", [steps])
        one_step = graph.add("ScatterElements", [shape, graph.whole(0), graph.whole(1)])
        index = graph.add("Expand", [column, one_step])  # (1, B, D)
        found = graph.add("GatherElements", [steps, index], axis=0)
        return graph.add("Squeeze", [found, graph.whole(0)])
    zero, one = graph.hold(np.array(0, np.int64)), graph.hold(np.array(1, np.int64))
    longest = graph.add("Gather", [graph.add("Shape", ["ids"]), one], axis=0)
    numbers = graph.add("Unsqueeze", [graph.add("Range", [zero, longest, one]), graph.whole(1)])
    padding = graph.add("GreaterOrEqual", [numbers, "lengths"])  # (T, B)
    behind = graph.add("Unsqueeze", [padding, graph.whole(2)])
    if kind == "max":
        lowest = graph.hold(np.array(-np.inf, np.float32))
        masked = graph.add("Where", [behind, lowest, steps])
        return graph.add("ReduceMax", [masked], axes=[0], keepdims=0)
    masked = graph.add("Where", [behind, graph.hold(np.array(0, np.float32)), steps])
    total = graph.add("ReduceSum", [masked, graph.whole(0)], keepdims=0)
    counts = graph.add("Cast", ["lengths"], to=TensorProto.FLOAT)
    return graph.add("Div", [total, graph.add("Unsqueeze", [counts, graph.whole(1)])])


def _linear(
    graph: _Graph, net: RecurrentClassifier, name: str, inputs: str, output: str = ""
) -> str:
    """Add the linear layer ``name`` of the net."""
    held = [
        graph.hold(_numbers(net, f"{name}.{part}"), f"{name}.{part}")
        for part in ("weight", "bias")
    ]
    return graph.add("Gemm", [inputs, *held], output, transB=1)


def _of_one(net: RecurrentClassifier, _direction: str, layer: int, kind: str) -> Array:
    return _numbers(net, f"recurrent.{kind}_l{layer}")


def _of_both(net: RecurrentClassifier, direction: str, layer: int, kind: str) -> Array:
    return _numbers(net, f"recurrent.{direction}.{layer}.{kind}_l0")


def _numbers(net: RecurrentClassifier, name: str) -> Array:
    return np.asarray(net.state_dict()[name].float().numpy())


def _ordered(weights: Array, cell: str) -> Array:
    """``weights`` (gates x H, ...) with the gates in ONNX's order."""
    gates = np.split(weights, len(GATES[cell]))
    return np.concatenate([gates[place] for place in GATES[cell]])


def _model(graph: _Graph, *, classes: int) -> onnx.ModelProto:
    def tensor(name: str, kind: int, *shape: str | int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, shape)

    made = helper.make_graph(
        graph.nodes,
        "recurrent-classifier",
        [
            tensor("ids", TensorProto.INT64, "batch", "length"),
            tensor("lengths", TensorProto.INT64, "batch"),
        ],
        [
            tensor(name, TensorProto.FLOAT, "batch", classes)
            for name in ("logits", "probabilities")
        ],
        graph.constants,
    )
    return helper.make_model(
        made,
        producer_name="recurrent-search",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
