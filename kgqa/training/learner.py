"""A model with its optimiser and the running average of its weights."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import Parameter

from kgqa.model.network import KGQAModel
from kgqa.training.config import FURTHER, WEIGHT_DECAY, Schedule, TrainConfig


@dataclass(frozen=True)
class Parameters:
    """What is trained; the embeddings and the first layers of the encoder are frozen."""

    encoder: list[Parameter]
    heads: list[Parameter]

    @classmethod
    def of(cls, model: KGQAModel, frozen_layers: int) -> Parameters:
        """Freeze what is to be frozen."""
        transformer = cast(Any, model.encoder.transformer)
        for part in (transformer.embeddings, *transformer.encoder.layer[:frozen_layers]):
            part.requires_grad_(False)
        encoder = [p for p in transformer.parameters() if p.requires_grad]
        inside = {id(p) for p in encoder}
        heads = [p for p in model.parameters() if p.requires_grad and id(p) not in inside]
        return cls(encoder, heads)


def run_bytes(model: KGQAModel, frozen_layers: int) -> int:
    """What one measurement takes on disk: weights, their average, two moments, a checkpoint."""
    trained = Parameters.of(model, frozen_layers)
    moving = sum(p.nbytes for p in (*trained.encoder, *trained.heads))
    return 2 * sum(value.nbytes for value in model.state_dict().values()) + 3 * moving


class Learner:
    """Updates a model in place."""

    def __init__(
        self,
        model: KGQAModel,
        config: TrainConfig,
        schedule: Schedule,
        *,
        further: bool = False,
    ):
        """``further``: the model has learned from this graph before, and is to change less."""
        self.model, self.config = model, config
        groups = Parameters.of(model, config.frozen_layers)
        self.parameters: list[Tensor] = [*groups.encoder, *groups.heads]
        self.average = [p.detach().clone() for p in self.parameters]
        scale = FURTHER if further else 1.0
        self.optimizer = torch.optim.AdamW(
            [
                {"params": groups.encoder, "lr": scale * config.encoder_rate},
                {"params": groups.heads, "lr": scale * config.head_rate},
            ],
            weight_decay=WEIGHT_DECAY,
        )
        self.rates = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: schedule.rate(step, config.warm_up)
        )

    def update(self, loss: Tensor) -> None:
        """One step against the gradient of a scalar."""
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, self.config.clip)
        self.optimizer.step()
        done = self.rates.last_epoch
        self.rates.step()
        decay = min(self.config.average, (1 + done) / (10 + done))  # young averages forget faster
        with torch.no_grad():
            torch._foreach_lerp_(self.average, self.parameters, 1 - decay)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Inside, the model has the averaged weights."""
        own = [p.detach().clone() for p in self.parameters]
        with torch.no_grad():
            torch._foreach_copy_(self.parameters, self.average)
        try:
            yield
        finally:
            with torch.no_grad():
                torch._foreach_copy_(self.parameters, own)

    def state(self) -> dict[str, Tensor]:
        """Weights, their average, and the optimiser's moments, by name."""
        tensors = {f"model.{k}": v for k, v in self.model.state_dict().items()}
        tensors |= {f"average.{i}": v for i, v in enumerate(self.average)}
        for i, moments in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{i}.{k}": v for k, v in moments.items()}
        return {name: value.detach().cpu().contiguous() for name, value in tensors.items()}

    def restore(self, tensors: dict[str, Tensor], step: int) -> None:
        """Go on from a state after ``step`` steps."""
        weights = {k: v for k, v in tensors.items() if k.startswith("model.")}
        self.model.load_state_dict({k.removeprefix("model."): v for k, v in weights.items()})
        for i, value in enumerate(self.average):
            value.copy_(tensors[f"average.{i}"])
        state = self.optimizer.state_dict()
        for name, value in tensors.items():
            if name.startswith("optimizer."):
                _, position, moment = name.split(".", 2)
                state["state"].setdefault(int(position), {})[moment] = value
        self.optimizer.load_state_dict(state)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of rates that step before the optimizer: it has done
            for _ in range(step):
                self.rates.step()
