"""A submitted scorecard and its marks stay as they are, whoever asks the database."""

from common.triggers import Guard, register

SCORECARD_GUARD = register(
    Guard(
        name="judging_scorecard_locked",
        table="judging_scorecard",
        message="A submitted scorecard is locked.",
        condition="OLD.status = 'submitted'",
    )
)
MARK_GUARD = register(
    Guard(
        name="judging_mark_locked",
        table="judging_mark",
        message="The marks of a submitted scorecard are locked.",
        condition=(
            "EXISTS (SELECT 1 FROM judging_scorecard AS card"
            " WHERE card.id = OLD.scorecard_id AND card.status = 'submitted')"
        ),
    )
)
GUARDS = (SCORECARD_GUARD, MARK_GUARD)
QUOTE_GUARD = register(
    Guard(
        name="judging_quote_locked",
        table="judging_quote",
        message="The quotes of a submitted scorecard are locked.",
        condition=(
            "EXISTS (SELECT 1 FROM judging_scorecard AS card"
            " WHERE card.id = OLD.scorecard_id AND card.status = 'submitted')"
        ),
    )
)

LEDGER_GUARDS = tuple(
    register(
        Guard(
            name=f"{table}_append_only",
            table=table,
            message="The ledger of scorecards is append-only.",
        )
    )
    for table in ("judging_leaf", "judging_roundseal", "judging_sealedleaf")
)

CORRECTION_GUARDS = (
    *(
        register(
            Guard(
                name=f"{table}_append_only",
                table=table,
                message="Corrections of scorecards are append-only.",
            )
        )
        for table in (
            "judging_correction",
            "judging_correctedmark",
            "judging_correctionleave",
        )
    ),
    register(
        Guard(
            name="judging_meeting_closed",
            table="judging_meeting",
            message="A closed consensus meeting stays as it is.",
            condition="OLD.closed_at IS NOT NULL",
        )
    ),
)

REMARK_GUARD = register(
    Guard(
        name="judging_remark_append_only",
        table="judging_remark",
        message="What the jury said stays as it was said.",
    )
)

BALLOT_GUARDS = (
    register(
        Guard(
            name="judging_verdict_locked",
            table="judging_verdict",
            message="The verdict of a submitted scorecard is locked.",
            condition=MARK_GUARD.condition,
        )
    ),
    register(
        Guard(
            name="judging_ballot_locked",
            table="judging_ballot",
            message="A submitted list is locked.",
            condition="OLD.submitted_at IS NOT NULL",
        )
    ),
    register(
        Guard(
            name="judging_comparison_append_only",
            table="judging_comparison",
            message="Comparisons are append-only.",
        )
    ),
)

OF_A_VISIT_DONE = (
    "EXISTS (SELECT 1 FROM judging_sitevisit AS visit"
    " WHERE visit.id = OLD.visit_id AND visit.status = 'done')"
)
VISIT_GUARDS = (
    register(
        Guard(
            name="judging_visititem_locked",
            table="judging_visititem",
            message="The check list is fixed once a visit has begun.",
            condition=(
                "EXISTS (SELECT 1 FROM judging_sitevisit AS visit"
                " WHERE visit.round_id = OLD.round_id AND visit.begun_at IS NOT NULL)"
            ),
            inserts=True,
        )
    ),
    register(
        Guard(
            name="judging_sitevisit_locked",
            table="judging_sitevisit",
            message="A visit that is done stays as it is.",
            condition="OLD.status = 'done'",
        )
    ),
    *(
        register(
            Guard(
                name=f"{table}_locked",
                table=table,
                message="What a visit that is done found is locked.",
                condition=OF_A_VISIT_DONE,
                inserts=True,
            )
        )
        for table in ("judging_visitmember", "judging_visitanswer", "judging_finding")
    ),
    register(
        Guard(
            name="judging_visitphoto_locked",
            table="judging_visitphoto",
            message="What a visit that is done found is locked.",
            condition=(
                "EXISTS (SELECT 1 FROM judging_finding AS found"
                " JOIN judging_sitevisit AS visit ON visit.id = found.visit_id"
                " WHERE found.id = OLD.finding_id AND visit.status = 'done')"
            ),
            inserts=True,
        )
    ),
    register(
        Guard(
            name="judging_visitleaf_append_only",
            table="judging_visitleaf",
            message="The ledger of visits is append-only.",
        )
    ),
)

PAPER_GUARDS = (
    register(
        Guard(
            name="judging_papersheet_decided",
            table="judging_papersheet",
            message="A paper sheet that was decided about stays as it is.",
            condition="OLD.status <> 'waiting'",
        )
    ),
    register(
        Guard(
            name="judging_papermark_append_only",
            table="judging_papermark",
            message="The marks of a paper sheet stay as they were entered.",
        )
    ),
)

ANSWERED = (
    "EXISTS (SELECT 1 FROM judging_trial AS trial"
    " WHERE trial.submitted_at IS NOT NULL AND trial.sample_id = {sample})"
)
CALIBRATION_GUARDS = (
    *(
        register(
            Guard(
                name=f"{table}_answered",
                table=table,
                message="A sample that judges have answered is locked.",
                condition=ANSWERED.format(sample=sample),
            )
        )
        for table, sample in (
            ("judging_sample", "OLD.id"),
            ("judging_sampleanswer", "OLD.sample_id"),
            ("judging_referencemark", "OLD.sample_id"),
        )
    ),
    register(
        Guard(
            name="judging_trial_locked",
            table="judging_trial",
            message="A submitted answer to a sample is locked.",
            condition="OLD.submitted_at IS NOT NULL",
        )
    ),
    register(
        Guard(
            name="judging_trialmark_locked",
            table="judging_trialmark",
            message="The marks of a submitted answer to a sample are locked.",
            condition=(
                "EXISTS (SELECT 1 FROM judging_trial AS trial"
                " WHERE trial.id = OLD.trial_id AND trial.submitted_at IS NOT NULL)"
            ),
        )
    ),
)
