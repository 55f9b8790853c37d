"""A page a module: where each function is named, and the claims that are measured with it."""

import re
import shutil
from pathlib import Path

from generate import BASE

from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import site_of
from threepass.pages.reproductions import reproduction_pages

NOTE = """---
title: {title}
authors: [Ashish Vaswani]
published: 2017-06-12
venue: A venue
equations:
  - {{id: one, label: Equation 1, latex: 'a + b', code: '{equation}'}}
claims:
  - id: halves
    says: Two halves are one.
    check: equations.{check}
    expect: {{equals: 1, within: 0.1}}
    control: equations.claims:doubled
---
"""
CODE = {
    "halving.py": '''"""A number in; its half out."""


def half(x):
    """Return x / 2."""
    return divided(x, 2)


def divided(x, y):
    """Return x / y."""
    return x / y


def unused(x):
    """Return x."""
    return x
''',
    "claims.py": '''"""Nothing in; a number out."""

from equations.halving import divided, half


def given():
    """Return 1."""
    return 1


def halved():
    """Return 1/2 + 1/2."""
    return half(given()) + half(given())


def doubled():
    """Return 2."""
    return given() + given()


def third():
    """Return 1/3."""
    return divided(given(), 3)
''',
}


def used(tmp_path: Path, module: str) -> dict[str, list[str]]:
    """What stands below each function of a module's page, without its links, and where these lead."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    for name, code in CODE.items():
        (tmp_path / "code" / "equations" / name).write_text(code)
    notes = {
        "b2017second": NOTE.format(title="Second", equation="equations.claims:third", check="claims:third"),
        "a2017first": NOTE.format(title="First", equation="equations.halving:half", check="claims:halved"),
    }
    for key, note in notes.items():
        (tmp_path / "papers" / f"{key}.md").write_text(note)
    library = load(tmp_path)
    assert library.problems == ()
    tree = source_tree(library)
    pages = reproduction_pages(site_of(library, ledger(library, tree), tree))
    text = next(page.text for page in pages if page.src == f"reproductions/{module}.md")
    parts = re.split(r"^## `(\w+)`.*$", text, flags=re.MULTILINE)[1:]
    return {
        name: [
            re.sub(r'<a href="\.\./\.\./papers/([^"]*)">', r"<\1>", line)
            for line in re.findall(r'tp-uses">(.*)</p>', part)
        ]
        for name, part in zip(parts[::2], parts[1::2], strict=True)
    }


def test_a_function_leads_to_equations_that_name_it_and_to_claims_that_reach_it(tmp_path: Path) -> None:
    first, second = "<a2017first/>First</a>", "<b2017second/>Second</a>"
    claim = "#claim-halves>halves</a>"
    assert used(tmp_path, "halving") == {
        "half": [
            f"Used by {first}: <a2017first/#equation-one>Equation 1</a>; measured by the claims <a2017first/{claim}"
        ],
        "divided": [
            f"Measured by claims of {first}: <a2017first/{claim}",
            f"Measured by claims of {second}: <b2017second/{claim}",
        ],
        "unused": [],
    }


def test_what_checks_share_is_not_measured_and_a_check_with_an_equation_is(tmp_path: Path) -> None:
    found = used(tmp_path, "claims")
    assert found["given"] == []
    assert len(found["halved"]) == 1
    assert found["halved"][0].endswith("First</a>: <a2017first/#claim-halves>claim “halves”</a>")
    assert len(found["doubled"]) == 2
    assert "control of “halves”" in found["doubled"][1]
    assert found["third"][0].endswith("; measured by the claims <b2017second/#claim-halves>halves</a>")
