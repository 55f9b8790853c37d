"""Lists of papers as people keep them."""

from threepass.importers.arxiv_list import listed


def test_ids_and_addresses_are_found_with_their_lines():
    text = (
        "\ufeff# to read\n1703.01365\n\n1706.03762, hep-th/9901001  # three\n"
        "- https://arxiv.org/abs/1409.0473v7\r\n* arXiv:1211.3711v1 [cs.NE] 14 Nov 2012\nrubbish 2301.00010\n"
    )
    assert list(listed(text)) == [
        (2, "1703.01365"),
        (4, "1706.03762"),
        (4, "hep-th/9901001"),
        (5, "https://arxiv.org/abs/1409.0473v7"),
        (6, "arXiv:1211.3711v1 [cs.NE] 14 Nov 2012"),
        (7, "rubbish"),
        (7, "2301.00010"),
    ]


def test_the_hash_in_an_address_is_no_comment():
    assert list(listed("https://arxiv.org/abs/1703.01365#x")) == [(1, "https://arxiv.org/abs/1703.01365#x")]


def test_nothing_is_in_an_empty_list():
    assert list(listed("\n # only a comment\n")) == []
