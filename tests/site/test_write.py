"""The form at `/write/` in a real browser: a day is written, looked at, mended and saved, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from example_library import write_example
from headless import Opened
from payloads import PAYLOADS
from playwright.sync_api import ConsoleMessage, Error, Page, Request, expect
from serving import Served, answers, free_port

from threepass.building.live_server import Server
from threepass.day_form import Desk, Shown
from threepass.ledger import ledger, source_tree
from threepass.library import load
from threepass.pages import site_of

BROKEN = "See [[nobody2020nothing]]."


@pytest.fixture
def page(wide_page: Page, served: Served) -> Iterator[Page]:
    """A page in which no error may come up on the console."""
    wrong: list[str] = []

    def hear(said: ConsoleMessage | Error) -> None:
        if isinstance(said, Error) or _is_wrong(said):
            wrong.append(str(said))

    for event in ("pageerror", "console"):
        wide_page.on(event, hear)  # type: ignore[call-overload]  # stubs have one overload an event
    yield wide_page
    for event in ("pageerror", "console"):
        wide_page.remove_listener(event, hear)
    assert wrong == []


def _is_wrong(message: ConsoleMessage) -> bool:
    return message.type == "error" and "422" not in message.text  # a day that is refused is meant to be


def begin(page: Page, served: Served, date: str) -> None:
    """Open the form for a day, and wait for what the server says of it."""
    with page.expect_response("**/write/look"):
        page.goto(f"{served.address}write/?date={date}")


def test_a_date_to_come_is_not_offered_and_said_where_it_is_typed(page: Page, served: Served) -> None:
    begin(page, served, "2024-11-01")
    assert page.locator("#write-date").get_attribute("max") == str(dt.date.today() + dt.timedelta(days=1))
    page.locator("#write-date").fill("9999-12-31")
    page.locator("#write-title").fill("Too soon")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#write-date-wrong")).to_contain_text("9999-12-31 is still to come")


def test_a_day_is_written_with_the_keyboard_alone(page: Page, served: Served) -> None:
    page.goto(served.address)
    page.locator("a.tp-write-link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/write/")
    page.locator("#write-date").fill("2024-11-01")
    expect(page.locator("#write-date-help")).to_have_text("A new day.")
    page.get_by_role("button", name="Today").focus()  # the parts of a date take several tabs
    for name in ("day", "minutes", "title"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == f"write-{name}"
    page.keyboard.type("Why gradients saturate")
    page.keyboard.press("Enter")  # saves nothing
    page.keyboard.press("Tab")
    page.keyboard.type("Read [[vaswani2017attention]]: $x^2$.")
    preview = page.locator("#write-preview")
    expect(preview.locator("h1")).to_contain_text("Why gradients saturate")
    expect(preview.locator("a", has_text="Attention Is All You Need")).to_have_attribute(
        "href", "/papers/vaswani2017attention/"
    )
    expect(preview.locator("math msup")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(preview.locator(".tp-goal")).to_have_text("Learn")
    page.get_by_role("button", name="Add a reading").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("1706.03762")
    expect(preview.locator(".tp-paper__meta")).to_contain_text("pass 1")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    status = page.locator("#write-status")
    expect(status).to_contain_text("Saved: journal/2024/2024-11-01.yml is written.")
    status.get_by_role("link", name="See its page").click()
    page.wait_for_url("**/journal/2024-11-01/")
    assert page.locator("h1").inner_text().startswith("Why gradients saturate")
    assert (served.root / "journal/2024/2024-11-01.yml").read_text() == (
        "date: 2024-11-01\nday: 2\ntitle: Why gradients saturate\ngoals: [learn]\nreadings:\n"
        "  - {paper: vaswani2017attention, pass: 1}\nnotes: |\n  Read [[vaswani2017attention]]: $x^2$.\n"
    )


def test_a_number_that_another_day_has_is_said_while_it_is_typed(page: Page, served: Served) -> None:
    begin(page, served, "2024-10-02")
    page.get_by_label("Title").fill("First")
    expect(page.locator("#write-wrong")).to_be_hidden()
    page.get_by_label("Number").fill("1")
    expect(page.locator("#write-wrong")).to_contain_text("day 1")
    expect(page.locator("#write-status")).to_contain_text("One thing is to be mended")
    page.get_by_label("Number").fill("")
    expect(page.locator("#write-wrong")).to_be_hidden()


def test_a_problem_shows_at_its_field_and_goes_when_it_is_mended(page: Page, served: Served) -> None:
    begin(page, served, "2024-11-02")
    notes = page.get_by_label("Notes")
    notes.fill(BROKEN)
    wrong = page.locator("#write-notes-wrong")
    expect(wrong).to_contain_text("P035 [[nobody2020nothing]] leads nowhere")
    expect(notes).to_have_attribute("aria-invalid", "true")
    assert "write-notes-wrong" in (notes.get_attribute("aria-describedby") or "")
    expect(page.locator("#write-status")).to_contain_text("One thing")
    notes.fill("See [[vaswani2017attention]].")
    expect(wrong).to_be_empty()
    assert notes.get_attribute("aria-invalid") is None

    page.get_by_role("button", name="Add a link").click()
    page.keyboard.type("A talk")
    page.wait_for_timeout(700)
    address = page.locator("[data-rows=links] [name=url]")
    assert address.get_attribute("aria-invalid") is None  # nobody has been there yet
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#write-status")).to_contain_text("Not saved: one thing is to be mended.")
    expect(address).to_be_focused()
    described = page.locator(f"#{address.get_attribute('aria-describedby')}")
    expect(described).to_contain_text("P011 key 'url' is missing")
    page.get_by_role("button", name="Remove this link").click()
    expect(page.get_by_role("button", name="Add a link")).to_be_focused()
    assert not (served.root / "journal/2024/2024-11-02.yml").exists()
    page.get_by_label("Notes").press("Control+Enter")
    page.keyboard.press("Control+Enter")  # by a slip: what is saved stays said
    expect(page.locator("#write-status")).to_contain_text("Saved")


def test_a_day_that_is_there_is_added_to(page: Page, served: Served) -> None:
    page.goto(served.address + "journal/2024-10-21/")
    with page.expect_response("**/write/look"):
        page.get_by_role("link", name="Add to this day").click()
    assert page.locator("#write-date").input_value() == "2024-10-21"
    expect(page.locator("#write-date-help")).to_contain_text("The library begins")
    expect(page.get_by_label("Title").first).not_to_be_editable()
    expect(page.get_by_label("Read papers")).to_be_disabled()
    expect(page.get_by_label("Read papers")).to_be_checked()
    page.get_by_label("Notes").fill("And something more.")
    page.get_by_label("Minutes").first.fill("12")
    expect(page.locator("#write-preview")).to_contain_text("42 min")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#write-status")).to_contain_text("journal/2024/2024-10-21.yml is extended")
    day = load(served.root).by_name["2024-10-21"].day
    assert (day.minutes, (day.notes or "").endswith("\n\nAnd something more.\n")) == (42, True)
    page.locator("#write-date").fill("2024-11-03")
    expect(page.locator("#write-date-help")).to_contain_text("A new day.")
    expect(page.get_by_label("Title").first).to_be_editable()
    expect(page.get_by_label("Read papers")).not_to_be_checked()


def test_what_is_typed_outlives_the_page_and_the_server(wide_page: Page, tmp_path: Path) -> None:
    root, port = write_example(tmp_path / "library"), free_port()
    page = wide_page
    with serving_the_form(root, port):
        with page.expect_response("**/write/look"):
            page.goto(f"http://127.0.0.1:{port}/write/?date=2024-11-04")
        page.get_by_label("Notes").fill("Before the server went.")
        page.get_by_role("button", name="Add a link").click()
        page.keyboard.type("A talk")
        page.locator("[data-words=goals]").get_by_label("Build").check()
        expect(page.locator("#write-preview")).to_contain_text("Before the server went.")

    page.get_by_label("Notes").fill("After the server went.")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server does not answer. Your text is kept in this browser")
    page.get_by_role("button", name="Save").click()
    expect(alert).to_contain_text("Whether it was saved before the server went is not known")
    expect(page.get_by_label("Notes")).to_have_value("After the server went.")

    with serving_the_form(root, port):  # with another token, which the page takes by itself
        expect(alert).to_be_hidden()
        expect(page.locator("#write-preview")).to_contain_text("After the server went.")
        page.reload()
        expect(page.locator("#write-back")).to_contain_text("did not save is back")
        assert page.locator("#write-date").input_value() == "2024-11-04"
        assert page.get_by_label("Notes").input_value() == "After the server went."
        assert page.locator("[data-rows=links] [name=title]").input_value() == "A talk"
        assert page.get_by_label("Build").is_checked()
        page.locator("[data-rows=links] [name=url]").fill("https://example.org")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#write-status")).to_contain_text("Saved")
        assert load(root).by_name["2024-11-04"].day.notes == "After the server went.\n"
        page.reload()
        expect(page.locator("#write-date-help")).not_to_be_empty()
        expect(page.locator("#write-back")).to_be_hidden()
        assert page.get_by_label("Notes").input_value() == ""

    other = write_example(tmp_path / "other")
    page.get_by_label("Notes").fill("For the first library.")
    with serving_the_form(other, port):
        page.get_by_label("Title").first.fill("Not for the other one")
        expect(alert).to_contain_text("Another library is served at this address now.")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#write-status")).to_contain_text("Not saved")
        assert "2024-11-04" not in load(other).by_name


@contextmanager
def serving_the_form(root: Path, port: int) -> Iterator[None]:
    """Serve the form without a site around it: as where the theme has no frame for it."""
    library = load(root)
    tree = source_tree(library)
    shown = Shown(site_of(library, ledger(library, tree), tree), ["tables", "threepass.markdown.math"])
    desk = Desk(root, port=port, shown=lambda: shown, saved=lambda: server.build_anew())
    server = Server(desk=desk, builder=lambda: None, host="127.0.0.1", port=port, root=str(root / "docs"))
    thread = Thread(target=server.serve)
    thread.start()
    try:
        while thread.is_alive() and not answers(port):
            pass
        yield
    finally:
        server.shutdown()
        thread.join()


def test_a_draft_can_be_discarded(page: Page, served: Served) -> None:
    begin(page, served, "2024-11-05")
    page.get_by_label("Notes").fill("Not meant.")
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    assert page.get_by_label("Notes").input_value() == ""
    page.reload()
    expect(page.locator("#write-date-help")).not_to_be_empty()
    expect(page.locator("#write-back")).to_be_hidden()


def test_nothing_that_is_typed_runs(wide_page: Page, served: Served) -> None:
    page = wide_page
    begin(page, served, "2024-11-06")
    found = page.evaluate(
        """async (payloads) => {
          window.heard = 0;
          window.ran = () => { window.heard += 1; };
          const form = document.getElementById("write");
          const shown = document.getElementById("write-preview");
          const headers = { "Content-Type": "application/json", "X-Threepass-Token": form.dataset.token };
          const wrong = [];
          for (const text of payloads) {
            const body = JSON.stringify({ date: "2024-11-06", title: text, notes: `Words ${text}\\n\\n${text}`,
              links: [{ title: text, url: "https://example.org" }] });
            const answer = await (await fetch("/write/look", { method: "POST", headers, body })).json();
            if (!answer.preview) { wrong.push(`not shown: ${text}`); continue; }
            shown.innerHTML = answer.preview;
            for (const element of shown.querySelectorAll("*")) {
              if (/^(SCRIPT|IFRAME|OBJECT|EMBED|FORM|BASE|META|LINK|STYLE)$/.test(element.tagName)) wrong.push(text);
              for (const { name, value } of element.attributes) {
                if (name.startsWith("on") || /^\\s*(javascript|vbscript|data):/i.test(value)) wrong.push(text);
              }
            }
          }
          await new Promise((resolve) => setTimeout(resolve, 300));
          return [...wrong, ...(window.heard ? [`${window.heard} ran`] : [])];
        }""",
        list(PAYLOADS),
    )
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_form_is_accessible_and_fits(opened: Opened, served: Served, width: int, scheme: str) -> None:
    page = opened(width=width, color_scheme=scheme)
    asked: list[str] = []

    def hear(request: Request) -> None:
        asked.append(request.url)

    page.on("request", hear)
    begin(page, served, "2024-11-21")
    page.locator("summary", has_text="Contributions").click()
    for name in ("reading", "link", "contribution", "figure", "post"):
        page.get_by_role("button", name=f"Add a {name}").click()
        page.keyboard.type("x")
    page.get_by_label("Notes").fill(f"{BROKEN}\n\n$$\\frac{{1}}{{2}}$$\n\n```python\nprint(1)\n```\n")
    expect(page.locator("#write-notes-wrong")).not_to_be_empty()
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    unlabelled = page.evaluate(
        "[...document.querySelectorAll('#write input, #write select, #write textarea')]"
        ".filter((field) => !field.labels.length).map((field) => field.outerHTML)"
    )
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    page.remove_listener("request", hear)
    serious = [
        f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in ("serious", "critical")
    ]
    assert serious == []
    assert unlabelled == []
    assert overflow == 0
    assert asked
    assert [url for url in asked if not url.startswith((served.address, "data:", "blob:"))] == []


def test_without_scripts_the_form_says_what_to_do(opened: Opened, served: Served) -> None:
    page = opened(java_script_enabled=False)
    page.goto(served.address + "write/")
    assert "threepass today" in page.locator("article").inner_text()
    assert page.locator("#write").is_hidden()
