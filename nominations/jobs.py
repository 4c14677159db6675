"""What runs in the background: uploads that were left are removed."""

from nominations.services.uploads import remove_old_uploads
from outbox.registry import reminder

# The clock of beat looks after them; there is nothing to do unless somebody left a file half-way.
reminder(remove_old_uploads)
