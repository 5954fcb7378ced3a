"""Which device is meant, and bf16 only where the hardware has it."""

import pytest
import torch

from model.devices import DeviceError, autocast, device_name, find_device, resolve_precision


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyTorch as it answers on a machine with two GPUs; nothing runs on them."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda i: f"Board {i}")


@pytest.mark.usefixtures("two_gpus")
def test_an_index_beside_those_that_exist_lists_them() -> None:
    assert find_device(1) == torch.device("cuda", 1)
    assert find_device(None) == torch.device("cpu")
    with pytest.raises(DeviceError, match=r"--gpu 2: .* choose from 0 \(Board 0\), 1 \(Board 1\)"):
        find_device(2)


def test_without_cuda_any_index_is_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert find_device(3) == torch.device("cpu")


@pytest.mark.parametrize(
    ("has", "precision"),
    [
        ({"avx512_bf16": True, "amx_bf16": True}, "bf16"),
        ({"bf16": True}, "bf16"),
        ({"avx512_bf16": True, "cpu_name": "Intel Xeon"}, "float32"),
        ({"avx512_bf16": True, "cpu_name": "AMD EPYC"}, "bf16"),
        ({"avx512_bf16": False, "cpu_name": "AMD EPYC"}, "float32"),
        ({"avx512_bf16": True}, "float32"),
        ({"avx2": True}, "float32"),
    ],
)
def test_auto_is_bf16_where_the_processor_gains_by_it(
    has: dict[str, bool | str], precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: has)
    cpu = torch.device("cpu")
    assert resolve_precision("auto", cpu) == precision
    assert resolve_precision("float32", cpu) == "float32"
    with autocast("auto", cpu):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert (product.dtype == torch.bfloat16) == (precision == "bf16")


def test_a_gpu_that_is_not_there_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure of a training that was to use it says where it was."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device_name("cuda") == "cuda"
    assert device_name("cpu").startswith("CPU, ")
