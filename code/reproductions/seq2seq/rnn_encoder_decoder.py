r"""A source in; a summary c of it, and a target each of whose words sees c anew, out: part 2.

Cho, van Merriënboer, Gulcehre, Bahdanau, Bougares, Schwenk and Bengio 2014 (arXiv 1406.1078v3), section 2.2 and
appendix A. The paper scores phrase pairs with it for a phrase-based system; here it writes.

$$c = \tanh(V h^{\langle N \rangle}), \qquad h'^{\langle 0 \rangle} = \tanh(V' c), \qquad
\tilde{h}'^{\langle t \rangle} = \tanh(W' e(y_{t-1}) + r' \circ [U' h'^{\langle t-1 \rangle} + C c])$$
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from reproductions.seq2seq.encoder_decoder import EncoderDecoder, State
from reproductions.seq2seq.rnn_search import maxout
from reproductions.transformer.copying import PADDING


class Encoder(nn.Module):
    """The encoder's gated unit (appendix A.1.1), with the paper's names for its matrices."""

    def __init__(self, m: int, n: int) -> None:
        super().__init__()
        self.W, self.W_z, self.W_r = (nn.Linear(m, n, bias=False) for _ in range(3))
        self.U, self.U_z, self.U_r = (nn.Linear(n, n, bias=False) for _ in range(3))

    def state(self, h: Tensor, e: Tensor) -> Tensor:
        """Return h⟨t⟩ from h⟨t−1⟩, (B, n), and e(xₜ), (B, m); here the gate z keeps the old state."""
        z = torch.sigmoid(self.W_z(e) + self.U_z(h))
        r = torch.sigmoid(self.W_r(e) + self.U_r(h))
        return z * h + (1 - z) * torch.tanh(self.W(e) + self.U(r * h))


class Decoder(nn.Module):
    """The decoder's gated unit and its output (appendix A.1.2), with the paper's names for its matrices."""

    def __init__(self, vocabulary: int, *, m: int, n: int, hidden: int) -> None:
        super().__init__()
        self.W, self.W_z, self.W_r = (nn.Linear(m, n, bias=False) for _ in range(3))
        self.U, self.U_z, self.U_r = (nn.Linear(n, n, bias=False) for _ in range(3))
        self.C, self.C_z, self.C_r = (nn.Linear(n, n, bias=False) for _ in range(3))
        self.O_h, self.O_c = (nn.Linear(n, 2 * hidden, bias=False) for _ in range(2))
        self.O_y = nn.Linear(m, 2 * hidden, bias=False)
        self.G = nn.Linear(hidden, vocabulary, bias=False)

    def state(self, h: Tensor, e: Tensor, c: Tensor) -> Tensor:
        """Return h′⟨t⟩ from h′⟨t−1⟩, (B, n), e(yₜ₋₁), (B, m), and c, (B, n); the reset gate stands outside of U′."""
        z = torch.sigmoid(self.W_z(e) + self.U_z(h) + self.C_z(c))
        r = torch.sigmoid(self.W_r(e) + self.U_r(h) + self.C_r(c))
        return z * h + (1 - z) * torch.tanh(self.W(e) + r * (self.U(h) + self.C(c)))

    def logits(self, h: Tensor, e: Tensor, c: Tensor) -> Tensor:
        """Return gⱼ s⟨t⟩ for each word j: s⟨t⟩ is the maxout of O_h h′⟨t⟩ + O_y e(yₜ₋₁) + O_c c.

        Shapes: h′⟨t⟩ (B, n), e(yₜ₋₁) (B, m), c (B, n), the result (B, vocabulary).
        """
        u: Tensor = self.G(maxout(self.O_h(h) + self.O_y(e) + self.O_c(c)))
        return u


class RNNEncoderDecoder(EncoderDecoder):
    """The paper's model.

    Where it differs from the paper: n is 1000, m 100 and the maxout 500 there; G is one matrix, not a product of two of
    rank 100; the weights start as torch starts them.
    """

    def __init__(self, vocabulary: int, *, m: int = 32, n: int = 64) -> None:
        super().__init__()
        self.read, self.wrote = (nn.Embedding(vocabulary, m) for _ in range(2))
        self.encoder = Encoder(m, n)
        self.V, self.V_prime = (nn.Linear(n, n, bias=False) for _ in range(2))
        self.decoder = Decoder(vocabulary, m=m, n=n, hidden=n // 2)

    def begin(self, source: Tensor) -> State:
        """Return h′⟨0⟩ and the summary c of the source, (B, n) each; h⟨0⟩ is zero."""
        words = self.read(source)
        h = torch.zeros(len(source), self.V.in_features)
        for t in range(source.shape[1]):
            h = torch.where(source[:, t : t + 1] == PADDING, h, self.encoder.state(h, words[:, t]))
        c = torch.tanh(self.V(h))
        return torch.tanh(self.V_prime(c)), c

    def step(self, state: State, previous: Tensor) -> tuple[State, Tensor]:
        """Write one word: (B,) in, the next state and the logits (B, vocabulary) out."""
        h, c = state
        e = self.wrote(previous)
        h = self.decoder.state(h, e, c)
        return (h, c), self.decoder.logits(h, e, c)
