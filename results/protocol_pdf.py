"""The protocol of a standing on paper: rules, table, what it rests on, room for signatures."""

import io

from django.template.loader import render_to_string

from nominations.printing import FACES, own_fetcher
from results.composition import tree_shown
from results.models import Standing
from results.overview import NominationShown


def as_pdf(standing: Standing, shown: NominationShown) -> bytes:
    """Set it in the portal's own faces, in the reader's language; nothing else is loaded."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), own_fetcher()
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; src: url("portal:{file}") }}'
        for family, file in FACES.items()
    )
    lock = standing.lock
    html = render_to_string(
        "results/pdf/protocol.html",
        {
            "standing": standing,
            "rule": standing.rule,
            "season": standing.rule.season,
            "shown": shown,
            "tree": [] if lock is None else tree_shown(lock.content["tree"], shown.names),
        },
    )
    sheet = weasyprint.CSS(string=faces, font_config=fonts, url_fetcher=fetcher)
    page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="portal:")
    target = io.BytesIO()
    page.write_pdf(target, stylesheets=[sheet], font_config=fonts)
    return target.getvalue()
