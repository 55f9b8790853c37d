r"""A model's rectifiers met while it runs: what goes into them out, and the slopes they are to have on the way back in.

The gradient of a network jumps wherever a rectifier, ReLU(z) = max(z, 0), switches on the path, and a quadrature that
samples it between jumps converges slowly. What goes into a rectifier does not jump. So a stretch of the path can be
integrated as if it were smooth, when on the way back each rectifier has its mean slope over the stretch in the place
of the 0 or 1 of one point (`stretch_rules.mean_slopes`).

Rectifiers are met as calls of `torch.relu`, `torch.nn.functional.relu` or `Tensor.relu`, through `torch.nn.ReLU` too.
Those that work in place, are compiled, or do not keep the points in front, (K, …), are left as they are.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Act = Callable[[int, Tensor], Tensor | None]

RECTIFIERS = frozenset({torch.relu, torch.nn.functional.relu, Tensor.relu})


@contextmanager
def rectifiers_watched(points: int) -> Iterator[list[Tensor | None]]:
    """Give a list that holds, once the model has run on so many points, what went into each rectifier, (points, …).

    A call that does not keep the points in front leaves None.
    """
    met: list[Tensor | None] = []

    def note(_: int, z: Tensor) -> None:
        met.append(z.detach() if z.dim() and len(z) == points else None)

    with _Met(note):
        yield met


@contextmanager
def rectifiers_with(slopes: Sequence[Tensor | None]) -> Iterator[None]:
    """Let the rectifiers, in the order in which they are called, have these slopes on the way back; None is their own.

    A rectifier whose input has another shape than its slopes keeps its own too: the model has not run as before.
    """

    def replace(call: int, z: Tensor) -> Tensor | None:
        given = slopes[call] if call < len(slopes) else None
        if given is None or given.shape != z.shape:
            return None
        rectified: Tensor = _WithSlope.apply(z, given)  # type: ignore[no-untyped-call]  # torch does not annotate it
        return rectified

    with _Met(replace):
        yield


@dataclass
class _Met(TorchFunctionMode):
    """Calls `act` with the number and the input of each rectifier; what it returns, if anything, is the output."""

    act: Act
    calls: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        super().__init__()

    def __torch_function__(
        self, function: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if function in RECTIFIERS and args and not kwargs.get("inplace") and len(args) == 1:
            call, self.calls = self.calls, self.calls + 1
            output = self.act(call, args[0])
            if output is not None:
                return output
        return function(*args, **kwargs)


class _WithSlope(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, z: Tensor, slope: Tensor) -> Tensor:
        ctx.save_for_backward(slope)
        return z.clamp(min=0)

    @staticmethod
    def backward(ctx: Any, *signals: Tensor) -> tuple[Tensor, None]:
        (slope,) = ctx.saved_tensors
        return signals[0] * slope, None
