"""Load packs: read the files, check everything, compile. A broken pack never stops the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from qiantang.packkit.compiled import Pack
from qiantang.packkit.draft import Draft
from qiantang.packkit.errors import PackInvalid
from qiantang.packkit.files import PackFiles, digest
from qiantang.packkit.keeping import Asked, keep, look_up
from qiantang.packkit.layout import check_layout
from qiantang.packkit.problems import Findings, PackProblem, nearest
from qiantang.packkit.readers.checks import read_sql_checks
from qiantang.packkit.readers.codes import read_codes
from qiantang.packkit.readers.duties import read_duties, read_synonyms
from qiantang.packkit.readers.elements import read_elements
from qiantang.packkit.readers.examples import read_examples
from qiantang.packkit.readers.indices import IndexChecker, read_indices
from qiantang.packkit.readers.manifest import Manifest, read_manifest
from qiantang.packkit.readers.measures import SqlChecker, read_measures
from qiantang.packkit.readers.norms import read_norms
from qiantang.packkit.readers.pages import read_pages
from qiantang.packkit.readers.plans import read_plans
from qiantang.packkit.readers.releases import read_releases
from qiantang.packkit.readers.resources import read_resources
from qiantang.packkit.rows import check_rows

Checkers = tuple[SqlChecker | None, IndexChecker | None]

_BUILTIN: Final = Path(__file__).resolve().parent.parent / "packs"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The sound packs by id, in an order in which each follows what it requires, and every
    problem of the others."""

    packs: dict[str, Pack]
    problems: tuple[PackProblem, ...]


def builtin_packs() -> list[Path]:
    """The folders of the packs that ship with the product, sorted by name."""
    return _pack_folders(_BUILTIN)


def load_packs(
    folders: Sequence[Path],
    *,
    known: Mapping[str, Pack] | None = None,
    sql_checker: SqlChecker | None = None,
    index_checker: IndexChecker | None = None,
) -> Loaded:
    """Load all packs that are sound. ``known`` are packs loaded before that may be required.

    A process that asks for the same files again gets the same packs (`packkit.keeping`).
    """
    loading = _Loading(dict(known or {}), sql_checker, index_checker)
    for folder in folders:
        loading.open(Path(folder))
    for key in loading.waiting:
        loading.load(key)
    packs = {key: pack for key, pack in loading.packs.items() if key in loading.waiting}
    return Loaded(packs, tuple(loading.problems()))


def load_pack(
    path: Path,
    others: Mapping[str, Pack] | None = None,
    *,
    sql_checker: SqlChecker | None = None,
    index_checker: IndexChecker | None = None,
) -> Pack:
    """Load one pack. Without ``others``, what it requires is looked for beside it and among the
    packs shipped. Raises `PackInvalid` with every problem."""
    pack, problems = _load_one(Path(path), others, (sql_checker, index_checker))
    if pack is None or problems:
        raise PackInvalid(found=Path(path).name, problems=problems)
    return pack


def id_of(path: Path) -> str:
    """The id that the pack in the folder ``path`` gives itself; the folder's name without one."""
    manifest = read_manifest(PackFiles(path, Findings()))
    return (manifest.id.strip() if manifest else "") or path.name


def check(
    path: Path,
    others: Mapping[str, Pack] | None = None,
    *,
    sql_checker: SqlChecker | None = None,
    index_checker: IndexChecker | None = None,
) -> list[PackProblem]:
    """Everything that is wrong with the pack in the folder ``path``, in the order of its files."""
    return _load_one(Path(path), others, (sql_checker, index_checker))[1]


def neighbours(path: Path) -> dict[str, Pack]:
    """The sound packs that the pack at ``path`` requires, directly or not, from beside it and
    from those shipped with the product."""
    path = Path(path).resolve()
    beside = [p for p in _pack_folders(path.parent) if p.resolve() != path]
    built_in = [p for p in builtin_packs() if p.resolve() != path and p not in beside]
    loading = _Loading({})
    for folder in [*beside, *built_in]:
        loading.open(folder)
    manifest = read_manifest(PackFiles(path, Findings()))
    for key in manifest.requires if manifest else ():
        if key in loading.waiting:
            loading.load(key)
    return loading.packs


@dataclass(slots=True)
class _Opened:
    files: PackFiles
    findings: Findings
    manifest: Manifest | None


@dataclass(slots=True)
class _Loading:
    """The state of one call: packs opened, packs compiled, and the way to the present one."""

    packs: dict[str, Pack]
    sql_checker: SqlChecker | None = None
    index_checker: IndexChecker | None = None
    opened: list[_Opened] = field(default_factory=list)
    waiting: dict[str, _Opened] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    way: list[str] = field(default_factory=list)

    def open(self, folder: Path) -> str:
        """Read the manifest; the id, or nothing when the pack cannot take part."""
        opened = _open(folder)
        self.opened.append(opened)
        manifest = opened.manifest
        if manifest is None or not manifest.id.strip():
            if manifest is not None:
                compile_pack(opened.files, opened.findings, manifest, self.packs)
            return ""
        if manifest.id in self.waiting:
            first = self.waiting[manifest.id].files.folder.name
            manifest.section.problem("pack.id_taken", "id", found=manifest.id, first=first)
            return ""
        self.waiting[manifest.id] = opened
        self.packs.pop(manifest.id, None)
        return manifest.id

    def load(self, id: str) -> None:
        """Compile the pack after everything that it requires."""
        opened = self.waiting[id]
        if id in self.done or opened.manifest is None:
            return
        self.done.add(id)
        self.way.append(id)
        absent = {other for other in opened.manifest.requires if not self._require(opened, other)}
        self.way.pop()
        pack = self._compiled(opened, opened.manifest, absent)
        if pack is not None:
            self.packs[id] = pack

    def _compiled(self, opened: _Opened, manifest: Manifest, absent: set[str]) -> Pack | None:
        """The pack as it was compiled before, if that is still what its files say."""
        others = {key: self.packs[key] for key in manifest.requires if key in self.packs}
        asked = None
        if not absent and not opened.findings:
            asked = Asked.of(opened.files.folder, (self.sql_checker, self.index_checker))
        kept = look_up(asked, others) if asked else None
        if kept is not None:
            return kept
        pack = compile_pack(
            opened.files,
            opened.findings,
            manifest,
            self.packs,
            absent=absent,
            sql_checker=self.sql_checker,
            index_checker=self.index_checker,
        )
        if pack is not None and asked is not None:
            keep(asked, others, pack)
        return pack

    def problems(self) -> Iterable[PackProblem]:
        for opened in self.opened:
            yield from opened.findings.sorted()

    def _require(self, opened: _Opened, other: str) -> bool:
        """Whether the required pack could be had; otherwise the reason is reported."""
        assert opened.manifest is not None
        section = opened.manifest.section
        index = list(section.values["requires"]).index(other)
        if other in self.way:
            cycle = " → ".join([*self.way[self.way.index(other) :], other])
            section.problem("pack.requires_cycle", "requires", index, found=cycle)
            return False
        if other in self.waiting:
            self.load(other)
            if other not in self.packs:
                section.problem("pack.requires_broken", "requires", index, found=other)
        elif other not in self.packs:
            at_hand = [*self.packs, *self.waiting]
            section.problem("pack.requires_missing", "requires", index, found=other,
                            expected=", ".join(sorted(set(at_hand))) or "-",
                            near=nearest(other, at_hand))  # fmt: skip
        return other in self.packs


def compile_pack(
    files: PackFiles,
    findings: Findings,
    manifest: Manifest,
    known: Mapping[str, Pack],
    *,
    absent: Iterable[str] = (),
    sql_checker: SqlChecker | None = None,
    index_checker: IndexChecker | None = None,
) -> Pack | None:
    """Read and check everything below the manifest; None when anything is wrong."""
    findings.pack = manifest.id
    draft = Draft(
        files,
        findings,
        id=manifest.id,
        others={key: known[key] for key in manifest.requires if key in known},
        known=known,
        absent=frozenset(absent),
    )
    try:
        _read_all(draft, (sql_checker, index_checker))
        return None if findings else _pack(draft, manifest)
    except OSError as error:  # a folder that may not be listed, a file that went away meanwhile
        reason = error.strerror or str(error)
        findings.add("pack.file_unreadable", files.place(), reason=reason)
        return None


def _read_all(draft: Draft, checkers: Checkers) -> None:
    sql_checker, index_checker = checkers
    check_layout(draft.files)
    read_codes(draft)
    read_norms(draft)
    read_elements(draft)
    read_resources(draft)
    read_sql_checks(draft, sql_checker)
    read_measures(draft, sql_checker)
    read_plans(draft)
    read_pages(draft)
    read_indices(draft, index_checker)
    read_duties(draft)
    read_releases(draft)
    read_synonyms(draft)
    read_examples(draft)
    _check_shipped_rows(draft)


def _check_shipped_rows(draft: Draft) -> None:
    for resource in draft.resources.values():
        for path in (resource.data, resource.samples):
            if path is not None and path.suffix == ".csv":
                check_rows(draft, resource, path.relative_to(draft.files.folder).as_posix())


def _pack(draft: Draft, manifest: Manifest) -> Pack:
    return Pack(
        id=manifest.id,
        name=manifest.name,
        description=manifest.description,
        version=manifest.version,
        owner=manifest.owner,
        licence=manifest.licence,
        requires=manifest.requires,
        path=draft.files.folder,
        digest=digest(draft.files.folder),
        resources=draft.resources,
        codes=draft.codes,
        norms=tuple(draft.norms),
        measures=draft.measures,
        indicators=draft.indicators,
        plans=draft.plans,
        pages=draft.pages,
        elements=draft.elements,
        indices=draft.indices,
        duties=tuple(draft.duties),
        releases=tuple(draft.releases),
        synonyms=tuple(draft.synonyms),
        examples=tuple(draft.examples),
    )


def _load_one(
    path: Path, others: Mapping[str, Pack] | None, checkers: Checkers
) -> tuple[Pack | None, list[PackProblem]]:
    known = neighbours(path) if others is None else others
    loading = _Loading(dict(known), *checkers)
    key = loading.open(path)
    if key:
        loading.load(key)
    return loading.packs.get(key), list(loading.problems())


def _open(folder: Path) -> _Opened:
    findings = Findings(pack=folder.name)
    files = PackFiles(folder, findings)
    return _Opened(files, findings, read_manifest(files))


def _pack_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if (p / "pack.toml").is_file())
