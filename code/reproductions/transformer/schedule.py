r"""A step's number in; the learning rate, out.

Vaswani and others 2017 (arXiv 1706.03762v7), section 5.3, Equation 3.

$$\mathrm{lrate} = d_\text{model}^{-0.5} \cdot \min(\mathrm{step}^{-0.5}, \mathrm{step} \cdot \mathrm{warmup}^{-1.5})$$
"""

from __future__ import annotations


def lrate(step: int, *, d_model: int = 512, warmup: int = 4000) -> float:
    """Return the learning rate of Equation 3; steps count from 1.

    It rises by the same amount at each step until `warmup`, where it is (d_model · warmup)^(−1/2), and falls as
    step^(−1/2) from there. Raises `ValueError` for a step before the first.
    """
    if step < 1:
        raise ValueError(f"steps count from 1, not {step}; hint: add one to an index that begins at 0")
    return float(d_model**-0.5 * min(step**-0.5, step * warmup**-1.5))
