"""What a version of a rubric changes against the one before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.localized import Localized
from judging.bands import shown
from judging.figures import marks_in_words, range_in_words
from judging.models import Band, Criterion, Dimension, Phase, Rubric, SplitCriterion

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Note:
    """One thing about a part, before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """A part that was added, removed or changed; `slug` is that of a criterion."""

    kind: str
    part: str
    name: str
    slug: str = ""
    notes: list[Note] = field(default_factory=list)


def differences(old: Rubric, new: Rubric) -> list[Difference]:
    """Everything that differs: the rubric itself, phases, dimensions, criteria with what is in them."""
    return [
        *compared(_("Rubric"), {"": said_of_rubric(old)}, {"": said_of_rubric(new)}),
        *compared(_("Phase"), phases_of(old), phases_of(new)),
        *compared_dimensions(old, new),
        *compared(_("Split criterion"), splits_of(old), splits_of(new)),
        *compared(_("Criterion"), criteria_of(old), criteria_of(new)),
    ]


Text = str | Localized
Said = Mapping[str, Text]


def compared(part: str, old: Mapping[str, Said], new: Mapping[str, Said]) -> Iterator[Difference]:
    """Compare parts by short name; what they say is compared line by line."""
    for slug, said in new.items():
        if slug not in old:
            yield Difference(ADDED, part, str(said[NAME()]), slug)
        elif notes := list(differing(old[slug], said)):
            yield Difference(CHANGED, part, str(said[NAME()]), slug, notes)
    for slug, said in old.items():
        if slug not in new:
            yield Difference(REMOVED, part, str(said[NAME()]), slug)


def differing(old: Said, new: Said) -> Iterator[Note]:
    """The lines that differ."""
    for what in [*new, *(one for one in old if one not in new)]:
        if old.get(what, "") != new.get(what, ""):
            yield Note(what, *in_words(old.get(what, ""), new.get(what, "")))


def in_words(old: Text, new: Text) -> tuple[str, str]:
    """Both in the reader's language, or in the first that differs when the reader's is the same."""
    words = str(old), str(new)
    if words[0] != words[1] or not isinstance(old, Localized) or not isinstance(new, Localized):
        return words
    for language in sorted(old.keys() | new.keys()):
        if old.get(language, "") != new.get(language, ""):
            return tuple(f"{text.get(language, '')} ({language})" for text in (old, new))  # type: ignore[return-value]
    return words


def NAME() -> str:  # noqa: N802 - a constant in the reader's language
    """What the first line of a part is called."""
    return _("Name")


def said_of_rubric(rubric: Rubric) -> Said:
    return {
        NAME(): rubric.name,
        _("Declared total"): number(rubric.total),
        _("In force from"): date_format(rubric.valid_from) if rubric.valid_from else "",
        _("In force until"): date_format(rubric.valid_until) if rubric.valid_until else "",
    }


def phases_of(rubric: Rubric) -> dict[str, Said]:
    return {
        one.slug: {
            NAME(): one.name,
            _("Position"): str(one.position),
            _("Description"): one.description,
            _("Reached at"): f"{shown(one.reached_at)}%",
        }
        for one in Phase.objects.filter(rubric=rubric).order_by("position")
    }


def splits_of(rubric: Rubric) -> dict[str, Said]:
    return {
        one.slug: {NAME(): one.name, _("Description"): one.description}
        for one in SplitCriterion.objects.filter(dimension__rubric=rubric)
    }


def compared_dimensions(old: Rubric, new: Rubric) -> Iterator[Difference]:
    """Dimensions have no short name: by name first, what is left by position."""
    before = list(Dimension.objects.filter(rubric=old).order_by("position", "pk"))
    after = list(Dimension.objects.filter(rubric=new).order_by("position", "pk"))
    names = [one.name for one in before]
    fresh = [one for one in after if one.name not in names]
    gone = [one for one in before if one.name not in [row.name for row in after]]
    for one in fresh:
        was = next((row for row in gone if row.position == one.position), None)
        if was is None:
            yield Difference(ADDED, _("Dimension"), str(one.name))
        else:
            gone.remove(was)
            note = Note(NAME(), *in_words(was.name, one.name))
            yield Difference(CHANGED, _("Dimension"), str(one.name), "", [note])
    for one in gone:
        yield Difference(REMOVED, _("Dimension"), str(one.name))


def criteria_of(rubric: Rubric) -> dict[str, Said]:
    """Each criterion by its short name."""
    rows = (
        Criterion.objects.filter(dimension__rubric=rubric)
        .select_related("dimension", "part_of", "phase")
        .prefetch_related("bands", "guidance")
        .order_by("dimension__position", "position", "pk")
    )
    return {one.slug: said_of_criterion(one) for one in rows}


def said_of_criterion(one: Criterion) -> Said:
    bands = sorted(one.bands.all(), key=lambda band: -band.low)
    said: dict[str, Text] = {
        NAME(): one.name,
        _("Dimension"): one.dimension.name,
        _("Sub-item of"): "" if one.part_of is None else one.part_of.name,
        _("Phase"): "" if one.phase is None else one.phase.name,
        _("Description"): one.description,
        _("Maximum"): shown(one.maximum),
        _("Weight"): shown(one.weight),
        _("Step"): shown(one.step),
        _("Measured by"): one.measure,
        _("Prompt with the figure"): one.measure_prompt,
    }
    said |= numbered(
        _("Band"),
        [band_in_words(band) for band in bands],
    )
    guidance = sorted(one.guidance.all(), key=lambda row: -row.low)
    said |= numbered(
        _("Guidance"), [f"{range_in_words(row)}: {marks_in_words(row)}" for row in guidance]
    )
    return said


def band_in_words(band: Band) -> Localized:
    """What a band says, in each of its languages."""
    return Localized(
        {
            language: f"{shown(band.low)}–{shown(band.high)} {band.name[language]}"
            + (f": {band.descriptor[language]}" if band.descriptor.get(language) else "")
            for language in band.name
        }
    )


def numbered(what: str, lines: Sequence[Text]) -> dict[str, Text]:
    """Lines of one sort under a heading each."""
    return {f"{what} {index}": line for index, line in enumerate(lines, start=1)}


def number(value: Decimal | None) -> str:
    return "" if value is None else shown(value)


def by_criterion(found: Iterable[Difference]) -> dict[str, Difference]:
    """The changes of criteria by short name, to be shown beside them."""
    return {one.slug: one for one in found if one.slug}
