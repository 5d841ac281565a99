"""What the text model of comments is worth: on labelled comments, beside controls, and on comments nobody labelled.

    python benchmarks/comment_texts.py CORPUS [--dumps FOLDER] [--out MODEL.json]

CORPUS holds TubeSpam's `comments.parquet`; FOLDER one folder per platform, each with a `comments.parquet`. Of the
dumps nobody knows which comments are advertising: shown are the shares above one half per script, and the texts that
score highest, to be read by a person.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sklearn.metrics import average_precision_score
from sklearn.tree import DecisionTreeClassifier

from fakedetect import textfacts
from fakedetect.evaluate import spam_training
from fakedetect.model import spam, spam_fit

FACTS = ("n_chars", "n_words", "n_emoji", "n_urls", "n_mentions", "n_hashtags", "n_exclaims", "longest_run",
         "upper_share", "digit_share", "punct_share")
HIGHEST = 20
LEAST = 100
"""Texts of a script from which on a share of them is shown."""
ADDRESS = r"(?i)https?://|www\.|\.(com|net|org|ly|be|tv|me|co|ru|pl|info|biz)\b"


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")


def facts_of(texts: pa.Array) -> np.ndarray:
    found = textfacts.facts(texts)
    return np.column_stack([found[name].cast(pa.float64()).fill_null(-1).to_numpy() for name in FACTS])


def labelled(folder: Path) -> spam_fit.Fitted:
    comments = spam_training.read(folder)
    start = time.perf_counter()
    fitted = spam_fit.fit_comments(comments.texts, comments.spam, comments.video)
    say(f"trained, with nested folds, in {time.perf_counter() - start:.0f} s; {len(spam.dump(fitted.model)):,} bytes; "
        f"slope {fitted.model.slope:.3f}")
    for name, value in fitted.facts.items():
        say(f"  {name}: {value}")
    video, x = np.array(comments.video), facts_of(comments.texts)
    address = pc.match_substring_regex(comments.texts, ADDRESS).to_numpy(zero_copy_only=False)
    told: dict[str, list[tuple[float, float]]] = {}
    for one in np.unique(video):
        test = video == one
        train = ~test & ~np.isin(fitted.copies, fitted.copies[test])
        tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(x[train], comments.spam[train])
        columns = {"text model": fitted.scores[test], "has an address": address[test] * 2.0 - 1,
                   "has http:// or www.": (x[test, FACTS.index("n_urls")] > 0) * 2.0 - 1,
                   "tree of depth 3": tree.predict_proba(x[test])[:, 1] - 0.5, "majority": np.ones(test.sum())}
        for name, score in columns.items():
            truth = comments.spam[test]
            told.setdefault(name, []).append((spam_fit.mcc(truth, score > 0), average_precision_score(truth, score)))
    say("\n| leave one video out | " + " | ".join(np.unique(video)) + " | mean MCC | mean AP |")
    say("|---|" + "---|" * (len(np.unique(video)) + 2))
    for name, values in told.items():
        mcc, ap = zip(*values, strict=True)
        say(f"| {name} | " + " | ".join(f"{m:.3f}" for m in mcc) + f" | {statistics.mean(mcc):.3f} "
            f"| {statistics.mean(ap):.3f} |")
    say("\n| authors' split | test texts | MCC | without near-duplicates | MCC |\n|---|---|---|---|---|")
    split = spam_training.by_split(comments, fitted)
    for name, f in split.items():
        say(f"| {name} | {f['n']} | {f['mcc']:.3f} | {f['n_unlike']} | {f['mcc_unlike']:.3f} |")
    say(f"| mean |  | {statistics.mean(f['mcc'] for f in split.values()):.3f} |  | "
        f"{statistics.mean(f['mcc_unlike'] for f in split.values()):.3f} |")
    return fitted


def unlabelled(folder: Path, model: spam.SpamModel) -> None:
    say("\n| dump | script | texts | median | 95 % are below | above .5 | above .9 |\n|---|---|---|---|---|---|---|")
    highest = []
    for place in sorted(p for p in folder.iterdir() if (p / "comments.parquet").is_file()):
        texts = pq.read_table(place / "comments.parquet", columns=["text"])["text"].cast(pa.large_string())
        texts = pc.unique(texts).drop_null()
        seconds = []
        for _ in range(3):
            start = time.thread_time()
            model.score(texts)
            seconds.append(time.thread_time() - start)
        p = model.probability(texts).to_numpy(zero_copy_only=False)
        script = textfacts.facts(texts)["script"].to_numpy(zero_copy_only=False)
        rows = [("all", np.isfinite(p)), *((s, (script == s) & np.isfinite(p)) for s in np.unique(script))]
        for name, at in rows:
            if at.sum() >= LEAST:
                say(f"| {place.name} | {name} | {at.sum():,} | {np.median(p[at]):.3f} | {np.quantile(p[at], 0.95):.3f} "
                    f"| {(p[at] > 0.5).mean():.4f} | {(p[at] > 0.9).mean():.4f} |")
        chars = pc.mean(pc.utf8_length(texts)).as_py()
        order = np.argsort(-np.nan_to_num(p, nan=-1.0), kind="stable")[:HIGHEST]
        highest.append((place.name, len(texts), chars, min(seconds), [(p[i], texts[int(i)].as_py()) for i in order]))
    say()
    for name, n, chars, seconds, _ in highest:
        say(f"{name}: {n:,} distinct texts of {chars:.0f} characters, {seconds / n * 1e6:.2f} microseconds each, "
            f"{seconds / n * 1e6 * 60 / chars:.2f} per 60 characters (processor time)")
    for name, _, _, _, texts_ in highest:
        say(f"\n{name}")
        for value, text in texts_:
            say(f"  {value:.3f} {' '.join(text.split())[:160]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--dumps", type=Path)
    parser.add_argument("--out", type=Path, help="write the text model here")
    asked = parser.parse_args()
    fitted = labelled(asked.corpus)
    if asked.out is not None:
        asked.out.write_bytes(spam.dump(fitted.model))
    if asked.dumps is not None:
        unlabelled(asked.dumps, fitted.model)


if __name__ == "__main__":
    main()
