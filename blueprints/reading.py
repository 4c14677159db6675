"""From the bytes of a season file to a Blueprint without faults, or all faults at once."""

from dataclasses import dataclass
from typing import cast

from blueprints.checks import check
from blueprints.faults import Faults, FaultyFileError
from blueprints.schema import BLUEPRINT, Blueprint
from blueprints.yaml_nodes import compose


@dataclass(frozen=True)
class Read:
    """A sound season file; `faults` still knows the lines, for what the database finds wrong."""

    blueprint: Blueprint
    faults: Faults


def read_blueprint(content: bytes) -> Read:
    """Check everything that the file alone can tell; raise FaultyFileError with every fault."""
    node = compose(content)
    faults = Faults()
    blueprint = cast(Blueprint | None, BLUEPRINT.read(node, "", faults))
    if blueprint is not None:
        check(blueprint, faults)
    if faults.found or blueprint is None:
        raise FaultyFileError(faults.found)
    return Read(blueprint, faults)
