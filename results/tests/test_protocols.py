"""Whom a protocol is shown, and what checks it far from the portal."""

import json
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.urls import reverse

from results.models import Disclosure, ReleaseState, Standing
from results.services import choose_disclosure
from results.services.protocol import protocol

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(finalist_rule, admitted_entry, compete, essay_round, score, publish):
    """Published, with three scorecards; another entry came second."""
    score(admitted_entry, essay_round, 70, 80, 95)
    score(compete("Birch"), essay_round, 60, 60, 60)
    publish(finalist_rule, admitted_entry)
    return admitted_entry


@pytest.fixture
def address(season, nomination):
    return reverse("results:protocol", args=[season.slug, "finalist", nomination.number])


def test_everybody_gets_the_protocol_once_the_season_shows_it(
    entry, season, organiser, address, client_of
):
    before = client_of(None).get(address)
    choose_disclosure(season, by=organiser, chosen=["protocols"])
    page = client_of(None).get(reverse("results:disclosure", args=[season.slug]))
    answer = client_of(None).get(address)

    standing = Standing.objects.get()
    assert before.status_code == 404
    assert address in page.content.decode()
    assert json.loads(answer.content) == json.loads(json.dumps(protocol(standing)))
    assert "Perlin" not in answer.content.decode()


def test_the_protocol_goes_where_the_release_goes(
    entry, season, finalist_rule, organiser, address, client_of
):
    choose_disclosure(season, by=organiser, chosen=["protocols"])
    shown = client_of(None).get(address)
    finalist_rule.releases.update(state=ReleaseState.RETRACTED)

    assert (shown.status_code, client_of(None).get(address).status_code) == (200, 404)


def test_a_protocol_in_which_two_judges_stand_alone_is_kept_back(
    finalist_rule, admitted_entry, essay_round, score, publish, season, address, client_of
):
    score(admitted_entry, essay_round, 70, 80)
    publish(finalist_rule, admitted_entry)
    Disclosure.objects.create(season=season, protocols=True)

    page = client_of(None).get(reverse("results:disclosure", args=[season.slug]))

    assert client_of(None).get(address).status_code == 404
    assert "kept back: fewer than three judges" in page.content.decode()
    assert Standing.objects.get().inputs_sha256 in page.content.decode()


def test_the_page_on_method_tells_the_fingerprints_once_an_outcome_is_public(
    finalist_rule, admitted_entry, essay_round, score, decide, publish, season, client_of
):
    page = reverse("results:methodology", args=[season.slug])
    score(admitted_entry, essay_round, 70, 80, 90)
    decide(finalist_rule, admitted_entry)
    standing = Standing.objects.get()
    secret = client_of(None).get(page).content.decode()

    publish(finalist_rule)

    told = client_of(None).get(page).content.decode()
    assert [standing.inputs_sha256 in secret, standing.results_sha256 in secret] == [False, False]
    assert [standing.inputs_sha256 in told, standing.results_sha256 in told] == [True, True]


def test_the_packed_program_recomputes_a_protocol_far_from_the_portal(entry, tmp_path, client_of):
    answer = client_of(None).get(reverse("results:recomputer"))
    program, file = tmp_path / "verify_standing.pyz", tmp_path / "protocol.json"
    program.write_bytes(answer.content)
    document = json.loads(json.dumps(protocol(Standing.objects.get())))
    file.write_text(json.dumps(document))

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", str(program), str(file)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    sound = run()
    document["basis"]["scorecards"]["essay"][0][2] = "99.000000"
    file.write_text(json.dumps(document))
    forged = run()

    assert (sound.returncode, sound.stderr) == (0, "")
    assert document["results_sha256"] in sound.stdout
    assert forged.returncode == 1
    assert "NO: The scorecards do not fit their SHA-256." in forged.stdout


def test_the_command_says_whether_this_portal_froze_the_standing(entry, tmp_path, capsys):
    file = tmp_path / "protocol.json"
    document = json.loads(json.dumps(protocol(Standing.objects.get())))
    file.write_text(json.dumps(document))
    call_command("verify_standing", file)
    here = capsys.readouterr().out
    file.write_text(json.dumps({**document, "season": "another"}))
    call_command("verify_standing", file)

    assert "This portal froze it on" in here
    assert "This portal holds no such standing" in capsys.readouterr().out
