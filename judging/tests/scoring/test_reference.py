"""The methods against R: lme4, TAM and least squares on real juries."""

import numpy as np
import pytest

from judging.scoring import calibrate, mfrm
from judging.scoring.mixed import mixed
from judging.scoring.sweep import reml_criterion, sweep
from judging.tests.scoring.external import SCORES, Reference, needs_reference, read

pytestmark = needs_reference


@pytest.fixture(params=list(SCORES))
def data(request):
    return Reference(request.param)


def test_judges_eb_finds_the_variances_of_lme4(data):
    fit = calibrate.judges_eb(data.ratings)
    expected = {row["dataset"]: row for row in read("entryfixed_summary.csv")}[data.name]

    rho = fit.var_judge / fit.var_resid

    assert fit.var_judge == pytest.approx(float(expected["var_judge"]), abs=1e-5)
    assert fit.var_resid == pytest.approx(float(expected["var_residual"]), abs=1e-5)
    criterion = reml_criterion(sweep(data.ratings), rho)
    assert criterion == pytest.approx(float(expected["REML"]), abs=1e-3)


def test_judges_eb_finds_the_scores_and_leniencies_of_lme4(data):
    fit = calibrate.judges_eb(data.ratings)
    # lme4's conditional sd takes the entries as known; ours (leniency_se) does not.
    weight = data.ratings.judge_counts + fit.var_resid / fit.var_judge
    conditional = np.sqrt(fit.var_resid / weight)

    entries, judges = data.entries, data.judges
    for ours, table, key, value, names in (
        (fit.entry, "JEB_entries", "entry", "calibrated", entries),
        (fit.se, "JEB_entries", "entry", "se", entries),
        (fit.leniency, "JEB_judges", "judge", "leniency", judges),
        (conditional, "JEB_judges", "judge", "cond_sd", judges),
    ):
        assert ours == pytest.approx(data.column(table, key, value, names), abs=1e-5)
    assert (fit.leniency_se >= conditional).all()


def test_additive_finds_the_least_squares_of_r(data):
    fit = calibrate.additive(data.ratings)

    for ours, table, key, value, names in (
        (fit.entry, "entries", "entry", "additive", data.entries),
        (fit.se, "entries", "entry", "additive_se", data.entries),
        (fit.leniency, "judges", "judge", "additive_leniency", data.judges),
        (fit.leniency_se, "judges", "judge", "additive_se", data.judges),
    ):
        assert ours == pytest.approx(data.column(table, key, value, names), abs=1e-6)


def test_mixed_finds_the_predictions_of_lme4(data):
    fit = mixed(data.ratings)

    entries = data.column("entries", "entry", "blup", data.entries)
    judges = data.column("judges", "judge", "blup_leniency", data.judges)
    assert fit.entry == pytest.approx(entries, abs=1e-4)
    assert fit.leniency == pytest.approx(judges, abs=1e-4)


def test_the_judges_of_kuhlisch_differ_as_published():
    data = Reference("kuhlisch2016")
    effect = calibrate.judge_effect(data.ratings)
    fit = calibrate.judges_eb(data.ratings)

    assert (effect.df_judges, effect.df_resid) == (19, 52)
    assert effect.f == pytest.approx(1.814736, abs=1e-6)
    assert effect.p == pytest.approx(0.046159, abs=1e-6)
    assert effect.resid_sd == pytest.approx(1.052232, abs=1e-6)
    assert fit.var_judge == pytest.approx(0.217758, abs=1e-5)
    assert fit.var_resid == pytest.approx(1.141738, abs=1e-5)
    assert fit.var_judge / fit.var_resid == pytest.approx(0.19072, abs=1e-5)


@pytest.mark.parametrize(
    ("name", "deviance", "variance"),
    [
        ("sirt_ratings1", 2573.246, 3.897),
        ("sirt_ratings2", 5771.939, 3.224),
        ("immer_ptam4", 3450.643, 2.708),
    ],
)
def test_rasch_mml_finds_the_deviance_and_severities_of_tam(name, deviance, variance):
    data = Reference(name)
    m = data.marks

    fit = mfrm.fit_mml(m.e, m.j, m.c, m.x.astype(int), 4)

    facets = {row["parameter"]: float(row["xsi"]) for row in read(f"{name}_TAM_facets.csv")}
    severity = [facets[f"judge{judge}"] for judge in data.judges]
    difficulty = [facets[criterion] for criterion in data.criteria]
    steps = [facets[f"step{k}"] for k in (1, 2, 3)]
    assert fit.converged
    assert fit.deviance == pytest.approx(deviance, abs=2e-3)
    assert fit.sd_entry**2 == pytest.approx(variance, abs=1e-3)
    assert fit.severity == pytest.approx(severity, abs=2e-3)
    assert fit.difficulty == pytest.approx(difficulty, abs=2e-3)
    assert fit.tau == pytest.approx(steps, abs=2e-3)


def test_complete_wine_tastings_are_only_shifted():
    rows = read("ordinal_wine/wine.csv")
    bottles = sorted({row["bottle"] for row in rows})
    judges = sorted({row["judge"] for row in rows})
    table = np.empty((len(bottles), len(judges)))
    for row in rows:
        table[bottles.index(row["bottle"]), judges.index(row["judge"])] = float(row["response"])
    from judging.tests.scoring.published import ratings_of

    ratings = ratings_of(table)
    for method in (calibrate.additive, calibrate.judges_eb):
        assert np.ptp(method(ratings).entry - ratings.raw_means()) < 1e-9
