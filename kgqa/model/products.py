"""Products with weights, as fast as the processor has them while a model only answers.

A question has some fifteen tokens, so that a pass of the network is spent on reading weights from
memory. oneDNN, a part of PyTorch, reads them in the order in which they lie once they are packed;
and where a processor multiplies bfloat16 (AMX, AVX-512 BF16), half as many bytes are read and the
product itself is several times faster. Sums, and all that is between the products, stay float32.
Results then differ by up to a hundredth of the spread of a vector; ``KGQA_FLOAT32=1`` in the
environment keeps float32 everywhere. Training is as it always was, and so is any other device.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from kgqa.model.ready import Ready

#: Rows that a processor multiplies at once. There are multiples of it only, because oneDNN writes
#: machine code for each number of rows that it meets, which takes longer than the product.
TILE = 16
KINDS = (torch.bfloat16, torch.float32)
Packed = tuple[Tensor, Tensor | None]  # weights and bias


@cache
def precision() -> torch.dtype | None:
    """What products are computed in: bfloat16 or float32; None where weights cannot be packed."""
    packing = all(
        hasattr(torch.ops.mkldnn, f"_{n}") for n in ("linear_pointwise", "reorder_linear_weight")
    )
    if not packing or not torch.backends.mkldnn.is_available():
        return None
    able = [getattr(torch.cpu, f"_is_{n}_supported", bool)() for n in ("amx_tile", "avx512_bf16")]
    exact = os.environ.get("KGQA_FLOAT32", "") not in ("", "0")
    return torch.bfloat16 if any(able) and not exact else torch.float32


class Product:
    """x @ weight.T + bias with weights that are packed once."""

    def __init__(self) -> None:
        self._packed: dict[torch.dtype, Ready[Packed]] = {kind: Ready() for kind in KINDS}

    def __call__(
        self,
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        *,
        gelu: bool = False,
        narrow: bool = False,
    ) -> Tensor:
        """x float [..., n], weight float [m, n], bias float [m] -> float [..., m].

        Args:
            gelu: whether GELU follows.
            narrow: whether the result may stay as it was computed, for another product to read.
        """
        kind = precision()
        if kind is None or torch.is_grad_enabled() or x.device.type != "cpu" or not x.numel():
            y = nn.functional.linear(x, weight, bias)
            return nn.functional.gelu(y) if gelu else y
        sources = [weight] if bias is None else [weight, bias]
        packed, added = self._packed[kind](sources, lambda: _pack(weight, bias, kind))
        op: Any = torch.ops.mkldnn._linear_pointwise
        after: tuple[str, list, str] = ("gelu", [], "none") if gelu else ("none", [], "")
        rows = x.numel() // x.shape[-1]
        step = TILE if rows <= 4 * TILE else 4 * TILE
        read = x.new_zeros((-(-rows // step) * step, x.shape[-1]), dtype=kind)
        read[:rows] = x.reshape(rows, -1)
        y = op(read, packed, added, *after)[:rows].view(*x.shape[:-1], len(weight))
        return y if narrow else y.to(weight.dtype)


def _pack(weight: Tensor, bias: Tensor | None, kind: torch.dtype) -> Packed:
    with torch.inference_mode(False), torch.no_grad():
        packed = torch.ops.mkldnn._reorder_linear_weight(weight.detach().to(kind), TILE)
        return packed, None if bias is None else bias.detach().to(kind)


class Linear(nn.Linear):
    """``nn.Linear``, packed."""

    def __init__(self, inputs: int, outputs: int, bias: bool = True):
        super().__init__(inputs, outputs, bias)
        self.product = Product()

    def forward(self, x: Tensor) -> Tensor:
        """float [..., inputs] -> float [..., outputs]."""
        return self.product(x, self.weight, self.bias)


class GRUCell(nn.GRUCell):
    """``nn.GRUCell``, packed (Cho et al. 2014): float [N, inputs], [N, D] -> [N, D]."""

    def __init__(self, inputs: int, hidden: int):
        super().__init__(inputs, hidden)
        self.read, self.kept = Product(), Product()

    def forward(self, x: Tensor, state: Tensor | None = None) -> Tensor:
        """The next state."""
        if state is None or precision() is None or torch.is_grad_enabled():
            return super().forward(x, state)
        read = self.read(x, self.weight_ih, self.bias_ih)  # [N, 3D]
        kept = self.kept(state, self.weight_hh, self.bias_hh)
        d = self.hidden_size
        reset, update = (read[:, : 2 * d] + kept[:, : 2 * d]).sigmoid().chunk(2, 1)
        new = torch.addcmul(read[:, 2 * d :], reset, kept[:, 2 * d :]).tanh()
        return torch.lerp(new, state, update)
