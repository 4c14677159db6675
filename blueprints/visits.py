"""Rules and check lists of visits as rows."""

from blueprints.ledger import Ledger
from blueprints.schema import VisitLine, Visits
from judging import models as judging


def store_visits(part: Visits, row: judging.Round, ledger: Ledger) -> None:
    """What a round says of its visits; lines that the file no longer names go."""
    ledger.put(
        judging.VisitRules,
        {"round": row},
        {
            "names_shown": part.names_shown,
            "report_for_all": part.report_for_all,
            "photos": part.photos,
        },
        name=row.slug,
    )
    for position, line in enumerate(part.check_list, start=1):
        ledger.put(
            judging.VisitItem,
            {"round": row, "slug": line.slug},
            {"position": position, **said_by(line)},
            name=f"{row.slug} {line.slug}",
        )
    slugs = [line.slug for line in part.check_list]
    ledger.remove(row.visit_items.exclude(slug__in=slugs))


def said_by(line: VisitLine) -> dict[str, object]:
    """What a line says, as columns."""
    return {"text": line.text, "kind": line.kind, "unit": line.unit, "required": line.required}


def differs(part: Visits, row: judging.Round) -> bool:
    """Whether the file has another check list than the one that is stored."""
    stored = [
        (one.slug, {name: getattr(one, name) for name in ("text", "kind", "unit", "required")})
        for one in row.visit_items.order_by("position", "pk")
    ]
    return stored != [(line.slug, said_by(line)) for line in part.check_list]
