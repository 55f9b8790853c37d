"""One thread, as claims are measured: faster on matrices this small, and the same numbers on any machine.

What a test trains is trained in it: no weights are read that another one has kept.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

import pytest
import torch

from reproductions import kept


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def _trained_anew(monkeypatch, tmp_path):
    monkeypatch.setattr(kept, "cache_folder", lambda _: Path(mkdtemp(dir=tmp_path)))
