"""Pages of rules, protocols and tables of marks."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from judging.models import JuryKind
from judging.services import declare_conflict
from results.models import StandingRow
from results.services import compute_standing

pytestmark = pytest.mark.django_db

TABLE = "entry,judge,criterion,mark\nA,x,c,8\nA,y,c,6\nB,x,c,5\nB,y,c,4\n"


@pytest.fixture
def computed(finalist_rule, essay_round, nomination, organiser, compete, score):
    entries = [compete("Aster"), compete("Birch")]
    score(entries[0], essay_round, 70, 80)
    score(entries[1], essay_round, 90, 60)
    compute_standing(finalist_rule, nomination, by=organiser)
    return entries


def test_the_page_of_rules_shows_the_tree_and_fixes_it_once(finalist_rule, organiser, client_of):
    client = client_of(organiser)
    url = reverse("admin:results_outcomerule_rules", args=[finalist_rule.pk])

    before = client.get(url).content.decode()
    client.post(url, {"reason": ""})
    after = client.get(url).content.decode()

    assert "not fixed yet" in before
    assert "as fixed" in after
    assert finalist_rule.locks.get().locked_by == organiser


def test_protocols_are_for_organisers_whom_no_conflict_keeps_away(
    finalist_rule, nomination, organiser, computed, client_of
):
    client = client_of(organiser)
    names = ("protocol_json", "protocol_pdf")
    urls = [
        reverse(f"admin:results_outcomerule_{name}", args=[finalist_rule.pk, nomination.number])
        for name in names
    ]

    document, pdf = (client.get(url) for url in urls)
    declare_conflict(organiser, by=organiser, reason="A cousin.", entry=computed[0])

    assert json.loads(document.content)["nomination"] == nomination.number
    assert pdf.content.startswith(b"%PDF")
    assert [client.get(url).status_code for url in urls] == [403, 403]


def test_the_table_of_a_nomination_shows_plain_means_and_likely_places(
    finalist_rule, nomination, organiser, computed, client_of
):
    page = client_of(organiser).get(
        reverse("admin:results_outcomerule_nomination", args=[finalist_rule.pk, nomination.number])
    )

    assert "Likely places" in page.content.decode()
    assert all(row.lo and row.hi and row.se for row in StandingRow.objects.all())


def test_a_table_of_marks_is_ranked_downloaded_and_forgotten(
    season, organiser, client_of, monkeypatch
):
    client, url = client_of(organiser), reverse("admin:results_outcomerule_rank")

    def send(text, **more):
        file = SimpleUploadedFile("marks.csv", text.encode())
        return client.post(url, {"file": file, "method": "mean", "top": 1, **more})

    shown, download = send(TABLE), send(TABLE, download="1")
    wrong = send("entry,judge,criterion,mark\nA,x,c,many\n")

    assert [row["entry"] for row in json.loads(download.content)["entries"]] == ["A", "B"]
    assert "7.000" in shown.content.decode()
    assert "Line 2" in wrong.content.decode()

    monkeypatch.setattr("results.admin.standings.MOST_RASCH", 3)
    for method, is_ranked in (("mfrm", False), ("standard", False), ("judges_eb", True)):
        page = send(TABLE, method=method)
        assert (page.context["result"] is not None) == is_ranked
        assert ("run the command rank_marks" in page.content.decode()) != is_ranked


def test_the_round_and_the_rules_say_that_experts_and_public_lack_their_weights(
    finalist_rule, essay_round, season, organiser, client_of
):
    public = season.juries.create(slug="public", kind=JuryKind.PUBLIC, name={"en": "Public"})
    page = client_of(organiser)
    url = reverse("admin:judging_round_change", args=[essay_round.pk])
    shown = page.get(url)
    sent = {
        bound.html_name: bound.value()
        for bound in shown.context["adminform"].form
        if bound.name != "name" and bound.value() not in (None, False)
    }
    languages = shown.context["adminform"].form.fields["name"].widget.widgets_names
    sent |= {f"name{tail}": "Essay" for tail in languages}
    sent |= {"juries": [essay_round.juries.get().pk, public.pk], "nominations": []}
    sent |= {
        f"{one.formset.prefix}-{name}": "0"
        for one in shown.context["inline_admin_formsets"]
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    saved = page.post(url, sent, follow=True)
    rules = page.get(reverse("admin:results_outcomerule_rules", args=[finalist_rule.pk]))

    assert essay_round.juries.count() == 2
    told = [str(one) for one in saved.context["messages"]]
    assert any("Nothing says what each jury of this round weighs" in one for one in told)
    assert rules.context["unclear"] == [essay_round]
    assert url in rules.content.decode()
