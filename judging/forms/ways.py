"""Reading what a judge sent of a list: an order, or points."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from common.errors import DomainError
from judging.forms.marks import read_number


def read_keys(sent: list[str]) -> list[int]:
    """Keys of rows; nonsense is left out."""
    return [int(one) for one in sent if one.isdecimal() and len(one) < 15]


def read_order(typed: QueryDict) -> list[int]:
    """The order of the rows, with one moved up or down where its button was pressed."""
    order = read_keys(typed.getlist("order"))
    verb, _colon, key = typed.get("move", "").partition(":")
    moved = read_keys([key])
    if moved and moved[0] in order:
        at = order.index(moved[0])
        to = at + {"up": -1, "down": 1}.get(verb, 0)
        if 0 <= to < len(order):
            order[at], order[to] = order[to], order[at]
    return order


def read_points(typed: QueryDict) -> dict[int, int]:
    """Points by row; an empty field is none."""
    found = {}
    for name in typed:
        prefix, _dash, key = name.partition("-")
        if prefix != "points" or not read_keys([key]):
            continue
        number = read_number(typed.get(name, ""), name)
        if number is not None and number != number.to_integral_value():
            raise DomainError(_("Give whole points."), field=name)
        found[int(key)] = int(number or 0)
    return found
