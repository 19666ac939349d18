"""Where a configuration is, and what it need not say; apart from `config`, whose checks take their time to load."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

#: Where a configuration is looked for when nobody says (see `find_config`).
USUAL_PLACES = ("feedpub.toml", "config/feedpub.toml")

#: Where a configuration that does not say has its feeds and its ledger.
USUAL_OUT, USUAL_LEDGER = "dist", ".feedpub/ledger.sqlite3"


def find_config(explicit: Path | None, *, environ: Mapping[str, str], folder: Path) -> Path | None:
    """Choose the configuration: *explicit*, else `$FEEDPUB_CONFIG`, else a usual place in *folder*.

    The first two are taken at their word: a missing file is `load_config`'s to report.
    """
    named = explicit or environ.get("FEEDPUB_CONFIG")
    if named:
        return Path(named)
    return next((folder / place for place in USUAL_PLACES if (folder / place).is_file()), None)
