"""Places for files on a page."""

from typing import Any

from django import template

from common.uploads import MAX_BYTES, MEGABYTE
from nominations.models import Prerequisite, Prompt, Purpose
from nominations.slots import Slot

register = template.Library()


@register.simple_tag
def slot_for(purpose: Any, prompt: Prompt | None, prerequisite: Prerequisite | None) -> Slot:
    """The place for files of a purpose; the template names what it belongs to."""
    return Slot(Purpose(purpose or Purpose.SUPPORT), prompt or None, prerequisite or None)


@register.simple_tag
def largest_megabytes() -> int:
    """How large one file may be."""
    return MAX_BYTES // MEGABYTE


@register.simple_tag
def largest_bytes() -> int:
    """The same in bytes, for scripts."""
    return MAX_BYTES


@register.filter
def room_for(slot: Slot, files: Any) -> int:
    """How many more files the place takes; a new essay or scan replaces the one that is there."""
    return 1 if slot.replaces else max(0, slot.most - len(files or ()))


@register.filter
def in_list(one: Any) -> list[Any]:
    """One thing as a list of it; nothing as none."""
    return [one] if one else []
