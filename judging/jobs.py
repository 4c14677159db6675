"""What runs in the background: sealing rounds that are over."""

from judging.services.ledger import seal_closed_rounds
from outbox.registry import reminder

# The clock of beat looks after it: late or twice does not matter.
reminder(seal_closed_rounds)
