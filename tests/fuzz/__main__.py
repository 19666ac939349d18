"""Fuzz the sanitiser with atheris, which looks for pages that reach code no page has reached before.

A page that breaks a property is saved and printed, cut down as far as it still breaks one in the same way. The
first one ends the program, with another exit code than 0.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.fragments import ATTRIBUTES, ENDS, TAGS, TEXTS

try:
    import atheris
except ModuleNotFoundError:
    sys.exit("atheris is missing: pip install -c constraints.txt -e '.[test,fuzz]'")

with atheris.instrument_imports(include=["feedpub.sanitiser", "feedpub.urls", "feedpub.text"]):
    # What is imported at the first call has to be instrumented too.
    import feedpub.sanitiser.html  # noqa: F401
    from tests.fuzz.properties import check

from tests.xss.corpus import CONTEXTS, VECTORS

_BASES = (None, "https://site.example/news/1.html", "javascript:alert(1)")
_MOST_PARTS = 40


def make_page(data: atheris.FuzzedDataProvider) -> str:
    """Make a page: of parts of the tables, or of the bytes as they are."""
    if data.ConsumeIntInRange(0, 7) == 0:
        return data.ConsumeUnicode(400)
    parts = []
    while data.remaining_bytes() and len(parts) < _MOST_PARTS:
        parts.append(_make_part(data))
    return "".join(parts)


def _make_part(data: atheris.FuzzedDataProvider) -> str:
    kind = data.ConsumeIntInRange(0, 11)
    if kind < 5:
        count = data.ConsumeIntInRange(0, 3)
        attributes = "".join(f" {_pick(data, ATTRIBUTES)}" for _ in range(count))
        return f"<{_pick(data, TAGS)}{attributes}{_pick(data, ENDS)}"
    if kind < 7:
        return f"</{_pick(data, TAGS)}>"
    if kind < 9:
        return _pick(data, TEXTS)
    if kind == 9:
        return data.ConsumeUnicode(data.ConsumeIntInRange(0, 12))
    attack = VECTORS[data.ConsumeIntInRange(0, len(VECTORS) - 1)].html
    if kind == 10:
        return _pick(data, CONTEXTS).replace("{}", attack)
    place = data.ConsumeIntInRange(0, len(attack))
    return attack[:place] + _pick(data, TEXTS) + attack[place:]


def _pick(data: atheris.FuzzedDataProvider, table: tuple[str, ...] | list[str]) -> str:
    return table[data.ConsumeIntInRange(0, len(table) - 1)]


#: Well below the minute that libFuzzer gives a page.
_SECONDS_TO_SHORTEN = 20


class Fuzzer:
    """One run: counts pages, and keeps the one that broke something."""

    def __init__(self, *, findings: Path, keep_going: bool) -> None:
        self.findings = findings
        self.keep_going = keep_going
        self.seen: set[str] = set()
        self.pages = 0
        self.started = time.monotonic()

    def try_one(self, data: bytes) -> None:
        """Check one page, which libFuzzer's bytes decide."""
        provider = atheris.FuzzedDataProvider(data)
        base_url = _BASES[provider.ConsumeIntInRange(0, len(_BASES) - 1)]
        page = make_page(provider)
        self.pages += 1
        error = _error_of(page, base_url)
        if error is None or _kind(error) in self.seen:
            return
        self._keep(_shorten(page, base_url, _kind(error)), base_url)
        if not self.keep_going:
            raise error
        self.seen.add(_kind(error))

    def _keep(self, page: str, base_url: str | None) -> None:
        error = _error_of(page, base_url)
        file = self.findings / f"finding-{self.pages}.txt"
        file.write_text(f"{page!a}\nbase_url={base_url!r}\n{error!r}\n", "utf-8")
        print(f"\nafter {self.pages} pages: {error!r}\nin:  {page!a}\nbase: {base_url!r}\nsaved in {file}", flush=True)


def _error_of(page: str, base_url: str | None) -> Exception | None:
    try:
        check(page, base_url=base_url)
    except Exception as error:
        return error
    return None


def _kind(error: Exception) -> str:
    """Name what is wrong, without the page: two findings of a kind are likely one fault."""
    return re.sub(r"[:=<].*", "", f"{type(error).__name__} {error}", flags=re.DOTALL)


def _shorten(page: str, base_url: str | None, kind: str) -> str:
    """Leave out parts of *page*, half of it first and single characters last, while it stays a finding."""
    size, until = len(page) // 2, time.monotonic() + _SECONDS_TO_SHORTEN
    while size and time.monotonic() < until:
        for start in range(0, len(page), size):
            shorter = page[:start] + page[start + size :]
            error = _error_of(shorter, base_url)
            if error and _kind(error) == kind:
                page = shorter
                break
        else:
            size //= 2
    return page


def main() -> None:
    """Fuzz for the time that is asked for. libFuzzer ends the process itself, so nothing can follow."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="0, the default, is another one each time")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="keep what reached new code here, and start from it")
    parser.add_argument("--findings", type=Path, default=Path("build/fuzz"), metavar="DIR", help="default: %(default)s")
    parser.add_argument("--keep-going", action="store_true", help="look on after a finding, for other kinds")
    args = parser.parse_args()
    fuzzer = Fuzzer(findings=args.findings, keep_going=args.keep_going)
    # Beyond a minute a page is a finding too: it would hang a run.
    options = [f"-max_total_time={args.seconds}", f"-seed={args.seed}", "-max_len=400", "-len_control=0", "-timeout=60"]
    with tempfile.TemporaryDirectory(prefix="feedpub-fuzz-") as scratch:
        corpus = args.corpus or Path(scratch)
        corpus.mkdir(parents=True, exist_ok=True)
        args.findings.mkdir(parents=True, exist_ok=True)
        atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={args.findings}/", str(corpus)], fuzzer.try_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
