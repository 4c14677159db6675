"""From text to YAML nodes that know their line; nothing in the file can run or explode.

Only plain YAML is understood: no tags, no anchors, no aliases, no second document. Values are
never turned into Python objects here; `schema` reads the text of each node as what it should be.
"""

import yaml
from django.utils.translation import gettext as _

from blueprints.faults import Fault, FaultyFileError

MOST_BYTES = 2_000_000
DEEPEST = 30
Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(content: bytes) -> yaml.Node:
    """Return the file's root node, or raise the faults of its YAML."""
    text = decode(content)
    try:
        faults = event_faults(text)
        if faults:
            raise FaultyFileError(faults)
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        raise FaultyFileError([marked(error)]) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position].split("\n")
        message = _("A character that text files do not hold: %(character)s.")
        shown = {"character": ascii(text[error.position : error.position + 1])}
        fault = Fault(len(before), len(before[-1]) + 1, "", message % shown)
        raise FaultyFileError([fault]) from error
    if node is None:
        raise FaultyFileError([Fault(1, 1, "", _("The file is empty."))])
    return node


def decode(content: bytes) -> str:
    """Return the text, if it is UTF-8 and not too long."""
    if len(content) > MOST_BYTES:
        message = _("The file is larger than %(size)s MB.") % {"size": MOST_BYTES // 1_000_000}
        raise FaultyFileError([Fault(1, 1, "", message)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].split(b"\n")
        column = len(before[-1].decode("utf-8", "replace")) + 1
        message = _("The file is not UTF-8; save it as UTF-8.")
        raise FaultyFileError([Fault(len(before), column, "", message)]) from error


def event_faults(text: str) -> list[Fault]:
    """Refuse aliases, anchors, tags and endless nesting before any tree is built."""
    faults: list[Fault] = []
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        mark = event.start_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = _("Anchors (&) and aliases (*) are not used here; write the value out.")
            faults.append(Fault(line, column, "", message))
        elif (tag := getattr(event, "tag", None)) not in {None, "!"}:
            message = _("Tags such as %(tag)s are not used here.") % {"tag": tag}
            faults.append(Fault(line, column, "", message))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            return [*faults, Fault(line, column, "", _("The file is nested too deeply."))]
    return faults


def marked(error: yaml.MarkedYAMLError) -> Fault:
    """Turn YAML's own complaint into a fault; its wording stays, it is what search engines know."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    reason = ", ".join(part for part in (error.context, error.problem) if part)
    if "found character '\\t'" in reason:
        reason = _("a tab is used to indent; use spaces")
    elif "mapping values are not allowed" in reason:
        reason = _("a colon where none may stand; put quotes around the text, or fold it with >-")
    return Fault(line, column, "", _("This is not valid YAML: %(reason)s.") % {"reason": reason})
