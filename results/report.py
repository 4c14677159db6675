"""The jury's feedback as a PDF to keep, in the reader's language; it says what the frozen feedback says."""

from django.template.loader import render_to_string
from django.utils.translation import get_language

from nominations.paper import set_as_pdf
from results.comments import reviewed
from results.models import Feedback
from results.reading import rounds_shown, standings_shown


def as_pdf(feedback: Feedback) -> bytes:
    """Set the report in the portal's own faces; nothing else is loaded."""
    return set_as_pdf(as_html(feedback))


def as_html(feedback: Feedback) -> str:
    """What the report says."""
    entry, read = feedback.entry, reviewed(feedback)
    return render_to_string(
        "results/pdf/feedback_report.html",
        {
            "language": get_language() or "en",
            "feedback": feedback,
            "entry": entry,
            "nomination": entry.nomination,
            "season": entry.nomination.season,
            "standings": standings_shown(read.content),
            "rounds": rounds_shown(read.content),
            "checking": read.waiting,
        },
    )
