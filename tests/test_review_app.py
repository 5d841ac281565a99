"""The review page over HTTP, on the real server: who is let in, what is entered, and that hostile words stay inert."""

from __future__ import annotations

import csv
import io
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import make_case
import pytest
from audits import ROOT, hold, run
from make_audit import HOSTILE, make_audit
from make_case import ask
from rendered import Page

from fakedetect import output
from fakedetect.decisions import Note, Overtaken, beside
from fakedetect.errors import UsageError
from fakedetect.evaluate import own_labels
from fakedetect.report import reasons
from fakedetect.report.plain import visible
from fakedetect.review_app.case import Case
from fakedetect.words import LANGS

Links = dict[str, str]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.open(make_case.folder(tmp_path / "audit"), names=True)


@pytest.fixture
def links(case: Case) -> Iterator[Links]:
    with make_case.served(case) as running:
        yield running


def form(link: str, **fields: str) -> dict[str, str]:
    """The fields of a page's form, with what its hidden ones hold there."""
    hidden = dict(re.findall(r'<input type="hidden" name="(csrf|seen)" value="([^"]*)">', ask(link).text))
    return hidden | fields


def decide(link: str, value: str = "confirmed", why: str = "because", **fields: str) -> dict[str, str]:
    return form(link, action="decide", value=value, why=why, **fields)


# --- who is let in

OUTSIDE = {
    "no token": (lambda link: re.sub(r"/[^/]{20,}/", "/", link), {}, 404),
    "a wrong token": (lambda link: re.sub(r"/[^/]{20,}/", f"/{'x' * 32}/", link), {}, 404),
    "a token cut short": (lambda link: re.sub(r"/([^/]{20,})./", r"/\1/", link), {}, 404),
    "the token as a parameter": (lambda link: re.sub(r"/([^/]{20,})/en/", r"/?token=\1", link), {}, 404),
    "no page of that name": (lambda link: link + "etc/passwd", {}, 404),
    "a path that climbs": (lambda link: link + "account/..%2f..%2fetc", {}, 404),
    "no such account": (lambda link: link + "account/S77", {}, 404),
    "no such group": (lambda link: link + "group/g77", {}, 404),
    "another language": (lambda link: link.replace("/en/", "/de/"), {}, 404),
    "no blind trial here": (lambda link: link + "blind", {}, 404),
    "another host name": (lambda link: link, {"Host": "evil.example"}, 421),
    "another host name on this port": (lambda link: link, {"Host": "evil.example:{port}"}, 421),
    "another port": (lambda link: link, {"Host": "127.0.0.1:1"}, 421),
    "no host": (lambda link: link, {"Host": " "}, 421),
}


@pytest.mark.parametrize(("turned", "headers", "code"), OUTSIDE.values(), ids=OUTSIDE)
def test_who_is_not_let_in(links: Links, turned: object, headers: dict[str, str], code: int) -> None:
    link = links["Anna"]
    assert ask(link).code == 200
    port = link.split(":")[2].split("/")[0]
    answer = ask(turned(link), **{k: v.format(port=port) for k, v in headers.items()})  # type: ignore[operator]
    assert answer.code == code
    assert "<" not in answer.text and "S00" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


FORGED = {
    "no csrf token": ({"csrf": ""}, {}, 403),
    "a wrong csrf token": ({"csrf": "0" * 64}, {}, 403),
    "another's csrf token": ({"csrf": "other"}, {}, 403),
    "another origin": ({}, {"Origin": "http://evil.example"}, 403),
    "an opaque origin": ({}, {"Origin": "null"}, 403),
    "no origin": ({}, {"Origin": ""}, 403),
    "told by the browser": ({}, {"Sec_Fetch_Site": "cross-site"}, 403),
    "another host": ({}, {"Host": "evil.example"}, 421),
    "no form": ({}, {"Content_Type": "text/plain"}, 415),
    "files": ({}, {"Content_Type": "multipart/form-data; boundary=x"}, 415),
    "too long": ({"why": "x" * 70_000}, {}, 413),
}


@pytest.mark.parametrize(("fields", "headers", "code"), FORGED.values(), ids=FORGED)
def test_no_other_page_can_enter_anything(case: Case, links: Links, fields: dict[str, str], headers: dict[str, str],
                                          code: int) -> None:
    link = links["Anna"] + "account/S00"
    if fields.get("csrf") == "other":
        fields = {"csrf": form(links["Ben"] + "account/S00")["csrf"]}
    assert ask(link, decide(link) | fields, **headers).code == code
    assert case.decisions.entries() == []
    assert ask(link, decide(link)).code == 303
    assert len(case.decisions.entries()) == 1


def test_it_listens_on_loopback_alone(links: Links) -> None:
    port = int(links["Anna"].split(":")[2].split("/")[0])
    with socket.socket() as other, socket.create_connection(("127.0.0.1", port)):
        other.settimeout(5)
        with pytest.raises(OSError, match=r"refused|unreachable|timed out"):
            other.connect(("127.0.0.2", port))


def test_every_answer_forbids_scripts_frames_and_other_sites(links: Links) -> None:
    for path in ("", "account/S00", "group/g1", "history", "export", "labels.csv", "../style.css", "nowhere"):
        headers = ask(links["Anna"] + path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
        assert headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
        assert not [h for h in headers if h.lower().startswith("access-control") or h.lower() == "set-cookie"]
        assert "Werkzeug" not in headers["Server"]
    assert ask(links["Anna"], Origin="http://evil.example").headers.get("Access-Control-Allow-Origin") is None


def test_each_start_has_tokens_of_its_own(case: Case) -> None:
    seen = set()
    for _ in range(2):
        with make_case.served(case) as running:
            seen |= {link.split("/")[3] for link in running.values()}
    assert len(seen) == 4
    assert all(len(token) >= 32 for token in seen)


def test_a_taken_port_is_told(case: Case) -> None:
    with make_case.served(case) as running, pytest.raises(UsageError, match="cannot be used"), make_case.served(
        case, port=int(running["Anna"].split(":")[2].split("/")[0])
    ):
        raise AssertionError("two servers on one port")


# --- what is shown

@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", ["", "?show=open&page=3", "?show=<b>&page=x", "account/S00", "account/R10",
                                  "account/A30", "group/g1", "history", "export"])
def test_pages_are_whole_and_hostile_words_inert(case: Case, links: Links, path: str, lang: str) -> None:
    """Names, texts and reasons of strangers become neither tags nor attributes, in either language."""
    for k, why in enumerate(HOSTILE):
        note = Note("decision", "account", f"id{k % 9}", "confirmed", why)
        assert not isinstance(case.decisions.write(f"Anna {HOSTILE[k % 3]}", [note]), Overtaken)
    case.decisions.write("Ben", [Note("objection", "account", "id0", why="\n".join(HOSTILE)[:4000])])
    answer = ask(links["Anna"].replace("/en/", f"/{lang}/") + path)
    assert answer.code == 200
    page = Page(answer.text)
    assert page.open == []
    assert page.tags <= {
        "html", "head", "meta", "title", "link", "body", "a", "header", "p", "h1", "h2", "h3", "h4", "h5", "bdi", "nav",
        "ul", "li", "main", "footer", "section", "form", "label", "input", "button", "span", "ol", "blockquote", "br",
        "details", "summary", "article", "strong", "div", "fieldset", "legend", "textarea", "dl", "dt", "dd", "code",
        "table", "caption", "thead", "tbody", "tr", "th", "td", "desc", "g", "path", "rect"}
    assert [a for a in page.attributes if a[1].startswith("on") or a[1] in ("style", "src")] == []
    goes = [v for _, n, v in page.attributes if n in ("href", "action")]
    assert [v for v in goes if not v.startswith(("/", "#", "data:,"))] == []
    assert "\u202e" not in answer.text and "\x1b" not in answer.text
    assert f'<html lang="{lang}">' in answer.text
    assert page.headings[0] == 1 and all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))


def test_every_field_has_a_label(links: Links) -> None:
    for path in ("", "account/S00", "group/g1"):
        page = Page(ask(links["Anna"] + path).text)
        ids = [v for t, n, v in page.attributes if n == "id"]
        assert len(ids) == len(set(ids))
        shown = [m[1] for m in re.finditer(r'<(?:input type="(?:radio|checkbox)"|textarea|input)[^>]*? id="([^"]+)"',
                                           ask(links["Anna"] + path).text)]
        labelled = {v for t, n, v in page.attributes if t == "label" and n == "for"}
        assert shown and set(shown) <= labelled


def test_the_evidence_is_the_reports(case: Case, links: Links) -> None:
    text = ask(links["Anna"] + "account/S00").text
    words = Page(text).words
    view = case.views["en"]
    told = reasons.sentences(view, view.account("id0"), "reasons")
    assert len(told) == 3
    assert "Suspect" in "".join(words) and set(told) <= set(words)
    assert any(visible(HOSTILE[0]) in word for word in words)
    assert "Declared" in ask(links["Anna"] + "account/D119").text


@pytest.mark.parametrize(("asked", "goes"), [("S03", "S03"), ("id3", "S03"), ("s03", "S03"),
                                             ("Camille Martin 77", "A77")])
def test_an_account_is_found_by_label_id_or_name(links: Links, asked: str, goes: str) -> None:
    answer = ask(links["Anna"] + "find?q=" + asked.replace(" ", "+"))
    assert (answer.code, answer.headers["Location"].rpartition("/")[2]) == (303, goes)


@pytest.mark.parametrize("asked", ["", "nobody", "%3Cscript%3Ealert(2)%3C/script%3E"])
def test_who_is_not_there_is_not_found(links: Links, asked: str) -> None:
    answer = ask(links["Anna"] + "find?q=" + asked)
    assert answer.code == 404
    assert "No account is called so here." in answer.text and "<script" not in answer.text


# --- what is entered

def test_a_decision_a_sign_off_an_objection_and_its_answer(case: Case, links: Links) -> None:
    anna, ben = (links[n] + "account/S00" for n in ("Anna", "Ben"))
    assert ask(anna, decide(anna, why="same seconds\nsee posts 3 to 9")).code == 303
    assert "A second person has to sign this off" in ask(anna).text
    assert ask(anna, form(anna, action="signoff", value="agree", about="1")).code == 409
    assert ask(ben, form(ben, action="signoff", value="agree", about="1")).code == 303
    assert case.decisions.of("account", "id0").state == "signed"
    assert ask(ben, form(ben, action="object", value="", why="we are a fan club")).code == 303
    assert case.decisions.of("account", "id0").state == "objection"
    assert ask(anna, form(anna, action="answer", value="upheld", about="3", why="they are")).code == 303
    assert "an objection was upheld: decide anew" in ask(anna).text
    assert ask(anna, decide(anna, "cleared", "fan club, seen their site")).code == 303
    assert [(e.what, e.who, e.value) for e in case.decisions.entries()] == [
        ("decision", "Anna", "confirmed"), ("signoff", "Ben", "agree"), ("objection", "Ben", ""),
        ("answer", "Anna", "upheld"), ("decision", "Anna", "cleared")]
    assert "same seconds<" in ask(links["Anna"] + "history").text.replace("</bdi>", "<")


WRONG = {
    "no answer chosen": ({"value": ""}, "Choose one of the answers."),
    "no such answer": ({"value": "guilty"}, "Choose one of the answers."),
    "no such form": ({"action": "erase"}, "Choose one of the answers."),
    "no reason": ({"why": " \n "}, "Say why"),
    "too long a reason": ({"why": "x" * 4001}, "At most 4,000 characters."),
}


@pytest.mark.parametrize(("fields", "says"), WRONG.values(), ids=WRONG)
def test_what_is_incomplete_is_told_and_kept(case: Case, links: Links, fields: dict[str, str], says: str) -> None:
    link = links["Anna"] + "account/S00"
    answer = ask(link, decide(link, why="what I typed") | fields)
    assert answer.code == 400
    assert says in answer.text
    if "why" not in fields and "action" not in fields:
        assert "what I typed</textarea>" in answer.text
    assert case.decisions.entries() == []


@pytest.mark.parametrize("path", ["account/S00", "group/g1"])
def test_of_two_at_once_the_second_is_told_and_loses_nothing(case: Case, links: Links, path: str) -> None:
    anna, ben = links["Anna"] + path, links["Ben"].replace("/en/", "/fr/") + path
    both = decide(anna, why="ring"), decide(ben, "cleared", "un club")
    assert ask(anna, both[0]).code == 303
    answer = ask(ben, both[1])
    assert answer.code == 409
    assert "Quelqu'un d'autre" in answer.text.replace("&#39;", "'")
    assert "ring" in answer.text and "un club</textarea>" in answer.text
    assert 'value="cleared" required checked' in answer.text
    assert len(case.decisions.entries()) == 1
    again = dict(re.findall(r'name="(csrf|seen)" value="([^"]*)"', answer.text)) | {
        "action": "decide", "value": "cleared", "why": "un club"}
    assert ask(ben, again).code == 303
    assert [e.who for e in case.decisions.entries()] == ["Anna", "Ben"]


def test_a_form_sent_twice_is_entered_once(case: Case, links: Links) -> None:
    link = links["Anna"] + "account/S00"
    sent = decide(link, why="same seconds\r\nand words")
    assert [ask(link, sent).code, ask(link, sent).code] == [303, 303]
    assert len(case.decisions.entries()) == 1
    assert ask(link, sent | {"value": "unsure"}).code == 409


def test_a_group_with_its_undecided_accounts(case: Case, links: Links) -> None:
    one, group = links["Ben"] + "account/S02", links["Anna"] + "group/g1"
    ask(one, decide(one, "cleared", "my neighbour"))
    assert "Also for the 8\N{NO-BREAK SPACE}accounts" in ask(group).text
    assert ask(group, decide(group, "confirmed", "one hand", members="1")).code == 303
    now = case.decisions.standings()
    assert now["group", "g1"].holds == "confirmed"
    assert {now["account", f"id{k}"].holds for k in range(9) if k != 2} == {"confirmed"}
    assert now["account", "id2"].holds == "cleared"
    assert now["account", "id0"].decision is not None
    assert now["account", "id0"].decision.why == "With group g1: one hand"


# --- what goes out

def test_exports_go_into_training_and_into_the_next_audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ids that a spreadsheet would run are made harmless, and come back as they were."""
    ids = {"id0": "=HYPERLINK(1)", "id1": "-7", "id2": "@anna", "id3": "+33", "id4": "plain, with comma"}
    folder = make_case.folder(tmp_path / "audit", make_case.renamed(make_audit(n_accounts=60, n_posts=20), ids))
    case = Case.open(folder)
    for author, value in (("=HYPERLINK(1)", "confirmed"), ("-7", "cleared"), ("@anna", "cleared"), ("+33", "unsure"),
                          ("plain, with comma", "cleared")):
        case.decisions.write("Anna", [Note("decision", "account", author, value, '=cmd|"/c calc"!A1\nwhy')])
    case.decisions.write("Ben", [Note("signoff", "account", "-7", "agree", about=2)])
    case.decisions.write("Ben", [Note("signoff", "account", "@anna", "disagree", "no", about=3)])
    with make_case.served(case) as running:
        text = ask(running["Anna"] + "labels.csv").text
        innocent = ask(running["Anna"] + "known-innocent.csv").text
    cells = [c for row in csv.reader(io.StringIO(text)) for c in row]
    assert len(cells) == 6 * 9
    assert [c for c in cells + innocent.splitlines() if c.startswith(output.FORMULA)] == []
    labels = tmp_path / "labels.csv"
    run("decisions", folder, "--labels", labels, "--known-innocent", tmp_path / "innocent.csv", "--lang", "fr")
    assert labels.read_text("utf-8") == text.replace("\r\n", "\n")
    assert "Anna" in capsys.readouterr().out
    found = own_labels.read(labels)
    assert {(x.key, x.suspect, x.campaign) for x in found.labels} == {
        ("=HYPERLINK(1)", True, "g1"), ("-7", False, "g1"), ("plain, with comma", False, "g1")}
    assert found.n_unsure == 2  # one unsure, one contested
    from fakedetect.cli_options import judging

    given = dict.fromkeys(("fdr", "page_alpha", "base_rate", "model", "engine", "memory", "seed"))
    assert judging(given | {"known_innocent": tmp_path / "innocent.csv"}).known_innocent == ("-7", "plain, with comma")
    run("decisions", folder, "--labels", labels, "--signed-only", "--json")
    assert {(x.key, x.suspect) for x in own_labels.read(labels).labels} == {("-7", False)}


def test_the_audit_itself_stays_as_it_was(case: Case, links: Links) -> None:
    before = {p.name: p.read_bytes() for p in case.folder.iterdir()}
    link = links["Anna"] + "group/g1"
    assert ask(link, decide(link, members="1")).code == 303
    assert {p.name: p.read_bytes() for p in case.folder.iterdir()} == before
    assert beside(case.folder) == case.folder.with_name("audit.review.sqlite")
    assert output.read(case.folder).summary == case.audit.summary


@pytest.mark.parametrize("command", ["review", "decisions"])
def test_a_file_that_is_no_review_file_is_refused_and_kept(case: Case, command: str,
                                                           capsys: pytest.CaptureFixture[str]) -> None:
    path = beside(case.folder)
    path.write_text("not a database, whatever its name says " * 50, "utf-8")
    before = path.read_bytes()
    run(command, case.folder, expect=3)
    told = capsys.readouterr().err
    assert "the review file cannot be used" in told
    assert path.name in told
    assert "Traceback" not in told
    assert path.read_bytes() == before


@pytest.mark.parametrize("words", [("--reviewer", "Anna", "--reviewer", " anna"), ("--reviewer", " ")])
def test_reviewers_have_names_of_their_own(case: Case, words: tuple[str, ...],
                                           capsys: pytest.CaptureFixture[str]) -> None:
    run("review", case.folder, *words, expect=2)
    told = capsys.readouterr()
    assert "each reviewer needs a name of their own" in told.err
    # No link was handed out, and nothing written.
    assert "http" not in told.out + told.err
    assert not beside(case.folder).exists()


def test_the_command_serves_until_it_is_stopped(case: Case) -> None:
    """As typed by a person: it prints a link for each reviewer, answers, and ends with Ctrl+C."""
    command = [sys.executable, "-m", "fakedetect.cli", "review", str(case.folder), "--lang", "fr"]
    command += ["--reviewer", "Anna", "--reviewer", "Ben"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdout is not None and running.stderr is not None
        try:
            said: list[str] = []
            while len(said) < 5 and (line := running.stdout.readline()):
                said.append(line.rstrip())
            links = dict(re.findall(r"(Anna|Ben) ?: (http://127\.0\.0\.1:\d+/\S+/fr/)", "\n".join(said)))
            assert sorted(links) == ["Anna", "Ben"] and "Vous décidez en tant que Ben" in ask(links["Ben"]).text
            running.send_signal(signal.SIGINT)
            _, complaints = running.communicate(timeout=60)
            assert (running.returncode, complaints) == (0, "")
        finally:
            running.kill()  # otherwise what fails above would wait for it for ever
    assert max(len(line) for line in said if "http" not in line) <= 80


def test_a_reviewed_audit_holds_the_contract(sample_audit: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sample_audit, tmp_path / "audit"))
    case = Case.open(folder)
    with make_case.served(case) as links:
        link = links["Anna"] + f"group/{case.groups[0]['group_id']}"
        assert ask(link, decide(link, members="1")).code == 303
        assert ask(links["Anna"] + "account/S01").code == 200
    assert beside(folder).is_file()
    hold(folder)


def test_one_person_is_erased_by_the_command(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    case.decisions.write("Anna", [Note("decision", "account", "id0", "confirmed", "Jean himself"),
                                  Note("decision", "account", "id1", "confirmed", "kept")])
    run("decisions", case.folder, "--erase", "S00", "--reviewer", "Cleo")
    assert "1 blanked and 0 rid" in capsys.readouterr().err
    assert [(e.what, e.why) for e in case.decisions.entries()] == [("erased", ""), ("decision", "kept"),
                                                                  ("erasure", "erased on request")]
    with make_case.served(case) as links:
        assert "Cleo had the entries on one person erased" in "".join(Page(ask(links["Anna"] + "history").text).words)
    run("decisions", case.folder, "--erase", "nobody at all", expect=3)
