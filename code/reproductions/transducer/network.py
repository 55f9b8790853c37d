"""An input sequence and an output sequence in; the vectors f_t and g_u that make the output lattice, out.

The two networks of Graves 2012 (arXiv 1211.3711v1): the prediction network of section 2.1 reads the output, the
transcription network of section 2.2 reads the input, and neither sees what the other reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor


class Transducer(nn.Module):
    """Both networks, each one layer of LSTM with a linear layer to the K labels, of which number `NULL` is ∅.

    With `reads=False` the prediction network is told that a symbol was written, and not which: it still counts, but
    what is written now can no longer depend on what was written before.

    Where it differs from the paper: torch's LSTM, which has no connections from the cell to its gates (Equations 4 to 8
    have them), and Adam in place of steepest descent with momentum where `spoken_digits.trained` trains it.
    """

    def __init__(self, *, inputs: int, labels: int, hidden: int, reads: bool = True) -> None:
        super().__init__()
        self.labels = labels
        self.reads = reads
        self.prediction = nn.LSTM(labels - 1, hidden, batch_first=True)
        self.prediction_output = nn.Linear(hidden, labels)
        self.transcription = nn.LSTM(inputs, hidden, batch_first=True, bidirectional=True)
        self.transcription_output = nn.Linear(2 * hidden, labels)

    def forward(self, x: Tensor, T: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Return f, shape (B, T, K), and g, shape (B, U + 1, K).

        `x` (B, T, inputs) and `y` (B, U); the lengths `T` (B,) keep the reading from right to left out of the padding.
        """
        return self.transcribe(x, T), self.predict(y)

    def transcribe(self, x: Tensor, T: Tensor) -> Tensor:
        """Return the transcription vectors f_t: (B, T, inputs) to (B, T, K)."""
        packed = nn.utils.rnn.pack_padded_sequence(x, T, batch_first=True, enforce_sorted=False)
        hidden, _ = self.transcription(packed)
        unpacked, _ = nn.utils.rnn.pad_packed_sequence(hidden, batch_first=True, total_length=x.shape[1])
        f: Tensor = self.transcription_output(unpacked)
        return f

    def predict(self, y: Tensor) -> Tensor:
        """Return the prediction vectors g_u, for u = 0 … U: (B, U) to (B, U + 1, K).

        Symbols are one-hot vectors, and the zero vector stands before the first (section 2.1).
        """
        if not self.reads:
            y = torch.ones_like(y)
        nothing = y.new_zeros(len(y), 1)
        one_hot = nn.functional.one_hot(torch.cat([nothing, y], dim=1), self.labels)[..., 1:]  # ∅ is the zero vector
        hidden, _ = self.prediction(one_hot.to(self.prediction_output.weight.dtype))
        g: Tensor = self.prediction_output(hidden)
        return g
