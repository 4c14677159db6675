"""Text is found in any case of any alphabet, on both databases."""

import pytest

from accounts.models import Organisation
from common.sqlite import like
from nominations.services.entries import known_organisation


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("%ромашка%", "ООО «Ромашка»", True),
        ("a_c", "ABC", True),
        ("a_c", "ABBC", False),
        (r"100\%", "100%", True),
        (r"100\%", "100 times", False),
        ("a.c", "abc", False),
        ("%end", "one\nEND", True),
        (None, "x", None),
    ],
)
def test_a_pattern_is_read_as_sql_reads_it(pattern, text, found):
    assert like(pattern, text, "\\") is found


def test_cyrillic_names_are_found_in_any_case(db):
    Organisation.objects.create(name="Банк Ромашка")

    assert Organisation.objects.filter(name__iexact="БАНК ромашка").exists()
    assert Organisation.objects.filter(name__icontains="РОМАШ").exists()
    assert not Organisation.objects.filter(name__iexact="Банк").exists()


def test_a_participant_named_in_another_case_is_the_organisation_that_is_known(draft):
    known = Organisation.objects.create(name="Банк Ромашка")

    assert known_organisation(draft, "банк ромашка") == known
