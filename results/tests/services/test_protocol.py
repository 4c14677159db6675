"""Standings are frozen with their rules, say what changed, and can be reckoned again."""

import copy
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from common.errors import DomainError
from docs import verify_standing
from judging.models import JuryKind, PanelWeight
from judging.scoring import PLACES, RASCH
from judging.scoring.protocol import faults, other_models
from nominations.models import Revision
from results.models import Method, Missing, ResultPart, RunState, Scale
from results.services import ask_standings, compute_standing, fix_open_rules, fix_rules
from results.services.composing import rules_of
from results.services.locking import write_lock
from results.services.protocol import protocol
from results.services.ranking import freeze_pools
from tests.factories import make_judge

pytestmark = pytest.mark.django_db


@pytest.fixture
def standing(finalist_rule, essay_round, nomination, organiser, compete, score):
    score(compete("Aster"), essay_round, 70, 80, 60)
    score(compete("Birch"), essay_round, 90, 70)
    score(compete("Cedar"), essay_round, 60, 50, 40)
    return compute_standing(finalist_rule, nomination, by=organiser)


def test_a_protocol_recomputes_byte_for_byte_and_one_changed_total_is_found(standing, tmp_path):
    document = json.loads(json.dumps(protocol(standing)))
    forged = copy.deepcopy(document)
    forged["basis"]["scorecards"]["essay"][0][2] = "99.000000"
    file = tmp_path / "protocol.json"
    file.write_text(json.dumps(forged))

    assert list(faults(document)) == []
    assert list(faults(forged)) == [
        "The scorecards do not fit their SHA-256.",
        "The results do not follow from the rules and the scorecards.",
    ]
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_standing", file)


def redrawn(document, version, chances):
    """The protocol as another version of the drawing would have written it."""
    found = copy.deepcopy(document)
    found["versions"]["places"] = version
    for row, chance in zip(found["results"]["rows"], chances, strict=True):
        row["p_top"] = chance
    found["results_sha256"] = Revision.digest(found["results"])
    return found


def test_chances_that_another_version_drew_are_named_and_the_rest_is_recomputed(
    standing, tmp_path, capsys
):
    document = json.loads(json.dumps(protocol(standing)))
    chances = [row["p_top"] for row in document["results"]["rows"]]
    near = [f"{abs(float(one) - 0.01):.4f}" for one in chances]
    older = redrawn(document, "1", near)
    file = tmp_path / "protocol.json"
    file.write_text(json.dumps(older))
    forged = copy.deepcopy(older)
    forged["results"]["rows"][0]["place"] = 2
    forged["results_sha256"] = Revision.digest(forged["results"])
    far = redrawn(document, "1", ["0.0100", *near[1:]])

    call_command("verify_standing", file)

    told = capsys.readouterr().out
    assert "byte for byte, with one exception:" in told
    assert "drawn by version 1 and are not recomputed: this portal draws by version 2" in told
    assert list(faults(redrawn(document, PLACES, near))) == [
        "The results do not follow from the rules and the scorecards."
    ]
    assert list(faults(forged)) == ["The results do not follow from the rules and the scorecards."]
    (fault,) = faults(far)
    assert fault.endswith(f"the chance 0.0100 is too far from {chances[0]}, drawn anew.")
    assert verify_standing.main([str(file)]) == 0
    assert "(drawn by version 1)" in capsys.readouterr().out


def test_results_of_another_version_of_the_scoring_are_not_called_forged(
    standing, tmp_path, capsys
):
    document = json.loads(json.dumps(protocol(standing)))
    document["versions"]["scoring"] = "standard-v0"
    document["results"]["rows"][0]["score"] = "1.000000"
    document["results_sha256"] = Revision.digest(document["results"])
    file = tmp_path / "protocol.json"
    file.write_text(json.dumps(document))

    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_standing", file)

    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("NO: The results were computed by scoring standard-v0; this portal")
    assert told[1] == "It was computed with scoring standard-v0; here it is standard-v1."
    del document["versions"]["rasch"]
    document["rules"]["tree"] = {"method": "mfrm"}
    assert list(other_models(document))[1] == ("rasch", "1", RASCH)


def test_the_script_without_the_portal_agrees(standing, tmp_path):
    document = json.loads(json.dumps(protocol(standing)))
    forged = copy.deepcopy(document)
    forged["results"]["rows"][0]["score"] = "99.000000"
    file = tmp_path / "protocol.json"
    file.write_text(json.dumps(document))

    assert verify_standing.main([str(file)]) == 0
    assert "The results do not fit their SHA-256." in list(verify_standing.faults(forged))
    assert any("weighted sum" in fault for fault in verify_standing.faults(forged))


def test_the_script_knows_that_a_complete_plan_tells_leniencies_beside_plain_means(
    finalist_rule, essay_round, nomination, organiser, compete, score
):
    for name, totals in (("Aster", (70, 80, 60)), ("Birch", (90, 75, 70)), ("Cedar", (60, 50, 40))):
        score(compete(name), essay_round, *totals)

    standing = compute_standing(finalist_rule, nomination, by=organiser)

    (leaf,) = standing.results["leaves"]
    assert (leaf["method"], leaf["switch"]) == ("mean", "complete")
    assert any(float(one["leniency"]) for one in leaf["judges"])
    assert list(verify_standing.faults(json.loads(json.dumps(protocol(standing))))) == []


def test_the_least_score_is_part_of_the_rules_and_of_what_the_script_checks(
    standing, finalist_rule, nomination, organiser
):
    before = rules_of(finalist_rule)
    finalist_rule.least_score = Decimal(75)
    finalist_rule.save()
    fix_rules(finalist_rule, by=organiser, reason="The statute sets it.")

    second = compute_standing(finalist_rule, nomination, by=organiser)

    document = json.loads(json.dumps(protocol(second)))
    assert rules_of(finalist_rule) == {**before, "least_score": "75.00"}
    assert sum(row["proposed"] for row in document["results"]["rows"]) == 1
    assert list(faults(document)) == list(verify_standing.faults(document)) == []
    document["results"]["rows"][-1]["proposed"] = True
    assert any("Who is proposed" in fault for fault in verify_standing.faults(document))


def test_a_new_standing_says_what_changed_and_the_old_one_cannot_be_rewritten(
    standing, finalist_rule, essay_round, nomination, organiser, compete, score
):
    dill = compete("Dill")
    score(dill, essay_round, 95, 95)

    second = compute_standing(finalist_rule, nomination, by=organiser)

    assert second.previous == standing
    assert second.changes["entered"] == [dill.number]
    assert second.changes["scorecards"] == {"added": 2, "left_out": 0, "corrected": 0}
    assert [(one["from"], one["to"]) for one in second.changes["moved"]] == [(2, 3), (1, 2), (3, 4)]
    with pytest.raises(DatabaseError), transaction.atomic():
        standing.rows.update(place=1)


def test_rules_changed_after_the_first_score_need_a_reason_that_is_kept(
    standing, finalist_rule, nomination, organiser
):
    finalist_rule.quota = 1
    finalist_rule.save()

    with pytest.raises(DomainError, match="rules were changed"):
        compute_standing(finalist_rule, nomination, by=organiser)
    with pytest.raises(DomainError, match="Say why"):
        fix_rules(finalist_rule, by=organiser)
    fix_rules(finalist_rule, by=organiser, reason="The sponsor gives one prize.")
    second = compute_standing(finalist_rule, nomination, by=organiser)

    assert second.changes["rules"] is True
    assert (second.lock.number, second.lock.reason) == (2, "The sponsor gives one prize.")
    assert second.lock.scores_visible is True


def test_rules_are_fixed_by_themselves_when_the_first_round_opens(finalist_rule, judging_open):
    before = fix_open_rules()
    judging_open()

    assert (before, fix_open_rules(), fix_open_rules()) == (0, 1, 0)
    assert finalist_rule.locks.get().scores_visible is False


def test_juries_of_a_round_count_by_their_weights_and_a_public_one_by_its_mean(
    finalist_rule, essay_round, jury, season
):
    public = season.juries.create(slug="public", kind=JuryKind.PUBLIC, name={"en": "Public"})
    essay_round.juries.add(public)
    PanelWeight.objects.create(round=essay_round, jury=jury, weight=Decimal(80))
    PanelWeight.objects.create(round=essay_round, jury=public, weight=Decimal(20))

    (round_,) = rules_of(finalist_rule)["tree"]["children"]

    assert [(one["jury"], one["weight"], one["method"]) for one in round_["children"]] == [
        (jury.slug, "80.00", "standard"),
        ("public", "20.00", "mean"),
    ]


@pytest.fixture
def mixed(essay_round, season):
    """The round of the experts, which the public has joined."""
    public = season.juries.create(slug="public", kind=JuryKind.PUBLIC, name={"en": "Public"})
    essay_round.juries.add(public)
    return essay_round, public


def test_a_round_of_experts_and_public_is_not_computed_before_somebody_says_what_each_weighs(
    finalist_rule, mixed, jury, nomination, organiser, compete, score, judging_open
):
    round_, public = mixed
    score(compete("Aster"), round_, 70, 80, 60)
    judging_open()

    with pytest.raises(DomainError, match="Nothing says what each jury weighs in: Essay"):
        compute_standing(finalist_rule, nomination, by=organiser)
    with pytest.raises(DomainError, match="Nothing says"):
        fix_rules(finalist_rule, by=organiser)
    assert (fix_open_rules(), finalist_rule.locks.count()) == (0, 0)

    PanelWeight.objects.create(round=round_, jury=jury, weight=Decimal(80))
    with pytest.raises(DomainError, match="Nothing says"):
        compute_standing(finalist_rule, nomination, by=organiser)
    PanelWeight.objects.create(round=round_, jury=public, weight=Decimal(20))
    assert compute_standing(finalist_rule, nomination, by=organiser).rows.count() == 1


def test_who_asks_for_a_plain_mean_has_said_that_all_scorecards_count_alike(
    finalist_rule, mixed, nomination, organiser, compete, score
):
    score(compete("Aster"), mixed[0], 70, 80, 60)
    finalist_rule.method = Method.MEAN
    finalist_rule.save()

    assert compute_standing(finalist_rule, nomination, by=organiser).rows.get().score == 70


def test_rules_fixed_before_the_juries_had_to_be_weighed_are_computed_as_they_were_fixed(
    finalist_rule, mixed, nomination, organiser, compete, score
):
    score(compete("Aster"), mixed[0], 70, 80, 60)
    rules = rules_of(finalist_rule)
    write_lock(finalist_rule, rules, Revision.digest(rules), by=organiser, reason="")

    standing = compute_standing(finalist_rule, nomination, by=organiser)

    assert [leaf["method"] for leaf in standing.results["leaves"]] == ["mean"]
    assert list(faults(json.loads(json.dumps(protocol(standing))))) == []


def test_parts_make_the_tree_and_scores_follow_it(
    laureate_rule, essay_round, jury, season, nomination, organiser, compete, score, judges
):
    public = season.juries.create(slug="public", kind=JuryKind.PUBLIC, name={"en": "Public"})
    voter = make_judge(public, judges[0].user)
    laureate_rule.rounds.set([essay_round])
    for slug, one, weight in [("expert", jury, 80), ("voters", public, 20)]:
        ResultPart.objects.create(
            rule=laureate_rule, slug=slug, weight=weight, round=essay_round, jury=one,
            method=Method.MEAN, quorum=1,
        )  # fmt: skip
    aster = compete("Aster")
    (_expert, vote) = score(aster, essay_round, 50, 100)
    vote.assignment.judge = voter
    vote.assignment.save()

    row = compute_standing(laureate_rule, nomination, by=organiser).rows.get()

    assert row.score == row.raw == Decimal(60)
    assert sorted(row.parts) == ["expert", "voters"]


def test_progress_is_told_between_nominations(
    finalist_rule, essay_round, nomination, person_nomination, organiser, compete, score
):
    score(compete("Aster"), essay_round, 70)
    score(compete("Birch", nomination=person_nomination), essay_round, None, 70)
    told: list[int] = []

    freeze_pools(finalist_rule, None, by=organiser, progress=told.append)

    assert told == [10, 55, 100]


def test_what_somebody_asks_for_is_computed_and_what_cannot_be_is_said(
    finalist_rule, essay_round, nomination, person_nomination, organiser, compete, score
):
    score(compete("Aster"), essay_round, 70)
    score(compete("Birch", nomination=person_nomination), essay_round, None, 70)
    score(compete("Cedar", nomination=person_nomination), essay_round, None, None, 60)

    run = ask_standings(finalist_rule, by=organiser)

    assert (run.state, run.computed, run.progress) == (RunState.DONE, 1, 100)
    ((number, why),) = run.refused
    assert number == person_nomination.number
    assert "share no entry" in why


def test_a_standardised_part_goes_neither_with_a_least_score_nor_with_zero(
    finalist_rule, essay_round, organiser
):
    ResultPart.objects.create(
        rule=finalist_rule, slug="whole", weight=100, round=essay_round, scale=Scale.STANDARDISED
    )
    told = []
    for fields in ({"least_score": Decimal(60)}, {"least_score": None, "missing": Missing.ZERO}):
        for name, value in fields.items():
            setattr(finalist_rule, name, value)
        finalist_rule.save()
        with pytest.raises(DomainError) as refused:
            fix_rules(finalist_rule, by=organiser)
        told.append(str(refused.value))
    finalist_rule.missing = Missing.SHARED
    finalist_rule.save()
    fix_rules(finalist_rule, by=organiser)

    assert told == [
        "A least score is in points of 100; a standardised part (50 ± 10) is not.",
        "A standardised part (50 ± 10) has no zero for those who lack it.",
    ]
    assert finalist_rule.locks.count() == 1
