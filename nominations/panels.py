"""A nominee's page of one entry shows blocks of upper rooms here: `(request, entry) -> html`."""

from common.panels import Panels

entry_panels = Panels()
