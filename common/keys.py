"""Asking for rows by very many keys, when naming each of them costs more than the database does."""

from collections.abc import Collection

from django.db.models import Q

# More keys than this are asked for by their range; some databases also take only so many by name.
NAMED = 500


def among(name: str, keys: Collection[int]) -> Q:
    """Rows of which a key is one of these or, where they are many, between the least and the greatest.

    Who asks leaves out what lies between.
    """
    if len(keys) <= NAMED:
        return Q(**{f"{name}__in": keys})
    return Q(**{f"{name}__gte": min(keys), f"{name}__lte": max(keys)})
