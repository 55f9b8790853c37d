"""What templates can say."""

from threepass.pages.environment import code_fence


def test_a_fence_is_longer_than_any_within() -> None:
    assert code_fence("x = 1") == "```"
    assert code_fence('"""````"""') == "`````"
