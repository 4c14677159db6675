"""What a value in a season file can be, and how each kind is read and refused.

A kind reads one YAML node into a Python value. When it cannot, it notes a fault and returns its
`blank`, so that reading goes on and every fault is found in one pass.
"""

import re
from collections.abc import Collection
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from django.utils.translation import gettext as _

from blueprints.faults import Faults, Place
from common.localized import Localized

Missing = object()


class Kind:
    """Reads a node; `blank` stands for a value that could not be read."""

    blank: Any = None

    def read(self, node: yaml.Node, path: str, faults: Faults) -> Any:
        raise NotImplementedError


def has(kind: Kind) -> Any:
    """A key that must be there."""
    return field(metadata={"kind": kind, "required": True})


def may_have(kind: Kind, default: Any = Missing) -> Any:
    """A key that may be left out."""
    if default is Missing:
        default = kind.blank
    metadata = {"kind": kind, "required": False}
    if isinstance(default, (list, dict)):
        return field(default_factory=lambda: type(default)(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(kw_only=True)
class Part:
    """A mapping of the file; its fields are the keys it knows. `path` says where it stands."""

    path: str


def place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def is_empty(node: yaml.Node) -> bool:
    """Whether nothing, `~` or `null` is written."""
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


class One(Kind):
    """A mapping, read into a Part."""

    def __init__(self, part: type[Part]) -> None:
        self.part = part
        self.known = {item.name: item for item in fields(part) if item.metadata}

    def read(self, node: yaml.Node, path: str, faults: Faults) -> Any:
        faults.places[path] = place(node)
        pairs = pairs_of(node, path, faults)
        if pairs is None:
            return self.blank
        values: dict[str, Any] = {"path": path}
        for key, (key_node, value_node) in pairs.items():
            where = f"{path}.{key}" if path else key
            if key not in self.known:
                known = ", ".join(self.known)
                faults.add(
                    where,
                    _("This key is not known here. Known are: %(known)s.") % {"known": known},
                    place(key_node),
                )
                continue
            faults.places[where] = place(value_node)
            values[key] = self.known[key].metadata["kind"].read(value_node, where, faults)
        for key, item in self.known.items():
            if key in values:
                continue
            if item.metadata["required"]:
                faults.add(f"{path}.{key}" if path else key, _("This key is missing."))
                values[key] = item.metadata["kind"].blank
            elif item.default is not MISSING:
                values[key] = item.default
        return self.part(**values)


def pairs_of(
    node: yaml.Node, path: str, faults: Faults
) -> dict[str, tuple[yaml.Node, yaml.Node]] | None:
    """Return the keys of a mapping with their nodes; a key that stands twice is a fault."""
    if not isinstance(node, yaml.MappingNode):
        faults.add(path, _("Keys with values are expected here (“key: value”)."), place(node))
        return None
    pairs: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if not isinstance(key_node, yaml.ScalarNode):
            faults.add(path, _("A key is one word."), place(key_node))
        elif key in pairs:
            line = pairs[key][0].start_mark.line + 1
            where = f"{path}.{key}" if path else key
            message = _("This key stands here twice; the first is on line %(line)s.")
            faults.add(where, message % {"line": line}, place(key_node))
        else:
            pairs[key] = (key_node, value_node)
    return pairs


class Many(Kind):
    """A list, each item of one kind."""

    def __init__(self, item: Kind, *, least: int = 1) -> None:
        self.item = item
        self.least = least

    @property
    def blank(self) -> list[Any]:
        return []

    def read(self, node: yaml.Node, path: str, faults: Faults) -> list[Any]:
        if not isinstance(node, yaml.SequenceNode):
            faults.add(path, _("A list is expected here: each item on a line with “- ”."))
            return []
        if len(node.value) < self.least:
            faults.add(path, _("This list is empty."))
        items = []
        for index, item in enumerate(node.value):
            where = f"{path}[{index}]"
            faults.places[where] = place(item)
            items.append(self.item.read(item, where, faults))
        return [item for item in items if item is not None]


class Scalar(Kind):
    """A single value."""

    def read(self, node: yaml.Node, path: str, faults: Faults) -> Any:
        if not isinstance(node, yaml.ScalarNode) or is_empty(node):
            faults.add(path, _("%(expected)s is expected here.") % {"expected": self.words()})
            return self.blank
        return self.parse(node.value, node, path, faults)

    def words(self) -> str:
        return _("A text")

    def refusal(self, text: str) -> str:
        parts = {"expected": self.words(), "value": text[:60]}
        return _("%(expected)s is expected here, not “%(value)s”.") % parts

    def parse(self, text: str, node: yaml.ScalarNode, path: str, faults: Faults) -> Any:
        raise NotImplementedError


class Line(Scalar):
    """One short text, perhaps of a certain form."""

    blank = ""

    def __init__(self, pattern: str = r".+", form: Any = "", most: int = 200) -> None:
        self.pattern = re.compile(pattern)
        self.form = form
        self.most = most

    def parse(self, text: str, node: yaml.ScalarNode, path: str, faults: Faults) -> str:
        if not self.pattern.fullmatch(text):
            faults.add(path, self.form or _("This is a single line of text."))
            return ""
        if len(text) > self.most:
            message = _("At most %(most)s characters; these are %(count)s.")
            faults.add(path, message % {"most": self.most, "count": len(text)})
        return text


class Choice(Scalar):
    """One of a few words."""

    blank = ""

    def __init__(self, values: Collection[str]) -> None:
        self.values = list(values)

    def words(self) -> str:
        return _("One of %(values)s") % {"values": ", ".join(self.values)}

    def parse(self, text: str, node: yaml.ScalarNode, path: str, faults: Faults) -> str:
        if text not in self.values:
            message = _("“%(value)s” is not one of: %(values)s.")
            faults.add(path, message % {"value": text[:60], "values": ", ".join(self.values)})
            return ""
        return text


class Whole(Scalar):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def words(self) -> str:
        bounds = {"least": self.least, "most": self.most}
        return _("A whole number from %(least)s to %(most)s") % bounds

    def parse(self, text: str, node: yaml.ScalarNode, path: str, faults: Faults) -> int | None:
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not self.least <= int(text) <= self.most:
            faults.add(path, self.refusal(text))
            return None
        return int(text)


class Number(Whole):
    """A number above zero (or from zero), with so many digits after the point at most."""

    def __init__(self, most: int, places: int, *, zero: bool = False) -> None:
        super().__init__(0, most)
        self.places, self.zero = places, zero

    def words(self) -> str:
        parts = {"most": self.most, "places": self.places}
        if self.zero:
            return _("A number from 0 to %(most)s with at most %(places)s decimals") % parts
        return _("A number above 0, up to %(most)s, with at most %(places)s decimals") % parts

    def parse(  # type: ignore[override]
        self, text: str, node: yaml.ScalarNode, path: str, faults: Faults
    ) -> Decimal | None:
        try:
            value = Decimal(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None
        except InvalidOperation:
            value = None
        exact = value is not None and value == round(value, self.places)
        if value is None or not exact or value > self.most or (value == 0 and not self.zero):
            faults.add(path, self.refusal(text))
            return None
        return value


class Amount(Scalar):
    """A number, below zero too, with at most four digits after the point."""

    def words(self) -> str:
        return _("A number with at most 4 decimals")

    def parse(self, text: str, node: yaml.ScalarNode, path: str, faults: Faults) -> Decimal | None:
        if not re.fullmatch(r"-?[0-9]{1,14}(\.[0-9]{1,4})?", text):
            faults.add(path, self.refusal(text))
            return None
        return Decimal(text)


class Truth(Scalar):
    """true or false."""

    def words(self) -> str:
        return _("true or false")

    def parse(self, text: str, node: yaml.ScalarNode, path: str, faults: Faults) -> bool | None:
        if text not in {"true", "false"}:
            faults.add(path, self.refusal(text))
            return None
        return text == "true"


class Moment(Scalar):
    """A date and a time of day, in the season's zone."""

    def words(self) -> str:
        return _("A moment such as 2022-01-21T00:00")

    def parse(self, text: str, node: yaml.ScalarNode, path: str, faults: Faults) -> datetime | None:
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - the zone comes later
        except ValueError:
            faults.add(path, self.refusal(text))
            return None


class Day(Scalar):
    """A date."""

    def words(self) -> str:
        return _("A date such as 2025-02-01")

    def parse(self, text: str, node: yaml.ScalarNode, path: str, faults: Faults) -> date | None:
        try:
            if len(text) == len("2025-02-01"):
                return date.fromisoformat(text)
        except ValueError:
            pass
        faults.add(path, self.refusal(text))
        return None


class Texts(Kind):
    """A text for people: a value per language. Which languages is checked with the season."""

    @property
    def blank(self) -> Localized:
        return Localized()

    def read(self, node: yaml.Node, path: str, faults: Faults) -> Localized:
        if not isinstance(node, yaml.MappingNode):
            faults.add(path, _("A text per language is expected here, such as “ru: …”, “en: …”."))
            return Localized()
        texts = Localized()
        pairs = pairs_of(node, path, faults) or {}
        faults.texts[path] = set(pairs)
        for language, (key, value) in pairs.items():
            where = f"{path}.{language}"
            faults.places[where] = place(key)
            if not isinstance(value, yaml.ScalarNode):
                faults.add(where, _("%(expected)s is expected here.") % {"expected": _("A text")})
            elif is_empty(value) or not value.value.strip():
                faults.add(where, _("This text is empty."))
            else:
                texts[language] = value.value.strip()
        return texts


SLUG = Line(
    r"[A-Za-z0-9_-]+",
    _("A short name is made of Latin letters, digits, hyphens and underscores."),
    50,
)
