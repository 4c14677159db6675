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
