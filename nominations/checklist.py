"""The check list of one revision: each line with what was found, and what was found before."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from nominations.models import Check, CheckItem, Entry, Revision, Verdict


@dataclass(frozen=True)
class Line:
    """A line of the check list with the finding of this revision and of the latest one before it."""

    item: CheckItem
    check: Check | None
    earlier: Check | None

    @property
    def seen(self) -> str:
        """What a save must name, so that it hides nobody's finding; empty before the first."""
        return seen(self.check)

    @property
    def is_settled(self) -> bool:
        """Whether it was checked and found in order."""
        return self.check is not None and self.check.verdict == Verdict.OK


def seen(check: Check | None) -> str:
    """The state of a finding that somebody looks at."""
    return check.at.isoformat() if check is not None else ""


def lines_of(entry: Entry, revision: Revision | None) -> list[Line]:
    """The check list of the entry's nomination, filled in for a revision."""
    items = list(entry.nomination.check_items.all())
    found: dict[int, Check] = {}
    before: dict[int, Check] = {}
    if revision is not None:
        checks = Check.objects.filter(revision__entry=entry, revision__number__lte=revision.number)
        for check in checks.select_related("by", "revision").order_by("revision__number"):
            place = found if check.revision_id == revision.pk else before
            place[check.item_id] = check
    return [Line(item, found.get(item.pk), before.get(item.pk)) for item in items]


def unsettled(lines: list[Line]) -> list[str]:
    """What is open or not in order, each in words."""
    return [
        f"{line.item.text} — {line.check.get_verdict_display() if line.check else _('not checked yet')}"
        for line in lines
        if not line.is_settled
    ]


def in_comments(lines: list[Line]) -> str:
    """A draft of the comments to a nominee: the lines that are not in order, with their notes."""
    found = [
        f"- {line.item.text}" + (f": {line.check.note}" if line.check.note else "")
        for line in lines
        if line.check is not None and not line.is_settled
    ]
    return "\n".join(found)
