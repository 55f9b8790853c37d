import pytest

from reproductions.transformer.schedule import lrate


def test_equation_3_by_hand():
    assert lrate(1, d_model=4, warmup=4) == pytest.approx(0.5 / 8)
    assert lrate(2, d_model=4, warmup=4) == pytest.approx(0.5 * 2 / 8)
    assert lrate(4, d_model=4, warmup=4) == pytest.approx(0.5 / 2)
    assert lrate(16, d_model=4, warmup=4) == pytest.approx(0.5 / 4)


def test_it_rises_in_a_line_and_falls_with_the_root():
    assert lrate(2000) == pytest.approx(lrate(4000) / 2)
    assert lrate(16_000) == pytest.approx(lrate(4000) / 2)
    assert lrate(4000) == pytest.approx((512 * 4000) ** -0.5)


def test_there_is_no_step_0():
    with pytest.raises(ValueError, match="steps count from 1, not 0"):
        lrate(0)
