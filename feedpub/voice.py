"""What the operator hears: progress and messages on standard error, results on standard output."""

from __future__ import annotations

import json as json_text
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from feedpub.errors import ConfigError, FeedpubError, PublishError
from feedpub.screen import Bar, print_lines, print_plain, print_table

if TYPE_CHECKING:
    from pathlib import Path

    from feedpub.bucket.publication import Publication
    from feedpub.cron import Round
    from feedpub.explain import Explanation
    from feedpub.init import InitResult
    from feedpub.ledger.contents import Remembered
    from feedpub.records import Holdings, Imported
    from feedpub.report import Report
    from feedpub.sanitiser import Sanitised

#: Messages of one kind in a run that is not verbose.
_MOST = 20

Level = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How a command speaks."""

    json: bool = False
    quiet: bool = False
    verbose: bool = False
    log_format: Literal["text", "json"] = "text"
    patience: float = 1.0  #: In seconds. What is done sooner needs no progress bar.

    def log(self, level: Level, text: str, **fields: object) -> None:
        """Write one message to standard error."""
        if (self.quiet and level != "error") or (level == "debug" and not self.verbose):
            return
        if self.log_format == "json":
            text = json_text.dumps({"level": level, "message": text, **fields})
        print(text, file=sys.stderr)

    def hint(self, text: str) -> None:
        """Say what the operator could do better."""
        self.log("info", f"hint: {text}")

    def tell_error(self, error: FeedpubError) -> None:
        """Say why there is no result."""
        for problem in error.problems if isinstance(error, ConfigError | PublishError) else (str(error),):
            self.log("error", problem)

    def tell_init(self, result: InitResult) -> None:
        """Say what `init` wrote, and what comes next."""
        print(f"{result.path}: written" + (f", filled from {result.generator}" if result.generator else ""))
        for path in result.created[1:]:
            print(f"{path}: written, an example")
        for hint in result.hints:
            self.hint(hint)
        print(f"next: look through it, then: feedpub build -c {result.path}")

    def tell_build(self, report: Report, *, dry_run: bool) -> None:
        """Say what a build did: an object, a table or a line, and what needs a look."""
        self._tell_concerns(report)
        if self.json:
            # In ASCII, whatever the terminal's encoding: a cron job often has none.
            print(json_text.dumps(report.as_json()))
        elif not self.quiet:
            self._tell_numbers(report, dry_run=dry_run)

    def tell_round(self, done: Round, *, dry_run: bool, is_glance: bool) -> None:
        """Say what a round of cron did: an object, or one line if anything changed, and what needs a look.

        What is seen at a glance was said before.
        """
        report, publication = done.report, done.publication
        if not is_glance:
            self._tell_concerns(report)
        for notice in publication.notices:
            self.log("warning", notice)
        if self.json:
            print(json_text.dumps(done.as_json()))
        elif not self.quiet and (done.has_news or dry_run or self.verbose):
            from feedpub.summary import list_feeds, list_steps, summarise, summarise_publication

            built = summarise(report, dry_run=dry_run)
            published = summarise_publication(publication, dry_run=dry_run)
            if dry_run or self.verbose:
                self._say([built, *list_feeds(report), *list_steps(publication), published])
            else:
                self._say([f"{built}; {published}"])
        if publication.refusal:
            self.log("error", publication.refusal)

    def _tell_concerns(self, report: Report) -> None:
        for note in report.notes:
            self.log("debug", note)
        for key in report.edited:
            self.log("warning", f"{key}: no longer wanted, but changed by somebody else, and therefore left")
        self._tell_quarantine(report)
        for notice in report.notices:
            self.log("warning", notice)
        if not report.articles.seen:
            self.hint("no article was found: source.path says where they lie, source.include what they are called")

    def _tell_numbers(self, report: Report, *, dry_run: bool) -> None:
        from feedpub.summary import list_feeds, list_ids, summarise

        if sys.stdout.isatty():
            print_table(report, dry_run=dry_run)
        else:
            feeds = list_feeds(report) if dry_run or self.verbose else ()
            print_plain([summarise(report, dry_run=dry_run), *feeds])
        if self.verbose:
            print_plain(list_ids(report))

    def _tell_quarantine(self, report: Report) -> None:
        bad = report.articles.quarantined
        shown = bad if self.verbose else bad[:_MOST]
        for article in shown:
            self.log("warning", f"{article.name}: {article.reason}", path=article.name, reason=article.reason)
        if len(bad) > len(shown):
            self.log("warning", f"… and {len(bad) - len(shown)} more; -v names them all")

    def tell_publication(self, publication: Publication, *, dry_run: bool) -> None:
        """Say what was published: an object, or a line; and what needs a look."""
        for notice in publication.notices:
            self.log("warning", notice)
        if self.json:
            print(json_text.dumps(publication.as_json()))
        elif not self.quiet:
            from feedpub.summary import list_steps, summarise_publication

            steps = list_steps(publication) if dry_run or self.verbose else ()
            self._say([*steps, summarise_publication(publication, dry_run=dry_run)])
        if publication.refusal:
            self.log("error", publication.refusal)

    def _say(self, lines: Iterable[str]) -> None:
        """Say what was done: lines, or a message each where whoever collects them wants all as JSON."""
        if self.log_format == "text":
            print_plain(lines)
            return
        for line in lines:
            self.log("info", line)

    def tell_explanation(self, explanation: Explanation) -> None:
        """Say all that happened to one article: an object, or lines with headings."""
        from feedpub.explain.text import write_lines

        if self.json:
            print(json_text.dumps(explanation.as_json()))
        elif sys.stdout.isatty():
            print_lines(write_lines(explanation))
        else:
            print_plain(write_lines(explanation))

    def tell_sanitised(self, clean: Sanitised) -> None:
        """Give clean HTML: an object, or the HTML itself in UTF-8, whatever the terminal's encoding."""
        if self.json:
            said = {"symbols": clean.symbols, "images": clean.images, "removed": clean.removed}
            text = json_text.dumps({"html": clean.html, **said}, ensure_ascii=False)
            sys.stdout.buffer.write(f"{text}\n".encode())
        elif clean.html:
            sys.stdout.buffer.write(f"{clean.html}\n".encode())
        # A reader who has gone is noticed here, and not when the process ends.
        sys.stdout.flush()

    def tell_holdings(self, holdings: Holdings) -> None:
        """Say what a ledger holds: an object, or lines."""
        from feedpub.summary import describe_holdings

        if self.json:
            print(json_text.dumps(holdings.as_json()))
        else:
            print_plain(describe_holdings(holdings))

    def tell_found(self, stories: Sequence[Remembered], *, word: str) -> None:
        """Say what a ledger knows of stories that were looked for: an object, or lines."""
        from feedpub.summary import describe_found

        if self.json:
            print(json_text.dumps({"stories": [story.as_json() for story in stories]}))
        else:
            print_plain(describe_found(stories, word=word))

    def tell_imported(self, imported: Imported, *, path: Path) -> None:
        """Say what became of identities that were brought into the ledger at *path*."""
        from feedpub.summary import describe_import

        for notice in imported.notices:
            self.log("warning", notice)
        print_plain([f"{path}: {describe_import(imported)}"])

    def write_raw(self, lines: Iterable[bytes]) -> None:
        """Write to standard output what is meant for programs."""
        sys.stdout.buffer.writelines(lines)
        sys.stdout.flush()

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int, int], None]]:
        """Show a progress bar where there is a terminal, for work that takes long enough to ask."""
        if self.quiet or self.json or not sys.stderr.isatty():
            yield lambda _what, _done, _total: None
            return
        bar = Bar(since=time.monotonic() + self.patience)
        try:
            yield bar.show
        finally:
            bar.stop()
