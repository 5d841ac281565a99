"""Several brands in one run: whose dump is whose, so that every page belongs to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from fakedetect.errors import UsageError
from fakedetect.schema import Brand, Raw

ONE_EACH = "name each brand's dumps once; what several brands share belongs in --declared, --posts or --accounts"


def check(brands: Sequence[Brand], raws: Sequence[Raw]) -> None:
    """Raise UsageError where one file of comments is given for two brands. brands: that of each dump, in order."""
    owner: dict[str, str] = {}
    for brand, raw in zip(brands, raws, strict=True):
        for source in sorted({s for s in raw.comments["source"].unique().to_pylist() if s is not None}):
            file = max((n for n in raw.sources if source == n or source.startswith(f"{n}/")), key=len, default=source)
            other = owner.setdefault(raw.sources.get(file, file), brand.name)
            if other != brand.name:
                raise UsageError(f"the same comments are given for two brands, {other!r} and {brand.name!r}",
                                 where=file, hint=ONE_EACH)


def told(brands: Sequence[Brand], raws: Sequence[Raw], comments: pa.Table,
         declared: Sequence[pa.Table]) -> tuple[Brand, ...]:
    """Each brand once, with its pages, its declared accounts and its files. brands, declared: one for each dump, in
    their order. Raises UsageError where a page would belong to two."""
    of = {source: brand.name for brand, raw in zip(brands, raws, strict=True)
          for source in raw.comments["source"].unique().to_pylist()}
    pages: dict[str, str] = {}
    seen = comments.select(["page_id", "source"]).group_by(["page_id", "source"]).aggregate([])
    for page, source in sorted(zip(*(seen[c].to_pylist() for c in ("page_id", "source")), strict=True)):
        other = pages.setdefault(page, of[source])
        if other != of[source]:
            raise UsageError(f"the page {page!r} stands in the dumps of two brands, {other!r} and {of[source]!r}",
                             hint="each page belongs to one brand: take it out of one of them")
    out: dict[str, Brand] = {}
    for brand, raw, table in zip(brands, raws, declared, strict=True):
        before = out.get(brand.name, brand)
        roles = dict(zip(table["author_id"].to_pylist(), table["role"].to_pylist(), strict=True))
        out[brand.name] = replace(
            before, pages=tuple(sorted(p for p, name in pages.items() if name == brand.name)),
            declared=dict(sorted({**before.declared, **roles}.items())),
            inputs=tuple(sorted({*before.inputs, *raw.sources.values()})))
    return tuple(out.values())
