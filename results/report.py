"""The jury's feedback as a PDF to keep, in the reader's language; it says what the frozen feedback says."""

from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import get_language

from nominations.printing import FACES, own_fetcher
from nominations.wordfile import clean
from results.models import Feedback
from results.reading import rounds_shown, standings_shown

STYLE = Path(__file__).with_suffix(".css")


def as_pdf(feedback: Feedback) -> bytes:
    """Set the report in the portal's own faces; nothing else is loaded."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), own_fetcher()
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; src: url("portal:{file}") }}'
        for family, file in FACES.items()
    )
    sheet = weasyprint.CSS(string=faces + STYLE.read_text(), font_config=fonts, url_fetcher=fetcher)
    page = weasyprint.HTML(string=clean(as_html(feedback)), url_fetcher=fetcher, base_url="portal:")
    printed: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts)
    return printed


def as_html(feedback: Feedback) -> str:
    """What the report says."""
    entry = feedback.entry
    return render_to_string(
        "results/pdf/feedback_report.html",
        {
            "language": get_language() or "en",
            "entry": entry,
            "nomination": entry.nomination,
            "season": entry.nomination.season,
            "standings": standings_shown(feedback.content),
            "rounds": rounds_shown(feedback.content),
        },
    )
