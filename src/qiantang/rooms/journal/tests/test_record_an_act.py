"""Every act leaves an entry in the chain, or nothing at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Grant, Role
from qiantang.kernel.text import Text
from qiantang.rooms.journal import selectors
from qiantang.rooms.journal.errors import EntryFixed, OutsideTransaction, SecretInDetail
from qiantang.rooms.journal.models import AuditEntry
from qiantang.rooms.journal.services import record, verify

pytestmark = pytest.mark.django_db

LI = Actor("user:7", Text("李", "Li"), path="/330000/330000-stats/", organisation="330000-stats")


def _act(
    actor: Actor = LI, verb: str = "test.done", subject: str = "thing:1", **detail: object
) -> None:
    with transaction.atomic():
        record(actor, verb, subject, detail)


def test_entries_number_from_one_and_chain() -> None:
    for number in range(3):
        _act(subject=f"thing:{number}", note="批准", share="12.5")
    rows = list(AuditEntry.objects.order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows[1:]] == [row.digest for row in rows[:-1]]
    assert selectors.head() == (3, rows[-1].digest)
    assert verify() == []


def test_nothing_is_left_when_the_change_fails() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record(LI, "test.done", "thing:1", {})
        raise RuntimeError
    assert selectors.head()[0] == 0
    _act()
    assert verify() == []


@pytest.mark.parametrize(
    "detail",
    [
        {"password": "x"},
        {"New_Password": "x"},
        {"before": {"api_token": "x"}},
        {"people": [{"手机号": "139"}]},
    ],
)
def test_secrets_and_personal_data_are_refused(detail: dict[str, object]) -> None:
    with pytest.raises(SecretInDetail) as refused, transaction.atomic():
        record(LI, "test.done", "thing:1", detail)
    assert "x" not in str(refused.value.fields.values())
    assert AuditEntry.objects.count() == 0


def test_an_entry_cannot_be_changed_or_deleted_through_the_model() -> None:
    _act()
    row = AuditEntry.objects.get()
    row.verb = "test.undone"
    for attempt in (
        row.save,
        row.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(verb="x"),
        lambda: AuditEntry.objects.bulk_update([row], ["verb"]),
    ):
        with pytest.raises(EntryFixed):
            attempt()
    assert AuditEntry.objects.get().verb == "test.done"


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_a_program_error() -> None:
    with pytest.raises(OutsideTransaction):
        record(LI, "test.done", "thing:1", {})


def test_readers_see_their_own_acts_and_those_they_look_after() -> None:
    hangzhou = replace(LI, key="user:8", path="/330000/330100/330100-stats/")
    _act(LI)
    _act(hangzhou)
    _act(SYSTEM)
    boss = Actor("user:9", Text("王", "Wang"), frozenset({Grant(Role.AUDITOR, "/330000/330100/")}))
    everything = Actor("user:1", Text("", ""), frozenset({Grant(Role.ADMINISTRATOR, "")}))
    assert [e.actor for e in selectors.entries(LI)] == ["user:7"]
    assert [e.actor for e in selectors.entries(boss)] == ["user:8"]
    assert len(selectors.entries(everything)) == 3
    assert len(selectors.entries(ANONYMOUS)) == 0


def test_a_write_only_token_reads_nothing() -> None:
    _act(LI)
    assert len(selectors.entries(replace(LI, token_scopes=frozenset({"write"})))) == 0


def test_entries_are_found_by_subject_and_verb_and_paged() -> None:
    for number in range(60):
        _act(subject=f"thing:{number % 2}", verb="test.even" if number % 3 == 0 else "test.odd")
    first, second = (selectors.entries(LI, page=number) for number in (1, 2))
    assert (len(first), len(second), first.pages, first.total) == (50, 10, 2, 60)
    assert selectors.entries(LI, page=99).page == 2
    found = selectors.entries(LI, subject="thing:0", verb="test.even")
    assert {(e.subject, e.verb) for e in found} == {("thing:0", "test.even")}
    assert selectors.verbs(LI) == ("test.even", "test.odd")
