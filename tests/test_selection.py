import pytest

from tests.selection import belongs


@pytest.mark.parametrize(
    ("marks", "database", "parts"),
    [
        (set(), False, ["unit"]),
        ({"django_db"}, True, ["unit", "postgres"]),
        ({"redis"}, False, ["unit"]),
        ({"slow", "django_db"}, True, ["unit"]),
        ({"postgres", "django_db"}, True, ["postgres"]),
        ({"postgres"}, False, ["postgres"]),
        ({"browser", "django_db"}, True, ["journeys"]),
    ],
)
def test_a_test_runs_in_each_part_it_belongs_to(marks, database, parts):
    everything = ["unit", "postgres", "journeys"]

    assert [part for part in everything if belongs(part, marks, database=database)] == parts


def test_without_a_part_every_test_runs():
    assert belongs("", {"browser"}, database=False)
