"""Finding entries: phrases first, looser when little is found; facets with counts; stable pages.

The words are asked of the database's index (`texts`), everything else of the columns in memory:
what the actor may know of, what is chosen, the counts and the order. A facet's counts ignore what
is chosen in it, so that a reader sees what choosing otherwise would give.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qiantang.kernel.actors import Actor
from qiantang.kernel.words import joined
from qiantang.packkit.compiled import Sharing
from qiantang.rooms.catalogue import policy, texts
from qiantang.rooms.catalogue.errors import FacetUnknown, SortUnknown
from qiantang.rooms.catalogue.models import EntryIndex
from qiantang.rooms.catalogue.selectors import asking
from qiantang.rooms.catalogue.selectors.columns import Columns, Mask, columns
from qiantang.rooms.catalogue.selectors.entries import views_of_keys
from qiantang.rooms.catalogue.selectors.exact import Exact, narrowed_to
from qiantang.rooms.catalogue.selectors.facets import (
    KINDS,
    MOST_VALUES,
    chosen_mask,
    column_of,
    counted,
)
from qiantang.rooms.catalogue.selectors.frequent import Frequent, Hits, Rows, Scores
from qiantang.rooms.catalogue.selectors.views import Facet, ResourceView, SearchPage
from qiantang.rooms.catalogue.texts import Phrase

SORTS: Final = (
    *("relevance", "newest", "oldest", "name", "name-desc", "id", "id-desc", "completeness"),
)
_LISTED: Final = {
    "name": ("name_key", "key"),
    "name-desc": ("-name_key", "-key"),
    "id": ("resource_id",),
    "id-desc": ("-resource_id",),
}
"""Orders that the database keeps. By name is as GB 18030 orders characters: common ones by their
pinyin."""
FEW: Final = 10
"""With fewer hits than this the words are taken apart."""
LOOSE: Final = 200
"""Hits of the loosest pass."""
RANKED: Final = 3000
"""Up to so many hits are ranked by bm25 or ts_rank; more are ranked by whether the name matches."""
FEW_LISTED: Final = 2000
LARGEST_PAGE: Final = 200
PUBLISHED: Final = "published"

Chosen = Mapping[str, tuple[str, ...]]


def search(
    actor: Actor,
    query: str = "",
    *,
    facets: Mapping[str, str | Sequence[str]] | None = None,
    page: int = 1,
    size: int = 20,
    sort: str = "",
    exact: Exact | None = None,
) -> SearchPage:
    """A page of the entries that the actor may know of.

    ``facets``: facet id to the wanted value or values (one of them is enough). Published entries
    only, unless a ``status`` is wanted. ``sort``: one of `SORTS`; relevance only with words.
    ``page`` from 1, ``size`` up to 200; 0 for the counts alone, which reads no entry.
    ``exact``: what entries must have word for word, in place of a query that is widened where
    little is found; every facet then counts the hits alone.
    Raises `FacetUnknown`, `SortUnknown`, `TooManyToRead`.
    """
    began = time.perf_counter()
    ranked = bool(asking.asked_for(query) or (exact and exact.words))
    chosen, order = _chosen(facets or {}), _order(sort, ranked=ranked)
    page, size = max(1, page), min(max(0, size), LARGEST_PAGE)
    known = columns()
    hits = _saying(exact.words, known) if exact and exact.words else _matching(query, known)
    if exact is not None:
        hits = _kept(hits, narrowed_to(exact, known, hits.rows))
    rows, counts = _narrowed(known, hits, policy.sight_of(actor), chosen, exact)
    views: tuple[ResourceView, ...] = ()
    if size:
        shown = _ordered(known, hits, rows, order, page * size)[(page - 1) * size : page * size]
        views = views_of_keys(actor, [int(key) for key in known.keys[shown]])
    return SearchPage(
        query=query,
        total=len(rows),
        page=page,
        size=size,
        sort=order,
        hits=views,
        facets=counts,
        chosen=chosen,
        widened=hits.widened,
        words=hits.words,
        took=(time.perf_counter() - began) * 1000,
    )


def _chosen(wanted: Mapping[str, str | Sequence[str]]) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, tuple[str, ...]] = {}
    for id, values in wanted.items():
        if id not in KINDS:
            raise FacetUnknown(found=id, expected=", ".join(KINDS))
        several = (values,) if isinstance(values, str) else tuple(values)
        if kept := tuple(dict.fromkeys(v for v in several if v)):
            chosen[id] = kept
    return chosen


def _order(sort: str, *, ranked: bool) -> str:
    if sort and sort not in SORTS:
        raise SortUnknown(found=sort, expected=", ".join(SORTS))
    return sort or ("relevance" if ranked else "newest")


def _saying(words: tuple[tuple[Phrase, ...], ...], known: Columns) -> Hits:
    """The rows that say a phrase of every group, and no others."""
    return _pass(asking.strictly(words), known) if all(words) else Hits(np.empty(0, np.int64))


def _matching(query: str, known: Columns) -> Hits:
    """The rows that match the words; while they are few, looser."""
    wanted = asking.asked_for(query)
    if not wanted:
        return Hits(None if not query.strip() else np.empty(0, np.int64))
    first = _pass(asking.exactly(wanted), known)
    if len(_rows(first)) >= FEW:
        return first
    joint = first
    said: tuple[Phrase, ...] = ()
    for words, asked in _looser(wanted):
        wider = _scored(asked, known, LOOSE) if asked.least == 1 else _pass(asked, known)
        joint, said = _joined(joint, wider), words
        if len(_rows(joint)) >= FEW:
            break
    widened = len(_rows(joint)) > len(_rows(first))
    return replace(joint, widened=widened, words=tuple(joined(word) for word in said))


def _looser(wanted: tuple[Phrase, ...]) -> Iterator[tuple[tuple[Phrase, ...], texts.Asked]]:
    """Words and how they are asked for: those of the dictionary, all of them; then the shorter
    ones that they are made of, as many as possible."""
    words = asking.taken_apart(wanted)
    if words != wanted:
        yield words, asking.exactly(words)
    short = asking.in_short_words(wanted)
    if short != wanted or len(short) > 1:
        yield from ((short, asked) for asked in asking.covering(short))
    # Long words are rarer than those they are made of: any of these is ten times the work.
    last = words if len(words) > 1 else short
    if len(last) > 1:
        yield last, asking.any_of(last)


def _pass(asked: texts.Asked, known: Columns) -> Hits:
    kept = _FREQUENT.get(known, asked)
    if kept is not None and len(_rows(kept)) > RANKED:
        return kept
    rows = known.rows_of(texts.found(asked))
    if len(rows) <= RANKED:
        return _scored(asked, known, RANKED)
    return _FREQUENT.put(known, asked, rows, known.rows_of(texts.found(asked, "name")))


_FREQUENT: Final = Frequent()


def _scored(asked: texts.Asked, known: Columns, limit: int) -> Hits:
    keys, scores = texts.scored(asked, limit)
    order = np.argsort(keys)
    keys, scores = keys[order], scores[order]
    rows = known.rows_of(keys)
    return Hits(rows, scores[np.isin(keys, known.keys[rows])])


def _kept(hits: Hits, rows: Rows | None) -> Hits:
    """The hits that are among the rows."""
    if hits.rows is None or rows is None:
        return replace(hits, rows=rows)
    if hits.scores is None:
        return replace(hits, rows=rows)
    return replace(hits, rows=rows, scores=hits.scores[np.searchsorted(hits.rows, rows)])


def _joined(first: Hits, second: Hits) -> Hits:
    """Both, those of the first before those that only the second has."""
    rows, further = _rows(first), ~np.isin(_rows(second), _rows(first))
    scores = _scores(first) + _scores(second).max(initial=0.0) + 1.0
    everything = np.concatenate([rows, _rows(second)[further]])
    order = np.argsort(everything)
    all_scores = np.concatenate([scores, _scores(second)[further]])
    return Hits(everything[order], all_scores[order])


def _rows(hits: Hits) -> Rows:
    return np.empty(0, np.int64) if hits.rows is None else hits.rows


def _scores(hits: Hits) -> Scores:
    return np.empty(0, np.float64) if hits.scores is None else hits.scores


def _narrowed(
    known: Columns, hits: Hits, sight: policy.Sight, chosen: Chosen, exact: Exact | None
) -> tuple[Rows, tuple[Facet, ...]]:
    """The rows that are left, and every facet counted over what its own choice does not narrow;
    where the question is exact, over what is left."""
    seen, today = _seen(known, sight), date.today()
    base = np.flatnonzero(seen) if hits.rows is None else hits.rows[seen[hits.rows]]
    coded = {id: column_of(kind, known, today) for id, kind in KINDS.items()}
    wanted = {"status": (PUBLISHED,), **chosen}
    masks = {id: chosen_mask(KINDS[id], coded[id], v)[base] for id, v in wanted.items()}
    failed = np.zeros(len(base), np.int8)
    for mask in masks.values():
        failed += ~mask
    left = base[failed == 0]
    counts, most = [], exact.most if exact else MOST_VALUES
    for id, kind in KINDS.items():
        wider = id in masks and exact is None
        rows = base[(failed == 0) | ((failed == 1) & ~masks[id])] if wider else left
        whole = len(rows) == len(known)
        some = None if whole else rows
        counts.append(counted(kind, coded[id], some, chosen.get(id, ()), most))
    return left, tuple(counts)


def _seen(known: Columns, sight: policy.Sight) -> Mask:
    """`policy.visible_to`, asked of the columns."""
    if not sight.public:
        return np.zeros(len(known), np.bool_)
    status, sharing = known.coded["status"], known.coded["sharing"]
    public = status.where(text not in policy.HIDDEN for text in status.texts)
    public &= sharing.where(text != Sharing.WITHHELD for text in sharing.texts)
    paths = known.coded["owner_path"]
    return public | paths.where(sight.sees_owner(path) for path in paths.texts)


def _ordered(known: Columns, hits: Hits, rows: Rows, order: str, needed: int) -> Rows:
    """The first ``needed`` rows in the order; equal ones by key, so that pages do not overlap."""
    if order in _LISTED:
        return _listed(known, rows, needed, _LISTED[order])
    completeness = known.numbers["completeness"][rows]
    if order == "completeness":
        return _first(rows, -completeness, needed)
    if order == "oldest":
        return _first(rows, known.numbers["changed"][rows], needed)
    if order == "newest" or hits.rows is None:
        return _first(rows, -known.numbers["changed"][rows], needed)
    scores = _scores(hits)[np.searchsorted(hits.rows, rows)]
    if len(hits.rows) > RANKED:
        return _first(rows, -scores - completeness / 1000, needed)
    return rows[np.lexsort((rows, -completeness, -scores))][:needed]


def _first(rows: Rows, by: NDArray[Any], needed: int) -> Rows:
    """The rows with the least values, ascending rows where they are equal; only those that can be
    among them are sorted."""
    if len(rows) > 4 * needed:
        bar = np.partition(by, needed - 1)[needed - 1]
        near = np.flatnonzero(by <= bar)
        rows, by = rows[near], by[near]
    return rows[np.argsort(by, kind="stable")][:needed]


def _listed(known: Columns, rows: Rows, needed: int, order: tuple[str, ...]) -> Rows:
    in_order = EntryIndex.objects.order_by(*order).values_list("key", flat=True)
    if len(rows) <= FEW_LISTED:
        in_order = in_order.filter(key__in=[int(key) for key in known.keys[rows]])
    places = dict(zip(known.keys[rows].tolist(), rows.tolist(), strict=True))
    found = (places[key] for key in in_order.iterator(chunk_size=2000) if key in places)
    return np.fromiter(islice(found, needed), np.int64)
