# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Integrated Gradients by hand
#
# A network with two layers is small enough to differentiate with a pencil. We do so, walk from a baseline to an input,
# add up the gradients, and see that they account for the whole change of the output: Equation 1 and Proposition 1 of
# [Sundararajan, Taly and Yan 2017](https://arxiv.org/abs/1703.01365). Every cell that claims something asserts it; this
# page is built only if all of them hold.
#
# The network takes two features and returns one number:
#
# $$F(x) = \sigma\left(v^\top \tanh(W x + b) + c\right)$$

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch

from reproductions.attribution.gradients import gradients
from reproductions.attribution.integrated_gradients import completeness_gap, integrated_gradients, quadrature
from reproductions.shown import shown

W = np.array([[1.5, -1.0], [-0.5, 2.0], [1.0, 1.0]])  # three hidden units, two features
b = np.array([0.2, -0.4, -1.0])
v = np.array([2.0, 1.0, 1.5])
c = -1.0


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def F(x):
    return sigmoid(v @ np.tanh(W @ x + b) + c)


x_prime = np.array([-1.0, -0.5])  # the baseline: the network says almost nothing here
x = np.array([1.5, 1.0])  # the input

print(f"F(x′) = {F(x_prime):.4f}    F(x) = {F(x):.4f}    difference = {F(x) - F(x_prime):.4f}")

# %% [markdown]
# ## The derivative, with a pencil
#
# Write $h = \tanh(Wx + b)$ for the hidden layer and $y = F(x)$ for the output. The sigmoid's derivative is $y (1 - y)$,
# that of the hyperbolic tangent $1 - h^2$, and the chain rule multiplies them from the output to the input:
#
# $$\frac{\partial F}{\partial x_i} = y (1 - y) \sum_j v_j \, (1 - h_j^2) \, W_{ji}$$
#
# Autograd does the same. The two agree to the last few bits:


# %%
def gradient_by_hand(x):
    h = np.tanh(W @ x + b)
    y = sigmoid(v @ h + c)
    return y * (1 - y) * ((v * (1 - h**2)) @ W)


def F_torch(x):  # the same network, for a batch: (B, 2) in, (B,) out
    hidden = torch.tanh(x @ torch.tensor(W).T + torch.tensor(b))
    return torch.sigmoid(hidden @ torch.tensor(v) + c)


for point in (x_prime, x, np.array([0.3, -0.7])):
    by_autograd = gradients(F_torch, torch.tensor(point)[None])[0].numpy()
    assert np.allclose(gradient_by_hand(point), by_autograd, rtol=1e-12, atol=1e-15)
    print(point, gradient_by_hand(point), by_autograd)

# %% [markdown]
# ## The gradient at the input is not enough
#
# At $x$ the output is nearly saturated. The gradient there, times $x - x'$, explains a small part of the difference: it
# is the slope of a plateau.

# %%
at_input = (x - x_prime) * gradient_by_hand(x)
print("gradient at x, times x − x′:", at_input, "sum", at_input.sum())
assert at_input.sum() < 0.5 * (F(x) - F(x_prime))

# %% [markdown]
# ## The path
#
# Equation 1 looks at the gradient all along the straight line $x' + \alpha (x - x')$:
#
# $$\mathrm{IntegratedGrads}_i(x) = (x_i - x'_i) \int_0^1 \frac{\partial F(x' + \alpha (x - x'))}{\partial x_i} \, d\alpha$$
#
# **In the figure, left:** contour lines of $F$ over the two features, with the straight path from the baseline, in a
# valley, to the input, on a plateau. **Right:** what each feature adds at each $\alpha$, that is
# $(x_i - x'_i) \, \partial F / \partial x_i$. Both curves have a hump where the path climbs, and are low at
# both ends; the shaded areas under them are the attributions.

# %%
alphas = np.linspace(0, 1, 201)
along = np.array([(x - x_prime) * gradient_by_hand(x_prime + alpha * (x - x_prime)) for alpha in alphas])

grid = np.linspace(-2, 2, 121)
surface = np.array([[F(np.array([x1, x2])) for x1 in grid] for x2 in grid])

fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8))
contours = left.contour(grid, grid, surface, levels=np.linspace(0.1, 0.9, 9), colors="0.5", linewidths=0.8)
left.clabel(contours, fontsize=7)
left.plot(*np.stack([x_prime, x]).T, color="C1", linewidth=2)
left.plot(*x_prime, "o", color="C1", markerfacecolor="white")
left.plot(*x, "o", color="C1")
left.annotate("x′", x_prime, xytext=(-14, -4), textcoords="offset points")
left.annotate("x", x, xytext=(8, -4), textcoords="offset points")
left.set(xlabel="x₁", ylabel="x₂", title="F, and the path")
for i, (color, style) in enumerate([("C0", "-"), ("C1", "--")]):
    right.plot(alphas, along[:, i], style, color=color, label=f"x{'₁₂'[i]}")
    right.fill_between(alphas, along[:, i], color=color, alpha=0.15)
right.set(xlabel="α", ylabel="(xᵢ − xᵢ′) ∂F/∂xᵢ", title="What each feature adds along the path")
right.legend()
shown(
    fig,
    "Left: contours of F with a straight path from a low region to a plateau. "
    "Right: both features' gradients along the path, each with one hump whose area is the attribution.",
)

# %% [markdown]
# ## The sum
#
# The integral becomes a sum. The paper takes the right end of each of $m$ steps (Equation 3); we do so by hand, and
# compare the sum of the attributions with the change of the output.


# %%
def by_hand(m):
    total = sum(gradient_by_hand(x_prime + k / m * (x - x_prime)) for k in range(1, m + 1))
    return (x - x_prime) * total / m


difference = F(x) - F(x_prime)
for m in (5, 20, 50, 300):
    attributions = by_hand(m)
    print(f"m = {m:3d}   attributions {attributions}   sum {attributions.sum():.6f}   gap {attributions.sum() - difference:+.6f}")

assert abs(by_hand(300).sum() - difference) < 0.05 * difference  # what the paper promises for 20 to 300 steps
ours = integrated_gradients(F_torch, torch.tensor(x)[None], torch.tensor(x_prime), n_steps=300, method="riemann_right")
assert np.allclose(by_hand(300), ours[0].numpy(), rtol=1e-12)

# %% [markdown]
# ## Where to look on the path
#
# The number of steps matters less than where they are taken. The midpoint of each step costs the same as its right end
# and has an error of second order; Gauss–Legendre places its points so that polynomials up to degree $2m - 1$ come out
# exactly.
#
# **In the figure:** the completeness gap, on logarithmic axes, against the number of gradients. The right Riemann sum
# falls along a line of slope −1, the midpoint rule along one of slope −2 once the steps are small enough, and
# Gauss–Legendre drops to the precision of the machine within a few dozen gradients.

# %%
steps = [2, 3, 5, 8, 12, 20, 32, 50, 80, 128, 200, 300]
gaps = {}
for method in ("riemann_right", "riemann_middle", "gausslegendre"):
    gaps[method] = []
    for n in steps:
        inputs, baseline = torch.tensor(x)[None], torch.tensor(x_prime)
        found = integrated_gradients(F_torch, inputs, baseline, n_steps=n, method=method)
        gaps[method].append(completeness_gap(F_torch, inputs, baseline, found).abs().item())

slope = {name: np.polyfit(np.log(steps[-5:]), np.log(values[-5:]), 1)[0] for name, values in gaps.items()}
assert abs(slope["riemann_right"] + 1) < 0.1
assert abs(slope["riemann_middle"] + 2) < 0.1
assert gaps["gausslegendre"][steps.index(50)] < 1e-12

fig, axes = plt.subplots(figsize=(7, 3.8))
for (method, values), marker in zip(gaps.items(), "os^", strict=True):
    axes.loglog(steps, np.maximum(values, 1e-17), marker=marker, label=method)
axes.set(xlabel="gradients", ylabel="|Σ attributions − (F(x) − F(x′))|", title="Completeness gap")
axes.legend()
shown(
    fig,
    "Completeness gap against number of gradients on logarithmic axes: "
    "the right Riemann sum falls slowly, the midpoint rule faster, and Gauss–Legendre drops steeply to machine precision.",
)

# %% [markdown]
# Gauss–Legendre's two points, for the curious: on $[0, 1]$ they lie at $\frac{1}{2} \pm \frac{\sqrt 3}{6}$ and weigh one
# half each.

# %%
points, weights = quadrature("gausslegendre", 2)
assert np.allclose(points, [0.5 - np.sqrt(3) / 6, 0.5 + np.sqrt(3) / 6])
assert np.allclose(weights, [0.5, 0.5])
print(points.numpy(), weights.numpy())
