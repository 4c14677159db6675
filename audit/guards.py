"""The log is append-only in the database itself."""

from common.triggers import Guard, register

EVENT_GUARD = register(
    Guard(
        name="audit_event_append_only",
        table="audit_event",
        message="The audit log is append-only.",
    )
)
