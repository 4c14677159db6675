"""A line beside each question for people who write together."""

from typing import Any

from django import template

from nominations.models import Entry, Prompt
from nominations.team import Beside

register = template.Library()


@register.inclusion_tag("nominations/_beside.html")
def beside(team: dict[int, Beside], entry: Entry, prompt: Prompt) -> dict[str, Any]:
    """Who writes here, who saved it last, and the way to its comments."""
    return {"entry": entry, "prompt": prompt, "row": team.get(prompt.pk, Beside())}
