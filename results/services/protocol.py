"""The protocol of a standing: everything needed to reckon it again."""

from judging.scoring.protocol import NAME
from judging.scoring.tree import Json
from results.models import Standing


def protocol(standing: Standing) -> Json:
    """The protocol of one standing as JSON; judges stand there under their pseudonyms."""
    rule, basis, lock = standing.rule, standing.basis, standing.lock
    previous = standing.previous
    return {
        "format": NAME,
        "season": rule.season.slug,
        "outcome": rule.kind,
        "nomination": standing.nomination.number,
        "computed_at": standing.computed_at.isoformat(),
        "rules": {} if lock is None else lock.content,
        "rules_sha256": standing.inputs.get("rules_sha256", ""),
        "rules_fixed_at": None if lock is None else lock.locked_at.isoformat(),
        "rules_number": None if lock is None else lock.number,
        "rules_reason": "" if lock is None else lock.reason,
        "basis": {} if basis is None else basis.inputs,
        "inputs": standing.inputs,
        "inputs_sha256": standing.inputs_sha256,
        "versions": standing.versions,
        "results": standing.results,
        "results_sha256": standing.results_sha256,
        "previous_sha256": None if previous is None else previous.inputs_sha256,
        "changes": standing.changes,
    }
