"""A frozen standing stays as it is, whoever asks the database."""

from common.triggers import Guard, register

GUARDS = tuple(
    register(Guard(name=f"{table}_frozen", table=table, message=message))
    for table, message in (
        ("results_standingbasis", "What a standing was computed from is frozen."),
        ("results_standing", "A standing is frozen."),
        ("results_standingrow", "The places of a standing are frozen."),
        ("results_ruleslock", "Rules that were fixed are frozen."),
    )
)

FIRMNESS = register(
    Guard(
        name="results_firmness_frozen",
        table="results_firmness",
        message="What was found of a standing is frozen.",
        condition="OLD.state = 'done'",
    )
)

EARLIER_FEEDBACK = register(
    Guard(
        name="results_earlierfeedback_frozen",
        table="results_earlierfeedback",
        message="What feedback said before is kept as it was.",
    )
)
