import pytest
import torch


@pytest.fixture(autouse=True, scope="package")
def _one_thread():
    """The networks here are so small that handing their work to a second thread costs more than doing it."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
