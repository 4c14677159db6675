"""What the keys of a prompt must mean together: which go with its kind, their ranges, its condition."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from blueprints.faults import Faults
from blueprints.kinds import Whole
from blueprints.schema import Condition, Nomination, Prompt
from nominations.fields import MAX_ROWS
from nominations.models import PromptKind

RANGE = {"minimum", "maximum"}
FIGURE = {"unit", "decimals", "minimum_message"} | RANGE
KEYS_OF_KIND: dict[PromptKind, set[str]] = {
    PromptKind.TEXT: {"min_words", "max_words"},
    PromptKind.YEAR: {"minimum_message"} | RANGE,
    PromptKind.NUMBER: FIGURE,
    PromptKind.METRIC: FIGURE,
    PromptKind.DATE: set(),
    PromptKind.CHOICE: {"options"},
    PromptKind.CHOICES: {"options"},
    PromptKind.LINK: set(),
    PromptKind.VIDEO: set(),
    PromptKind.FILE: RANGE,
    PromptKind.TABLE: {"columns"} | RANGE,
}
OF_SOME_KINDS = sorted(set().union(*KEYS_OF_KIND.values()))
NEEDED = {
    PromptKind.CHOICE: "options",
    PromptKind.CHOICES: "options",
    PromptKind.TABLE: "columns",
}
MOST_FILES = 50
BOUNDS = {
    PromptKind.YEAR: (1000, 9999),
    PromptKind.TABLE: (1, MAX_ROWS),
    PromptKind.FILE: (1, MOST_FILES),
}


def check_prompts(nomination: Nomination, faults: Faults) -> None:
    """Look at each prompt alone, then at what it waits for."""
    earlier: dict[str, Prompt] = {}
    for prompt in nomination.prompts:
        if prompt.kind:
            check_keys(prompt, PromptKind(prompt.kind), faults)
        check_range(prompt, faults)
        if prompt.shown_if is not None:
            check_condition(prompt, prompt.shown_if, earlier, nomination, faults)
        earlier[prompt.slug] = prompt


def check_keys(prompt: Prompt, kind: PromptKind, faults: Faults) -> None:
    """Keys that fit the kind of the prompt, and those it cannot do without."""

    def written(key: str) -> bool:
        return f"{prompt.path}.{key}" in faults.places

    for key in OF_SOME_KINDS:
        if written(key) and key not in KEYS_OF_KIND[kind]:
            message = _("This key does not go with a prompt of kind %(kind)s.")
            faults.add(f"{prompt.path}.{key}", message % {"kind": kind.value})
    needed = NEEDED.get(kind)
    if needed and not written(needed):
        message = _("This key is missing: a prompt of kind %(kind)s needs it.")
        faults.add(f"{prompt.path}.{needed}", message % {"kind": kind.value})
    says_why = written("minimum_message")
    if kind == PromptKind.YEAR and written("minimum") and not says_why:
        message = _("This key is missing: with “minimum”, say why an earlier year is refused.")
        faults.add(f"{prompt.path}.minimum_message", message)
    ranged = written("minimum") or written("maximum")
    if says_why and not ranged and "minimum_message" in KEYS_OF_KIND[kind]:
        message = _("This key needs “minimum” or “maximum” beside it.")
        faults.add(f"{prompt.path}.minimum_message", message)


def check_range(prompt: Prompt, faults: Faults) -> None:
    """A range that is one, in numbers that the kind counts in."""
    if prompt.min_words and prompt.max_words and prompt.min_words > prompt.max_words:
        faults.add(f"{prompt.path}.max_words", _("The most words are not fewer than the least."))
    for key, value in bounds_of(prompt):
        if fault := bound_fault(prompt, value):
            faults.add(f"{prompt.path}.{key}", fault)
    least, most = prompt.minimum, prompt.maximum
    if least is not None and most is not None and least > most:
        faults.add(f"{prompt.path}.maximum", _("The most is not less than the least."))


def bounds_of(prompt: Prompt) -> Iterator[tuple[str, Decimal]]:
    """Those written."""
    for key, value in (("minimum", prompt.minimum), ("maximum", prompt.maximum)):
        if value is not None:
            yield key, value


def bound_fault(prompt: Prompt, value: Decimal) -> str:
    """Say why a number bounds nothing of this kind, or nothing."""
    within = BOUNDS.get(PromptKind(prompt.kind)) if prompt.kind else None
    if within is not None:
        least, most = within
        if value == value.to_integral_value() and least <= value <= most:
            return ""
        return Whole(least, most).refusal(f"{value:f}")
    if prompt.kind in {PromptKind.NUMBER, PromptKind.METRIC}:
        exponent = value.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > (prompt.decimals or 0):
            return _("This has more digits after the point than an answer may have (“decimals”).")
    return ""


def check_condition(
    prompt: Prompt,
    condition: Condition,
    earlier: dict[str, Prompt],
    nomination: Nomination,
    faults: Faults,
) -> None:
    """A condition looks back, at something that can be answered, and at a choice that there is."""
    if not condition.prompt:
        return
    where = f"{condition.path}.prompt"
    other = earlier.get(condition.prompt)
    if other is None:
        if condition.prompt == prompt.slug:
            message = _("A prompt does not wait for itself.")
        elif any(condition.prompt == one.slug for one in nomination.prompts):
            message = _("A prompt waits for an earlier one only; “%(value)s” comes later.")
        else:
            message = _("The nomination has no prompt “%(value)s”.")
        faults.add(where, message % {"value": condition.prompt})
        return
    if other.kind == PromptKind.FILE:
        faults.add(where, _("No prompt waits for a file; take another kind of prompt."))
    if not condition.value or not other.kind:
        return
    if other.kind not in {PromptKind.CHOICE, PromptKind.CHOICES}:
        message = _("Only a prompt of kind choice or choices has values to wait for.")
        faults.add(f"{condition.path}.value", message)
    elif condition.value not in {option.slug for option in other.options}:
        message = _("“%(value)s” is not one of the choices of “%(prompt)s”.")
        words = {"value": condition.value, "prompt": condition.prompt}
        faults.add(f"{condition.path}.value", message % words)
