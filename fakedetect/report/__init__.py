"""The report: one self-contained HTML text. It loads nothing and sends nothing; the two scripts that run in it are ours
and are named by their hashes.

`fakedetect.report.explain` is the same evidence on one account, for the terminal.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files

import pyarrow.compute as pc
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fakedetect.features.feature import Feature
from fakedetect.report import wording as w
from fakedetect.report.plain import isolated, visible
from fakedetect.report.sections import shown
from fakedetect.report.view import View
from fakedetect.schema import Audit
from fakedetect.words import Lang, Text

SCRIPTS = (("echarts", "echarts.min.js"), ("report.js",))


def render(
    audit: Audit,
    *,
    lang: Lang,
    names: bool = False,
    features: Mapping[str, Feature],
    refusal_words: Mapping[str, tuple[Text, Text]],
    test_labels: Mapping[str, Text],
) -> str:
    """The report as one HTML text: the same audit gives the same bytes.

    names: show the accounts' names beside their labels. features: the registry by name, for the reasons.
    refusal_words: code of a refusal -> (reason, what would restore the test). test_labels: test -> its name.
    A code, test or feature without words is shown as it is recorded.
    """
    view = View(audit, lang, names, features, refusal_words, test_labels)
    here = files("fakedetect.report")
    style = here.joinpath("style.css").read_text("utf-8")
    template = environment("fakedetect.report").get_template("template.html")
    scripts = [here.joinpath(*place).read_text("utf-8") for place in SCRIPTS]
    # Style and scripts are allowed by their hashes: no other can come in with a name or a text. ECharts sets style
    # attributes on what it draws; markup that could bring in others is escaped.
    return template.render(
        lang=lang,
        title=_title(view),
        lead=[view.say(w.INDICATIVE), _span(view)],
        contents=view.line(w.CONTENTS),
        sections=[section(view) for section in shown(view)],
        unseen=view.line(w.UNSEEN),
        footer=view.line(w.FOOTER),
        style=Markup(style),
        style_hash=_digest(style),
        scripts=[Markup(script) for script in scripts],
        script_hashes=Markup(" ".join(f"'sha256-{_digest(script)}'" for script in scripts)),
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def environment(*packages: str) -> Environment:
    """Templates of these packages (those in their folder `.`), with everything escaped that is not Markup."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(name, ".") for name in packages]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )


def _title(view: View) -> Markup:
    if len(view.page_ids) == 1:
        where = view.say(w.ONE_PAGE, page=isolated(view.page_ids[0], 60))
    else:
        where = view.say(w.MANY_PAGES, n=view.number(len(view.page_ids)))
    return view.say(w.TITLE, page=where)


def _span(view: View) -> Markup:
    times = pc.min_max(view.audit.comments["comment_time"]).as_py()
    if times["min"] is None:
        return Markup("")
    return view.say(
        w.SPAN, first=view.day(times["min"]), last=view.day(times["max"]), zone=visible(view.zone.key)
    )
