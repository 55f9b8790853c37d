"""What one may post about a day keeps within each network's limits."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepass.pages.sharing import NETWORKS, Network, Post, handed_over, post_for, tag_of

X, MASTODON, LINKEDIN = NETWORKS
LINK = "https://example.org/a-very-long-address-that-x-counts-as-twenty-three-characters/journal/2021-08-27/"


@pytest.mark.parametrize(
    ("network", "text", "length"),
    [
        (X, "abc", 3),
        (X, "日本", 4),
        (X, "é — “x”", 7),
        (X, f"a {LINK} b", 27),
        (MASTODON, f"日 {LINK}", 25),
        (LINKEDIN, LINK, len(LINK)),
    ],
)
def test_each_network_counts_in_its_way(network: Network, text: str, length: int) -> None:
    assert network.length(text) == length


@given(
    network=st.sampled_from(NETWORKS),
    title=st.text(min_size=1, max_size=400),
    summary=st.text(max_size=4000),
    link=st.sampled_from(["", LINK]),
    tags=st.lists(st.from_regex(r"[A-Z][a-z]{1,20}", fullmatch=True), max_size=8),
)
def test_a_post_fits_and_holds_its_link(network: Network, title: str, summary: str, link: str, tags: list[str]) -> None:
    text = post_for(network, Post(title, summary, link, tags))
    room = 0 if link else network.length(f"\n\n{LINK}") if network.short_links else 120
    assert network.length(text) + room <= network.limit
    assert link in text


def test_a_short_day_is_posted_whole() -> None:
    post = Post("Day 4: Gradients", "They saturate. So one collects them.", LINK, ["Interpretability"])
    assert (
        post_for(X, post) == f"Day 4: Gradients\n\nThey saturate. So one collects them.\n\n{LINK}\n\n#Interpretability"
    )


def test_a_long_summary_is_cut_between_words_and_tags_give_way() -> None:
    text = post_for(X, Post("Day 4", "word " * 200, LINK, ["Interpretability"]))
    assert text.startswith("Day 4\n\nword word")
    assert " …\n\nhttps://" in text
    assert text.endswith(LINK)


def test_a_post_is_handed_over_where_a_network_takes_it() -> None:
    text = f"Gradients & “more”\n\n{LINK}"
    (said,) = parse_qs(urlsplit(handed_over(X, text, LINK)).query)["text"]
    assert said == text
    address = urlsplit(handed_over(LINKEDIN, text, LINK))
    assert (address.netloc, parse_qs(address.query)) == ("www.linkedin.com", {"url": [LINK]})
    assert handed_over(MASTODON, text, LINK) == ""  # the reader's own server is asked for
    assert handed_over(X, text, "") == ""


def test_topics_become_tags() -> None:
    assert tag_of("Sequence to sequence") == "SequenceToSequence"
    assert tag_of("open-source 2") == "OpenSource2"


def test_the_limits_are_those_of_the_networks() -> None:
    assert {network.name: network.limit for network in NETWORKS} == {"x": 280, "mastodon": 500, "linkedin": 3000}
