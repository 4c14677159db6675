"""How firm a standing is: the page of an organiser."""

import pytest

from judging.models import Conflict
from results.models import OutcomeRule
from results.services import compute_standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(finalist_rule, nomination, essay_round, compete, score, organiser):
    for name, totals in (("Aster", [95, 50, 93]), ("Birch", [80, 81, 80]), ("Cedar", [79, 82, 82])):
        score(compete(name), essay_round, *totals)
    compute_standing(finalist_rule, nomination, by=organiser)
    return f"/admin/results/outcomerule/{finalist_rule.pk}/nominations/1/firmness/"


def test_methods_and_judges_left_out_are_compared_with_the_standing(address, organiser, client_of):
    found = client_of(organiser).get(address).context["insight"]
    assert [bar.row.place for bar in found.bars] == [1, 2, 3]
    assert found.cut is not None
    assert len(found.methods) == 5
    base = OutcomeRule.objects.get().standings.get().rows.order_by("place")
    assert {str(row.entry.number) for row in base[:2]} >= {
        entry for one in found.methods for entry in one.leave
    }
    assert [one.name for one in found.judges] == ["Arkady Perlin", "Bella Quist", "Cyril Roth"]
    assert any(one.leave for one in found.judges_out)


def test_nobody_from_whom_something_is_hidden_sees_it(
    address, organiser, other_organiser, judge_user, nominee, client_of, nomination
):
    for user in (other_organiser, judge_user, nominee):
        assert client_of(user).get(address).status_code in {302, 404}
    Conflict.objects.create(
        user=organiser, entry=nomination.entries.first(), reason="A friend.", declared_by=organiser
    )
    assert client_of(organiser).get(address).status_code == 404
