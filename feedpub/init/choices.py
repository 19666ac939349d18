"""From what a site says to what goes into its `feedpub.toml`: checked, and with a reason for what was left out."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from feedpub.config import UNKNOWN_URL, is_left_out, pattern_below, values
from feedpub.init.findings import Findings
from feedpub.model import Author
from feedpub.text import one_line, xml_safe

#: Hosts that the generators' examples are full of; nobody's feeds are there.
_EXAMPLE_HOSTS = {
    *("localhost", "127.0.0.1"),
    *("example.com", "example.org", "example.net", "www.example.com", "www.example.org"),
    *("yoursite.com", "yourdomain.com", "your-domain.com"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of articles."""

    path: str
    exclude: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The values of a new configuration, each of them valid."""

    title: str
    url: str
    url_known: bool
    language: str
    author: Author | None
    timezone: str
    permalink: str
    permalink_note: str  #: What to know of the permalink; "" for nothing.
    out: str
    sources: tuple[Folder, ...]
    categories: Literal["tree", "flat"]
    hints: tuple[str, ...]


def choose(findings: Findings, *, folder: Path) -> Choices:
    """Take what is valid of *findings*, and the default with a hint for the rest."""
    hints = list(findings.hints)
    address = _choose_address(findings, hints)
    sources = _choose_sources(findings, hints, folder=folder)
    permalink, note = _choose_permalink(findings, address=address)
    out = _choose_out(folder, sources)
    return Choices(
        title=xml_safe(findings.title).strip() or xml_safe(folder.absolute().name) or "Feeds",
        url=f"{address}feeds/" if address else UNKNOWN_URL,
        url_known=bool(address),
        language=_check("language", findings.language, values.check_language, hints),
        author=_choose_author(findings.author, hints),
        timezone=_choose_zone(findings, hints),
        permalink=permalink,
        permalink_note=note,
        out=out,
        sources=tuple(_leave_out(folder, source, out=out, exclude=findings.exclude) for source in sources),
        categories=findings.categories,
        # They quote what was found, and are to be shown in a terminal.
        hints=tuple(one_line(hint) for hint in hints),
    )


def _check(name: str, value: str, check: Callable[[str], str], hints: list[str]) -> str:
    """Take a value that passes; else say why not, and give ""."""
    try:
        return check(value) if value else ""
    except ValueError as error:
        hints.append(f'{name} "{value}" {error}')
        return ""


def _choose_address(findings: Findings, hints: list[str]) -> str:
    address = _check("the site's address", findings.address, values.check_folder_address, hints)
    if address and urlsplit(address).hostname not in _EXAMPLE_HOSTS:
        return address
    hints.append(f"the site's address is not known: change site.url, which is {UNKNOWN_URL} for now")
    return ""


def _choose_zone(findings: Findings, hints: list[str]) -> str:
    zone = _check("time zone", findings.timezone, values.check_zone, hints)
    if findings.generator and not findings.timezone:
        hints.append("no time zone was found: dates without an offset count as UTC, see site.timezone")
    return zone or "UTC"


def _choose_author(author: Author | None, hints: list[str]) -> Author | None:
    if author is None:
        return None
    name = xml_safe(author.name).strip()
    email = _check("e-mail address", author.email or "", values.check_email, hints)
    url = _check("author's page", author.url or "", values.check_address, hints)
    return Author(name=name, email=email or None, url=url or None) if name else None


def _choose_sources(findings: Findings, hints: list[str], *, folder: Path) -> tuple[str, ...]:
    """Take the folders that exist, and each article once; the site's own folder where none does."""
    there: dict[str, str] = {}
    for source in findings.sources:
        if _is_folder(folder, source):
            there.setdefault(os.path.realpath(folder / source), source)
        else:
            hints.append(f'"{source}" is no folder, though {findings.file} says that articles lie there')
    apart = (source for real, source in there.items() if not _is_read(Path(real), there, findings.exclude))
    return tuple(apart) or (".",)


def _is_read(inner: Path, folders: Iterable[str], exclude: tuple[str, ...]) -> bool:
    """Tell whether one of the *folders* reads the articles in *inner* as well."""
    above = [inner.relative_to(each) for each in folders if inner != Path(each) and inner.is_relative_to(each)]
    return any(not is_left_out(below, exclude) for below in above)


def _is_folder(folder: Path, source: str) -> bool:
    try:
        # What no UTF-8 can say, no TOML can hold.
        source.encode()
        return os.path.isdir(folder / values.check_path(source))
    except ValueError:
        return False


def _choose_out(folder: Path, sources: tuple[str, ...]) -> str:
    """Choose a folder inside of the site's own that is nobody else's, and no source."""
    read = {os.path.realpath(folder / source) for source in sources}
    names = itertools.chain(("dist", "feeds"), (f"feeds-{number}" for number in itertools.count(2)))
    real = ((name, Path(os.path.realpath(folder / name))) for name in names)
    return next(name for name, path in real if str(path) not in read and not _is_taken(path))


def _leave_out(folder: Path, source: str, *, out: str, exclude: tuple[str, ...]) -> Folder:
    """Exclude the output folder where it lies inside of the *source*."""
    root, target = (Path(os.path.realpath(folder / name)) for name in (source, out))
    if target.is_relative_to(root) and not is_left_out(below := target.relative_to(root), exclude):
        exclude = (*exclude, pattern_below(below))
    return Folder(path=source, exclude=exclude)


def _is_taken(path: Path) -> bool:
    """Tell whether something lies there that feedpub did not write: it always leaves an outline."""
    names = os.listdir(path) if os.path.isdir(path) else [path.name] if os.path.lexists(path) else []
    return bool(names) and "feeds.opml" not in names


def _choose_permalink(findings: Findings, *, address: str) -> tuple[str, str]:
    """Choose the template, and say what became of the generator's own form."""
    link = findings.permalink
    if not link.form:
        return "", ""
    if link.problem:
        return "", f'"{link.form}" of {findings.file} cannot be said here: {link.problem}'
    try:
        template = values.check_permalink(f"{(address or UNKNOWN_URL).rstrip('/')}{link.template}")
    except ValueError as error:
        return "", f'"{link.form}" of {findings.file} cannot be said here: it {error}'
    note = f'"{link.form}" of {findings.file}'
    return (template, note) if address else ("", f"{note}; with the site's address it would be {template}")
