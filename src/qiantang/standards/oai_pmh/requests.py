"""What a harvester asks: the six verbs, their arguments, and every error code of the protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from qiantang.kernel.text import printable

FORMATS: Final = ("oai_dc", "dcat_ap")
_VERBS: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    # verb: (required, optional)
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (
        frozenset({"metadataPrefix"}),
        frozenset({"from", "until", "set", "resumptionToken"}),
    ),
    "ListRecords": (
        frozenset({"metadataPrefix"}),
        frozenset({"from", "until", "set", "resumptionToken"}),
    ),
}
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_A_DAY: Final = timedelta(days=1)
_A_SECOND: Final = timedelta(seconds=1)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_SECOND: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
_SET: Final = re.compile(rf"{_NAME.pattern}(?::{_NAME.pattern})*")


class OaiError(Exception):
    """An error in the protocol's own words; ``code`` is one of the eight of section 3.6."""

    def __init__(self, code: str, said: str) -> None:
        self.code, self.said = code, said
        super().__init__(f"{code}: {said}")


@dataclass(frozen=True, slots=True)
class Request:
    """A well-formed request. ``until`` is exclusive: a day's or a second's end."""

    verb: str
    identifier: str = ""
    prefix: str = ""
    since: datetime | None = None
    until: datetime | None = None
    set: str = ""
    token: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    """The arguments as they came, which the answer repeats (section 3.2)."""


def parse_request(given: Sequence[tuple[str, str]]) -> Request:
    """The arguments in order, repetitions included. Raises `OaiError`."""
    names = [name for name, _ in given]
    whole = said = dict(given)
    verbs = [value for name, value in given if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _VERBS:
        raise OaiError("badVerb", "The verb is missing, repeated or unknown.")
    if repeated := sorted({n for n in names if names.count(n) > 1}):
        raise OaiError("badArgument", f"Repeated: {', '.join(repeated)}.")
    verb = verbs[0]
    said = {name: value for name, value in whole.items() if name != "verb"}
    _check_arguments(verb, said)
    if "resumptionToken" in said:
        return Request(verb, token=said["resumptionToken"], given=whole)
    _check_forms(said)
    prefix, set_ = said.get("metadataPrefix", ""), said.get("set", "")
    since, until = _window(said)
    if prefix and prefix not in FORMATS:
        raise OaiError("cannotDisseminateFormat", f"Formats: {', '.join(FORMATS)}.")
    return Request(verb, said.get("identifier", ""), prefix, since, until, set_, given=whole)


def _check_forms(said: Mapping[str, str]) -> None:
    """Names of formats and sets are spelt as the protocol's schema has it."""
    for name, form in (("metadataPrefix", _NAME), ("set", _SET)):
        if name in said and not form.fullmatch(said[name]):
            raise OaiError("badArgument", f"Not the form of a {name}.")


def _check_arguments(verb: str, said: Mapping[str, str]) -> None:
    required, optional = _VERBS[verb]
    if unknown := sorted(set(said) - required - optional):
        raise OaiError("badArgument", f"Not an argument of {verb}: {', '.join(unknown)}.")
    if unwritable := sorted(name for name, value in said.items() if printable(value) != value):
        raise OaiError("badArgument", f"Characters that XML lacks: {', '.join(unwritable)}.")
    if empty := sorted(name for name, value in said.items() if not value):
        raise OaiError("badArgument", f"Empty: {', '.join(empty)}.")
    if "resumptionToken" in said:
        if len(said) > 1:
            raise OaiError("badArgument", "resumptionToken excludes every other argument.")
    elif missing := sorted(required - set(said)):
        raise OaiError("badArgument", f"Missing: {', '.join(missing)}.")


def _window(said: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    since, until = said.get("from", ""), said.get("until", "")
    if since and until and len(since) != len(until):
        raise OaiError("badArgument", "from and until differ in granularity.")
    start, _ = _moment(since) if since else (None, None)
    _, end = _moment(until) if until else (None, None)
    if start and end and start >= end:
        raise OaiError("badArgument", "from is later than until.")
    return start, end


def _moment(said: str) -> tuple[datetime, datetime]:
    """The first moment of the day or second named, and the first after it, as far as there are
    years: harvesters that want everything say ``9999-12-31``."""
    by_day = _DAY.fullmatch(said)
    form, length = ("%Y-%m-%d", _A_DAY) if by_day else ("%Y-%m-%dT%H:%M:%SZ", _A_SECOND)
    try:
        if not by_day and not _SECOND.fullmatch(said):
            raise ValueError
        start = datetime.strptime(said, form).replace(tzinfo=UTC)
    except ValueError as error:
        said_en = "Dates are YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ."
        raise OaiError("badArgument", said_en) from error
    return start, start + length if start <= _LAST - length else _LAST
