"""The review page in a real browser: two people, keyboard, phone, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import make_case
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from fakedetect import compare, output
from fakedetect.decisions import Decisions, beside, fingerprint
from fakedetect.review_app.case import Case

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.open(make_case.folder(tmp_path / "audit"), names=True)


class Watched:
    """A person's own window; what it asks of other hosts and what it complains of is kept."""

    def __init__(self, browser: Browser, link: str, **context: object) -> None:
        self.page: Page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
        self.link, self.elsewhere, self.complaints = link, [], []
        self.page.on("request", lambda r: self.elsewhere.append(r.url) if urlsplit(r.url).netloc != urlsplit(
            link).netloc and not r.url.startswith("data:") else None)
        self.page.on("console", lambda m: self.complaints.append(m.text))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("dialog", lambda d: (self.complaints.append(d.message), d.dismiss()))

    def go(self, path: str = "") -> Page:
        self.page.goto(self.link + path)
        return self.page

    def enter(self, form: str, value: str | None, why: str) -> None:
        if value is not None:
            self.page.locator(f"#{form}-{value}").check()
        self.page.locator(f"#{form}-why").fill(why)
        self.page.locator("form", has=self.page.locator(f"#{form}-why")).get_by_role("button").click()

    def calm(self, but: str = "\0") -> None:
        """Nothing was asked for elsewhere, and the console had nothing to say except what holds `but`."""
        assert self.elsewhere == [] and [c for c in self.complaints if but not in c] == []


def test_a_case_from_the_first_look_to_the_next_audit(browser: Browser, case: Case, tmp_path: Path) -> None:
    with make_case.served(case) as links:
        anna, ben = Watched(browser, links["Anna"]), Watched(browser, links["Ben"].replace("/en/", "/fr/"))
        anna.go().get_by_role("link", name="S00").click()
        anna.page.get_by_text("Its comments").click()
        assert anna.page.locator(".quote").first.is_visible()
        ben.go("account/S00")
        anna.enter("decide", "confirmed", "same seconds")
        assert anna.page.get_by_role("status").inner_text() == "Entered."
        # Ben had opened the page before: he is told, keeps what he typed, and enters it all the same.
        ben.enter("decide", "unsure", "à entendre")
        assert "same seconds" in ben.page.get_by_role("alert").inner_text()
        assert ben.page.locator("#decide-why").input_value() == "à entendre"
        assert ben.page.locator("#decide-unsure").is_checked()
        ben.enter("signoff", "agree", "")
        assert "confirmé, par Anna ; validé par Ben" in ben.page.locator("#stands + p").inner_text().replace(
            "\u202f", " ")
        ben.page.get_by_text("Inscrire une objection du compte").click()
        ben.enter("object", None, "<img src=x onerror=alert(1)> nous sommes un club")
        anna.go("?show=contested").get_by_role("link", name="S00").click()
        answer = anna.page.locator("section", has=anna.page.get_by_role("heading", name="Answer the objection"))
        assert "<img src=x onerror=alert(1)> nous sommes un club" in answer.inner_text()
        answer.get_by_label("Upheld").check()
        answer.get_by_label("Reason").fill("they showed us their club")
        answer.get_by_role("button").click()
        anna.enter("decide", "cleared", "a club")
        anna.go("group/g1").get_by_label("Also for the").check()
        anna.enter("decide", "unsure", "until all are heard")
        anna.go("export")
        with anna.page.expect_download() as download:
            anna.page.get_by_role("link", name="known-innocent.csv").click()
        assert Path(download.value.path()).read_text("utf-8") == "author_id\nid0\n"
        anna.go("history")
        assert anna.page.locator("ol.entries > li").count() == 14
        anna.calm()
        # The refusal above is told by the console at a time of its own.
        ben.calm("409 (CONFLICT)")
    new = make_case.folder(tmp_path / "new", case.audit)
    after = Decisions(beside(new), fingerprint(new))
    found = compare.compare(case.audit, output.read(new), case.decisions.standings(), after.standings())
    compare.carry(found, after, "Anna", "audit")
    with make_case.served(Case.open(new)) as links:
        again = Watched(browser, links["Ben"])
        stands = again.go("account/S00").locator("#stands + p").inner_text()
        assert stands == "cleared, by Anna (carried over from audit)"
        again.enter("signoff", "agree", "seen it, too")
        assert after.of("account", "id0").state == "signed"
        again.calm()


def test_by_keyboard_alone(browser: Browser, case: Case) -> None:
    with make_case.served(case) as links:
        anna = Watched(browser, links["Anna"])
        page = anna.go("account/S01")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the content"
        page.keyboard.press("Enter")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "decide-confirmed":
                break
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("by hand")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**entered=1*")
        now = case.decisions.of("account", "id1")
        assert (now.holds, now.decision and now.decision.why) == ("cleared", "by hand")
        anna.calm()


@pytest.mark.parametrize("path", ["", "account/S00", "group/g1", "history", "export"])
def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, case: Case, path: str) -> None:
    with make_case.served(case) as links:
        phone = Watched(browser, links["Anna"], viewport={"width": 360, "height": 740}, is_mobile=True)
        assert phone.go(path).evaluate("document.documentElement.scrollWidth") <= 360
        phone.calm()


def test_the_browser_runs_no_script_of_a_page(browser: Browser, case: Case) -> None:
    """Even if markup came through, the policy would stop it: a script put into the page by hand does not run."""
    with make_case.served(case) as links:
        page = Watched(browser, links["Anna"]).go("account/S00")
        page.evaluate("""() => {
            const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s);
            const i = document.createElement('img'); i.src = 'http://evil.example/x.png'; document.body.append(i);
        }""")
        assert page.evaluate("window.ran") is None


def test_a_page_of_strangers_gets_nothing(browser: Browser, case: Case, tmp_path: Path) -> None:
    """A page elsewhere that even knows the address can neither frame it, nor read it, nor send it a form."""
    with make_case.served(case) as links:
        link = links["Anna"] + "account/S00"
        bait = tmp_path / "bait.html"
        bait.write_text(f"""<iframe src="{link}"></iframe><form id=f method=post action="{link}">
            <input name=action value=decide><input name=value value=cleared><input name=why value=x></form>""", "utf-8")
        page = browser.new_context().new_page()
        page.goto(bait.as_uri())
        read = page.evaluate("u => fetch(u).then(r => r.text(), () => 'refused')", link)
        assert read == "refused"
        framed = page.frames[1]
        assert "Where it stands" not in framed.content()
        with page.expect_response(link) as answer:
            page.evaluate("document.getElementById('f').submit()")
        assert answer.value.status == 403
        assert case.decisions.entries() == []


def test_a_blind_trial_of_two(browser: Browser, case: Case) -> None:
    with make_case.served(case, blind=3) as links:
        for name in ("Anna", "Ben"):
            seat = Watched(browser, links[name])
            page = seat.go()
            assert page.url.endswith("/blind")
            page.get_by_role("link", name="Account 1", exact=True).click()
            for _ in range(6):
                near = page.locator("tbody tr").count() >= 5
                page.get_by_label("Confirmed" if near else "Cleared").check()
                page.get_by_role("button", name="Enter").click()
            page.get_by_role("link", name="Result").click()
            seat.calm()
        rows = page.locator("table").first.locator("tbody tr").all_inner_texts()
        assert [row.split("\t")[:4] for row in rows if "Anna and Ben" in row] == [["Anna and Ben", "6", "100%", "1"]]
        assert len(rows) == 3
