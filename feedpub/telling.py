"""Keeping up with the files: which stories they tell now, and which of those are not what they were.

Only what changed is looked at, with all that it may have to do with: files of the same id, link or text, and the
stories that they told. It comes to the same as looking at everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from feedpub.alike import near_signs
from feedpub.collector import Found
from feedpub.identity import Identity, Known, Memory, identify
from feedpub.job import Job
from feedpub.ledger.rows import moment_of, seconds_of
from feedpub.ledger.sightings import Row, read_labels, write_labels
from feedpub.ledger.site import Ledger
from feedpub.ledger.stories import Shown
from feedpub.making import see_entries
from feedpub.model import Sighting, Story
from feedpub.news import News
from feedpub.reading import Read
from feedpub.workers import Pool, batches, spread

#: Stories that are stored at once.
_BATCH = 1000


def tell_stories(read: Read, news: News, ledger: Ledger, job: Job, pool: Pool) -> set[str | None]:
    """Work out which stories the files tell now, store them, and give the labels of those that changed."""
    # Then all files are looked at, and not only what changed.
    whole = news.fresh or ledger.is_stale
    if not (whole or read.added or read.others):
        return set()
    if not whole:
        ledger.make_indexes()
    rows = ledger.files.rows() if whole else _related(read, ledger)
    told = {row.sighting.name: row for row in rows if row.sighting and not row.sighting.draft}
    was: set[int | None] = (
        set(ledger.stories.all_places()) if whole else {row.story for row in (*rows, *read.before) if _tells(row)}
    )
    touched = {row.file for row in (*read.added, *ledger.files.rows_of(read.others))}
    del rows
    stories = identify(
        (row.sighting for row in told.values() if row.sighting),
        known=_known(told.values(), ledger, whole=whole),
        authority=job.authority,
        now=job.now,
        shows_future=job.shows_future,
        look=partial(_look, told=told, news=news, ledger=ledger, job=job, pool=pool),
        settled={name for name, row in told.items() if row.story and row.file not in touched} if whole else (),
    )
    labels = store_stories(stories, told, touched, was, ledger) | _lose(was, ledger)
    # An index that is made of all rows at once takes a fraction of the time.
    ledger.make_indexes()
    return labels


def _tells(row: Row) -> bool:
    return row.story is not None and row.sighting is not None and not row.sighting.draft


def _related(read: Read, ledger: Ledger) -> Collection[Row]:
    """Give all files that the changed ones may have to do with, themselves among them."""
    rows: dict[int, Row] = {}
    asked: dict[str, set[object]] = defaultdict(set)
    now = [*read.added, *ledger.files.rows_of(read.others)]
    rows.update((row.file, row) for row in now)
    # What was known of a file is asked about, but no longer true.
    waiting = [*read.before, *now]
    while waiting:
        signs = _signs(waiting)
        new = {column: values - asked[column] for column, values in signs.items()}
        for column, values in new.items():
            asked[column] |= values
        found = [row for column, values in new.items() for row in _rows_with(column, values, ledger)]
        waiting = [row for row in found if row.file not in rows]
        rows.update((row.file, row) for row in waiting)
    return rows.values()


def _signs(rows: Iterable[Row]) -> dict[str, set[object]]:
    """Collect what files and stories are known by, in the order of `identity`."""
    signs: dict[str, set[object]] = {"place": set(), "own": set(), "address": set(), "text": set(), "near": set()}
    for row in rows:
        signs["place"].add(row.story)
        if row.sighting:
            signs["own"].add(row.sighting.own_id)
            signs["address"].add(row.sighting.address)
            signs["text"].add(row.sighting.text)
            signs["near"].update(near_signs(row.sighting))
    for values in signs.values():
        values -= {None, ""}
    return signs


def _rows_with(column: str, values: Collection[object], ledger: Ledger) -> Iterable[Row]:
    """Give the files that have one of these signs, and those that tell the stories which have or had it."""
    files = ledger.files
    if column == "near":
        yield from files.rows_near(values)
        return
    if column != "place":
        yield from files.rows_with(column, values)
    memories = ledger.memories.having({_IN_MEMORY.get(column, column): values})
    tellers = ledger.stories.of([memory.place for memory in memories])
    yield from files.rows_by_number([story.file for story in tellers.values()])


#: What the columns of files are called where it is about stories.
_IN_MEMORY = {"address": "link"}


def _known(rows: Collection[Row], ledger: Ledger, *, whole: bool) -> Known:
    if whole:
        memories = ledger.memories.all()
    else:
        signs = {_IN_MEMORY.get(column, column): values for column, values in _signs(rows).items() if column != "near"}
        memories = ledger.memories.having(signs)
    ids = {memory.place: memory.id for memory in memories}
    names = {row.sighting.name: ids[row.story] for row in rows if row.sighting and row.story in ids}
    return Known(memories=memories, ids_by_name=names, taken=frozenset() if whole else ledger.memories.ids)


def _look(
    pairs: Sequence[tuple[Sighting, Memory]],
    *,
    told: Mapping[str, Row],
    news: News,
    ledger: Ledger,
    job: Job,
    pool: Pool,
) -> dict[str, str]:
    """See how stories that readers know look now. Their dates are not settled yet, and do not show."""
    kitchen = job.kitchen
    places = ledger.files.places([told[said.name].file for said, _ in pairs])
    orders: list[tuple[Found, Story]] = [
        (news.find(places[told[said.name].file]), _imagine(said, memory)) for said, memory in pairs
    ]
    seen = (
        digest for _, results in spread(partial(see_entries, kitchen=kitchen), orders, pool=pool) for digest in results
    )
    return {
        said.name: f"{kitchen.looking}:{said.bytes}:{digest}"
        for (said, _), digest in zip(pairs, seen, strict=True)
        if digest
    }


def _imagine(said: Sighting, memory: Memory) -> Story:
    return Story(
        id=memory.id,
        published=memory.dates.published,
        updated=memory.dates.updated,
        name=said.name,
        categories=said.categories,
        tags=said.tags,
    )


def store_stories(
    stories: Iterable[Identity], told: Mapping[str, Row], touched: Collection[int], was: set[int | None], ledger: Ledger
) -> set[str | None]:
    """Store stories, and give the labels of those that are not what they were, those of before and those of now.

    Their places are taken from *was*, what the site told before.
    """
    return {label for some in batches(stories, _BATCH) for label in _store(some, told, touched, was, ledger)}


def _store(
    some: Sequence[Identity], told: Mapping[str, Row], touched: Collection[int], was: set[int | None], ledger: Ledger
) -> set[str | None]:
    places = ledger.memories.remember([one.memory for one in some])
    stories = [
        show(one.story, place=place, file=told[one.story.name].file) for one, place in zip(some, places, strict=True)
    ]
    tellers = [(place, told[sighting.name]) for one, place in zip(some, places, strict=True) for sighting in one.group]
    ledger.files.tell((place, row.file) for place, row in tellers if row.story != place)
    known = ledger.stories.of([place for place in places if place in was])
    changed = [story for story in stories if known.get(story.place) != story]
    ledger.stories.put(changed)
    was.difference_update(places)
    labels = {story.labels for story in stories if story.file in touched}
    for story in changed:
        labels |= {story.labels, known[story.place].labels if story.place in known else story.labels}
    return labels


def _lose(places: Iterable[int | None], ledger: Ledger) -> set[str | None]:
    """Note that nobody tells these stories any more, and give their labels."""
    lost = ledger.stories.of([place for place in places if place])
    ledger.stories.lose(lost)
    return {story.labels for story in lost.values()}


def story_of(shown: Shown, name: str) -> Story:
    """Make a story of what the choice of feeds sees of it; *name* is the file whose words are shown."""
    categories, tags = read_labels(shown.labels)
    return Story(
        id=shown.id,
        published=moment_of(shown.published),
        updated=moment_of(shown.updated),
        name=name,
        early=bool(shown.early),
        categories=categories,
        tags=tags,
    )


def show(story: Story, *, place: int, file: int) -> Shown:
    """Give a story as the choice of feeds sees it."""
    return Shown(
        place,
        story.id,
        file,
        seconds_of(story.published),
        seconds_of(story.updated),
        story.early,
        write_labels(story.categories, story.tags),
    )
