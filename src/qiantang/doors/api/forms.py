"""The JSON forms of what has none of its own: figures, divisions, packs, plans, indicators."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qiantang.engine.aggregation import Aggregate
from qiantang.engine.targets.json_form import figure_form
from qiantang.engine.targets.numbers import as_number
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.observations import Observation
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code, Indicator, Pack
from qiantang.packkit.plans import Plan
from qiantang.rooms.catalogue.selectors import ResourceView
from qiantang.rooms.indicators.shapes import DivisionProfile, IndicatorRow, Revision, TargetRow
from qiantang.rooms.indicators.vintages import Vintage


def figure(o: Observation) -> dict[str, Any]:
    """A figure, with the same members as in an assessment's evidence."""
    return {**figure_form(o), "source_kind": o.source.kind}


def figure_with_revisions(o: Observation, past: tuple[Revision, ...]) -> dict[str, Any]:
    return {**_standing(o), "revisions": [revision(r) for r in past]}


def revision(r: Revision) -> dict[str, Any]:
    recorded = {"recorded_by": r.recorded_name.as_dict(), "submission": r.submission}
    return {**_standing(r.observation), **recorded}


def _standing(o: Observation) -> dict[str, Any]:
    at = o.recorded_at.isoformat(timespec="seconds") if o.recorded_at else None
    return {**figure(o), "withdrawn": o.withdrawn, "recorded_at": at}


def aggregate(period: str, found: Aggregate) -> dict[str, Any]:
    return {
        "period": period,
        "value": None if found.value is None else as_number(found.value),
        "unit": found.unit,
        "way": found.way.value,
        "parts": [p.code for p in found.parts],
        "used": [o.id for o in found.used],
        "missing": [
            {"code": m.part.code, "name": m.part.name.as_dict(), "why": m.why.value}
            for m in found.missing
        ],
        "changed": sorted({p.code for p in found.changed}),
    }


def vintage(v: Vintage) -> dict[str, Any]:
    return {
        "id": v.now.id,
        "period": str(v.now.period),
        "difference": None if v.difference is None else as_number(v.difference),
        "relative": None if v.relative is None else float(v.relative),
        "revisions": [_standing(o) for o in v.revisions],
    }


def target(plan: str, row: TargetRow) -> dict[str, Any]:
    return {"plan": plan, **row.as_json()}


def plan(p: Plan) -> dict[str, Any]:
    return {
        "id": p.id,
        "pack": p.pack,
        "name": p.name.as_dict(),
        "issuer": p.issuer.as_dict(),
        "issued": p.issued.isoformat(),
        "source": p.source.as_dict(),
        "summary": p.summary.as_dict(),
        "division": p.division,
        "targets": len(p.targets),
        "assessment": f"/api/v1/plans/{p.id}/assessment",
    }


def plan_detail(p: Plan) -> dict[str, Any]:
    declared = [
        {"id": t.id, "name": t.name.as_dict(), "section": t.section, "quote": t.quote}
        for t in p.targets
    ]
    sections = [{"id": id_, "name": name.as_dict()} for id_, name in p.sections]
    return {**plan(p), "sections": sections, "declared": declared}


def indicator(row: IndicatorRow) -> dict[str, Any]:
    return {
        **_indicator(row.indicator),
        "observations": row.count,
        "latest": figure(row.latest) if row.latest else None,
    }


def _indicator(i: Indicator) -> dict[str, Any]:
    return {
        "id": i.id,
        "pack": i.pack,
        "name": i.name.as_dict(),
        "description": i.description.as_dict() if i.description else None,
        "unit": i.unit,
        "nature": i.nature.value,
        "owner": i.owner,
    }


def division(c: Code) -> dict[str, Any]:
    return {
        "code": c.code,
        "name": c.name.as_dict(),
        "level": division_level(c.code),
        "parent": c.parent,
        "valid_from": c.valid_from.isoformat() if c.valid_from else None,
        "valid_to": c.valid_to.isoformat() if c.valid_to else None,
    }


def profile(p: DivisionProfile) -> dict[str, Any]:
    return {
        **division(p.division),
        "children": [division(c) for c in p.children],
        "known": [indicator(row) for row in p.known],
        "missing": [i.id for i in p.missing],
        "observations": p.observations,
    }


def pack(p: Pack) -> dict[str, Any]:
    return {
        "id": p.id,
        "name": p.name.as_dict(),
        "description": p.description.as_dict(),
        "version": p.version,
        "owner": p.owner,
        "licence": p.licence,
        "requires": list(p.requires),
        "digest": p.digest,
        "contents": {
            "resources": len(p.resources),
            "code_lists": len(p.codes),
            "norms": len(p.norms),
            "measures": len(p.measures),
            "indicators": len(p.indicators),
            "plans": len(p.plans),
            "pages": len(p.pages),
            "examples": len(p.examples),
        },
    }


def pack_detail(p: Pack) -> dict[str, Any]:
    norms = [
        {
            "id": n.id,
            "name": n.name.as_dict(),
            "value": as_number(n.value),
            "unit": n.unit,
            "source": n.source,
            "valid_from": n.valid_from.isoformat(),
            "valid_to": n.valid_to.isoformat() if n.valid_to else None,
            "verified": n.verified,
        }
        for n in p.norms
    ]
    return {
        **pack(p),
        "resources": sorted(p.resources),
        "indicators": sorted(p.indicators),
        "plans": sorted(p.plans),
        "norms": norms,
        "code_lists": sorted(p.codes),
    }


def resource(r: ResourceView) -> dict[str, Any]:
    hidden = ("fields", "conditions", "registered_at", "changed_at")
    return {k: v for k, v in _resource(r).items() if k not in hidden}


def resource_detail(r: ResourceView) -> dict[str, Any]:
    return _resource(r)


def _resource(r: ResourceView) -> dict[str, Any]:
    form = asdict(r)
    texts = {k: v.as_dict() for k in form if isinstance(v := getattr(r, k), Text)}
    days = {k: getattr(r, k).isoformat(timespec="seconds") for k in ("registered_at", "changed_at")}
    return {**form, **texts, **days}
