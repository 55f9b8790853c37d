import pytest

from reproductions.pegasus import documents
from reproductions.pegasus.documents import FEWEST, articles, sentences


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("It rains. It pours.", ("It rains.", "It pours.")),
        ('"Who?" he says. "I do."', ('"Who?" he says.', '"I do."')),
        ('He said "no." She left!', ('He said "no."', "She left!")),
        ("At 4.30 it cost 2.5 per cent. 500 came.", ("At 4.30 it cost 2.5 per cent.", "500 came.")),
        ("One line, no stop", ("One line, no stop",)),
        ("etc. and so on. ", ("etc. and so on.",)),
    ],
)
def test_sentences(text, split):
    assert sentences(text) == split


def test_articles_are_whole_and_long_enough():
    assert len(articles()) > 200
    assert min(map(len, articles())) == FEWEST
    assert all(sentence for article in articles() for sentence in article)


def test_a_missing_package_says_which(monkeypatch):
    def missing(name):
        raise documents.PackageNotFoundError(name)

    monkeypatch.setattr(documents, "distribution", missing)
    with pytest.raises(ModuleNotFoundError, match="the Lee corpus comes with gensim; hint: pip install gensim"):
        articles.__wrapped__()


def test_an_article_of_five_sentences_is_long_enough_and_one_of_four_is_not(monkeypatch, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.write_text("\n".join(" ".join(f"It is {n}." for n in range(count)) for count in (4, 5, 6)))

    class Package:
        def locate_file(self, _):
            return corpus

    monkeypatch.setattr(documents, "distribution", lambda _: Package())
    assert [len(article) for article in articles.__wrapped__()] == [5, 6]
