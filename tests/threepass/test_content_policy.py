import pytest

from threepass.content_policy import with_policy


@pytest.mark.parametrize(
    "script",
    [
        '<script src="https://cdn.example/x.js"></script>',
        "<script async src='//cdn.example/x.js'></script>",
        '<script type="module">const m = await import("https://cdn.example/m.mjs")</script>',
        "<script>MathJax.Hub.Config({})</script>",
    ],
)
def test_scripts_of_other_hosts_go(script: str) -> None:
    assert with_policy(f"<p>a</p>{script}<p>b</p>", []) == "<p>a</p><p>b</p>"


@pytest.mark.parametrize("script", ['<script src="../x.js"></script>', "<script>let a = 'https://b'</script>"])
def test_our_own_scripts_stay(script: str) -> None:
    assert with_policy(script, ["let a = 'https://b'"]) == script
