"""The public season page shows blocks of upper rooms here: `(request, season) -> html`."""

from common.panels import Panels

season_panels = Panels()
