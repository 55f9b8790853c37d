"""Every form in which people paste an arXiv id, and what is none."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import threepass
from threepass.importers.arxiv_id import ArxivId, distinct, parse

IG = ArxivId("1703.01365")
IG2 = ArxivId("1703.01365", 2)
OLD = ArxivId("hep-th/9901001")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1703.01365", IG),
        ("1703.01365v2", IG2),
        ("  1703.01365v2\n", IG2),
        ("1703.01365V2", IG2),
        ("arXiv:1703.01365", IG),
        ("arxiv: 1703.01365v2", IG2),
        ("arXiv:1703.01365v2 [cs.LG] 13 Jun 2017", IG2),
        ("arXiv:hep-th/9901001v1 [hep-th]", ArxivId("hep-th/9901001", 1)),
        ("1703.01365v2.pdf", IG2),
        ("0704.0001", ArxivId("0704.0001")),
        ("1412.6980", ArxivId("1412.6980")),
        ("1501.00001", ArxivId("1501.00001")),
        ("2301.00010", ArxivId("2301.00010")),
        ("hep-th/9901001", OLD),
        ("hep-th/9901001v12", ArxivId("hep-th/9901001", 12)),
        ("HEP-TH/9901001", OLD),
        ("math.GT/0309136", ArxivId("math/0309136")),
        ("math/0309136", ArxivId("math/0309136")),
        ("cond-mat.str-el/0102536v1", ArxivId("cond-mat/0102536", 1)),
        ("cs/0703001", ArxivId("cs/0703001")),
        ("https://arxiv.org/abs/1703.01365", IG),
        ("http://arxiv.org/abs/1703.01365v2", IG2),
        ("http://www.arxiv.org/abs/1703.01365/", IG),
        ("HTTPS://ARXIV.ORG/abs/1703.01365", IG),
        ("arxiv.org/abs/1703.01365", IG),
        ("https://export.arxiv.org/abs/1703.01365", IG),
        ("https://arxiv.org/abs/1703.01365?context=cs.AI#references", IG),
        ("https://arxiv.org/pdf/1703.01365", IG),
        ("https://arxiv.org/pdf/1703.01365v2.pdf#page=3", IG2),
        ("https://arxiv.org/pdf/hep-th/9901001v1.pdf", ArxivId("hep-th/9901001", 1)),
        ("https://arxiv.org/abs/hep-th%2F9901001", OLD),
        ("https://arxiv.org//abs/math.GT/0309136", ArxivId("math/0309136")),
        ("https://arxiv.org/html/1703.01365v2", IG2),
        ("https://arxiv.org/src/1703.01365", IG),
        ("https://arxiv.org/e-print/1703.01365", IG),
        ("https://ar5iv.org/abs/1703.01365", IG),
        ("https://ar5iv.labs.arxiv.org/html/1703.01365", IG),
        ("https://www.alphaxiv.org/abs/1703.01365v2", IG2),
        ("https://alphaxiv.org/overview/1703.01365", IG),
        ("https://huggingface.co/papers/1703.01365", IG),
        ("https://hf.co/papers/1703.01365", IG),
        ("10.48550/arXiv.1703.01365", IG),
        ("doi:10.48550/arXiv.1703.01365", IG),
        ("10.48550/ARXIV.HEP-TH/9901001", OLD),
        ("https://doi.org/10.48550/arXiv.1703.01365", IG),
        ("https://dx.doi.org/10.48550/arxiv.1703.01365", IG),
        ("<https://arxiv.org/abs/1703.01365>", IG),
        ("(https://arxiv.org/abs/1703.01365).", IG),
        ("“1703.01365”,", IG),
    ],
)
def test_an_id_in_any_form_is_understood(text, meant):
    assert parse(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1703",
        "1703.1365",  # five digits since 2015
        "1412.00001",  # four until 2014
        "1703.013655",
        "1713.01365",  # a thirteenth month
        "1700.01365",
        "0703.0001",  # the old form until March 2007
        "1703.00000",
        "1703.01365v",
        "1703.01365v0",
        "1703.01365v2v3",
        "1703.01365 1706.03762",
        "x1703.01365",
        "١٧٠٣.٠١٣٦٥",  # digits, but not arXiv's
        "hep-th/0704001",  # the new form since April 2007
        "hep-th/9913001",
        "hep-th/9106001",  # before arXiv
        "hep-th/9901000",
        "hep-th/990100",
        "users/9901001",  # no archive
        "hep-th/9901001/2",
        "10.1145/1273445.1273458",
        "https://example.org/abs/1703.01365",
        "https://notarxiv.org/abs/1703.01365",
        "https://arxiv.org.example.org/abs/1703.01365",
        "https://arxiv.org/list/cs.LG/1703",
        "https://arxiv.org/abs/",
        "https://arxiv.org/1703.01365",
        "https://huggingface.co/datasets/1703.01365",
        "http://[",
        "[",
        "../../1703.01365",
    ],
)
def test_what_is_no_id_is_none(text):
    assert parse(text) is None


def test_all_versions_are_one_paper_and_the_highest_named_stays():
    other = ArxivId("1706.03762")
    assert distinct([IG, other, IG2, ArxivId("1703.01365", 1), IG, other]) == (IG2, other)


months = st.integers(1, 12)
numbers = st.builds("{}{:02d}.{:05d}".format, st.integers(15, 99), months, st.integers(1, 99999))
new_ids = st.builds(ArxivId, numbers, st.none() | st.integers(1, 999))


@given(new_ids)
def test_an_id_written_out_is_read_back(one):
    assert parse(str(one)) == one
    assert parse(f"https://arxiv.org/pdf/{one}.pdf") == one


@given(st.text())
def test_any_text_is_an_id_or_none(text):
    one = parse(text)
    assert one is None or parse(str(one)) == one


def loaded_by(module: str) -> set[str]:
    """The heavy packages that importing a module brings in."""
    code = f"import sys, {module}; print(*(sys.modules.keys() & {{'requests', 'arxiv', 'lxml'}}))"
    source = Path(threepass.__file__).parent.parent
    run = subprocess.run([sys.executable, "-c", code], cwd=source, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_ids_and_citation_keys_need_neither_requests_nor_the_arxiv_package():
    assert loaded_by("threepass.importers.arxiv_id, threepass.citing.citation") == set()
    assert loaded_by("threepass.importers.arxiv") == {"requests", "arxiv", "lxml"}, "the measure sees them"
