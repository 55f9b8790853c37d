"""A model and layers of it in; the integrated gradients of the layers' values, out.

`LayerIntegratedGradients` takes what `captum.attr.LayerIntegratedGradients` of Captum 0.9 takes, and returns what it
returns: the path runs straight from the layer's value at the baseline to its value at the input. It has all that
`IntegratedGradients` has besides Captum's, and:

- `layer_baselines` gives the path's start in the layer itself, such as an embedding that no token has;
- a layer whose value does not depend on the example, of shape (1, …), has B rows here: position embeddings are looked
  up once for a whole batch, and each example's attribution to them is its own.

Where it differs otherwise: a layer that is called more than once is refused, where Captum replaces every call of it by
the last one's value; DataParallel is not supported.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from reproductions.attribution.input_attribution import (
    ModelAttribution,
    attribute_lines,
    convergence_delta,
    with_extras,
)
from reproductions.attribution.layers import layers_set_to, read_layers
from reproductions.attribution.model_function import as_tuple, baselines_for, function_of_inputs, rows_of
from reproductions.attribution.straight_line import StraightLines
from reproductions.attribution.targets import target_for
from reproductions.attribution.to_tolerance import MAX_EVALUATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor
    from torch.nn import Module

    from reproductions.attribution.integrated_gradients import Quadrature
    from reproductions.attribution.model_function import Forward, Given, GivenBaselines
    from reproductions.attribution.straight_line import Tensors
    from reproductions.attribution.targets import GivenTarget


class LayerIntegratedGradients(ModelAttribution):
    """Integrated gradients of the output, or the input, of one layer or of several (section 3), called as Captum 0.9.

    Several layers must not feed one another: they are moved from baseline to input together, and what one of them would
    have passed on is replaced in the other.
    """

    def __init__(
        self,
        forward_func: Forward,
        layer: Module | list[Module],
        device_ids: list[int] | None = None,
        multiply_by_inputs: bool = True,
    ) -> None:
        if device_ids is not None:
            raise ValueError("DataParallel is not supported; hint: give the module inside, on one device")
        super().__init__(forward_func, multiply_by_inputs)
        self.layer = layer

    def attribute(
        self,
        inputs: Given,
        baselines: GivenBaselines = None,
        target: GivenTarget = None,
        additional_forward_args: Any = None,
        n_steps: int = 50,
        method: Quadrature = "gausslegendre",
        internal_batch_size: int | None = None,
        return_convergence_delta: bool = False,
        attribute_to_layer_input: bool = False,
        grad_kwargs: Mapping[str, Any] | None = None,
        *,
        layer_baselines: GivenBaselines = None,
        tolerance: float | None = None,
        max_evaluations: int = MAX_EVALUATIONS,
        memory_budget: int | None = None,
        return_report: bool = False,
    ) -> Any:
        """Return the attributions in the shape of the layer's value, (B, …); a list of them for a list of layers.

        Where a layer's value has several tensors, they come as a tuple. `inputs` may hold token ids. `layer_baselines`,
        one for each tensor of the layers in order, takes the place of the layers' values at `baselines`. What remains
        is as in `IntegratedGradients.attribute`; `grad_kwargs` go to `torch.autograd.grad`.

        The completeness gap of `return_convergence_delta` is held against the model's own outputs at the ends; where
        the layers do not cut the whole way from input to output, it stays large however many steps are taken.

        Raises `ValueError` for a layer that is not called once, or whose value has neither B rows nor one.
        """
        xs, arguments = as_tuple(inputs), as_tuple(additional_forward_args)
        layers = self.layer if isinstance(self.layer, list) else [self.layer]
        examples = len(xs[0])
        x_primes = baselines_for(xs, baselines)
        ends = self._values(xs, arguments, layers, at_input=attribute_to_layer_input)
        sizes = [len(value) for value in ends]
        flat_ends = _with_rows([tensor for value in ends for tensor in value], examples)
        if layer_baselines is None:
            starts = self._values(x_primes, arguments, layers, at_input=attribute_to_layer_input)
            flat_starts = _with_rows([tensor for value in starts for tensor in value], examples)
        else:
            flat_starts = baselines_for(flat_ends, layer_baselines)

        forward, goal = self.forward_func, target_for(target, examples)

        def replaced(points: Tensors, rows: Tensor) -> Tensor:
            with layers_set_to(_grouped(points, sizes), layers, at_input=attribute_to_layer_input):
                return goal.of(forward(*rows_of((*xs, *arguments), rows, examples)), rows)

        lines = StraightLines(flat_starts, flat_ends)
        attributions, reports = attribute_lines(
            replaced,
            lines,
            n_steps=n_steps,
            method=method,
            internal_batch_size=internal_batch_size,
            multiply_by_inputs=self._multiply_by_inputs,
            tolerance=tolerance,
            max_evaluations=max_evaluations,
            memory_budget=memory_budget,
            grad_options=grad_kwargs,
        )
        delta = None
        if return_convergence_delta and layer_baselines is None:
            # of the model as it is, not of the one with its layers replaced: the gap must show what goes past them
            model = function_of_inputs(forward, arguments, goal, examples)
            delta = convergence_delta(model, attributions, x_primes, xs)
        elif return_convergence_delta:
            delta = convergence_delta(replaced, attributions, flat_starts, flat_ends)
        shaped = [part if len(part) > 1 else part[0] for part in _grouped(attributions, sizes)]
        return with_extras(
            shaped if isinstance(self.layer, list) else shaped[0], delta, reports if return_report else None
        )

    def _values(
        self, xs: Tensors, arguments: tuple[Any, ...], layers: list[Module], *, at_input: bool
    ) -> list[Tensors]:
        return read_layers(lambda: self.forward_func(*xs, *arguments), layers, at_input=at_input)


def _with_rows(tensors: list[Tensor], examples: int) -> Tensors:
    """Return the tensors with one row for each example, where they have one for each or one for all."""
    for tensor in tensors:
        if not tensor.dim() or len(tensor) not in (1, examples):
            raise ValueError(
                f"the layer's value has shape {tuple(tensor.shape)}, whose first axis is not that of {examples} "
                "examples; hint: attribute to a layer that keeps the batch in front"
            )
    return tuple(tensor.expand(examples, *tensor.shape[1:]) for tensor in tensors)


def _grouped(tensors: Tensors, sizes: Sequence[int]) -> list[Tensors]:
    return [tensors[start:end] for start, end in pairwise(accumulate(sizes, initial=0))]
