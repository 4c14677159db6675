"""Reading the catalogue for pages: categories with their nominations, and each one's special terms."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from nominations.models import Category, Hint, Nomination, ParticipantRole, Prompt, PromptKind
from seasons.models import Season


@dataclass(frozen=True)
class Shelf:
    """A category with its nominations."""

    category: Category
    nominations: list[Nomination]


def shelves(season: Season) -> list[Shelf]:
    """Every category of a season with its nominations, in the programme's order; three queries."""
    nominations = Nomination.objects.order_by("number").prefetch_related("prompts")
    hints = Prefetch("nominations__hints", Hint.objects.select_related("better"))
    categories = season.categories.prefetch_related(Prefetch("nominations", nominations), hints)
    found = []
    for category in categories:
        for nomination in category.nominations.all():
            nomination.season = season
        found.append(Shelf(category, list(category.nominations.all())))
    return [shelf for shelf in found if shelf.nominations]


def special_terms(nomination: Nomination) -> list[str]:
    """The rules of a nomination that refuse an entry, in words, known before one begins."""
    return [*role_terms(nomination), *year_terms(nomination.prompts.all())]


def role_terms(nomination: Nomination) -> list[str]:
    """Which participants an entry must name."""
    if nomination.requires_roles == [ParticipantRole.CLIENT]:
        return [
            _("A vendor or integrator enters only together with a client that uses the solution.")
        ]
    if not nomination.requires_roles:
        return []
    roles = ", ".join(str(ParticipantRole(role).label) for role in nomination.requires_roles)
    return [_("An entry names participants in these roles: %(roles)s.") % {"roles": roles}]


def year_terms(prompts: Iterable[Prompt]) -> list[str]:
    """From which year on."""
    return [
        _("%(question)s %(year)d or later.") % {"question": prompt.label, "year": prompt.minimum}
        for prompt in prompts
        if prompt.kind == PromptKind.YEAR and prompt.minimum is not None
    ]
