"""This room's part of what the portal knows of a person: entries, files, comments, recommendations."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import MemberRole, Membership, Organisation, User
from accounts.own_data import addresses, to_addresses
from accounts.personal import Part, erases, exports, hinders
from nominations.models import (
    Attachment,
    CodeUse,
    Comment,
    DiscussionRead,
    Entry,
    EntryCode,
    EntryInvitation,
    EntryStatus,
    Presence,
    Recommendation,
    Upload,
    Vetter,
)
from seasons.models import Stage


@exports
def entry_data(user: User) -> Part:
    """Entries the person may read, what the person wrote elsewhere, and the files of both."""
    entries = (
        Entry.objects.of_member(user)
        .select_related("nomination__season", "organisation")
        .prefetch_related(
            "answers__prompt",
            "answers__updated_by",
            "participants",
            "revisions__submitted_by",
            "credentials__prerequisite",
        )
        .order_by("number")
    )
    files = (
        Attachment.objects.filter(
            Q(uploaded_by=user) | Q(entry__in=entries.order_by().values("pk"))
        )
        .select_related("entry")
        .order_by("entry__number", "pk")
    )
    paths = [(f"files/{one.entry.number}/{one.pk}-{one.name}", one) for one in files]
    return Part(
        {
            "entries": [entry_row(entry) for entry in entries],
            "files": [
                {
                    "path": path,
                    "entry": one.entry.number,
                    "name": one.name,
                    "sha256": one.sha256,
                    "uploaded_at": one.uploaded_at,
                    "uploaded_by_me": one.uploaded_by_id == user.pk,
                }
                for path, one in paths
            ],
            "comments": list(
                Comment.objects.filter(author=user)
                .order_by("written_at")
                .values("entry__number", "prompt__slug", "text", "written_at", "resolved_at")
            ),
            **dealings(user),
        },
        [(path, one.file) for path, one in paths],
    )


def entry_row(entry: Entry) -> dict[str, Any]:
    """One entry as its own people see it."""
    return {
        "number": entry.number,
        "season": entry.season.slug,
        "nomination": str(entry.nomination),
        "organisation": entry.organisation.name,
        "kind": entry.kind,
        "title": entry.title,
        "nominee_name": entry.nominee_name,
        "status": entry.status,
        "reason": entry.status_reason,
        "created_at": entry.created_at,
        "participants": [{"name": one.name, "role": one.role} for one in entry.participants.all()],
        "answers": [
            {
                "prompt": one.prompt.slug,
                "question": str(one.prompt.label),
                "text": one.text,
                "saved_at": one.updated_at,
                "saved_by": str(one.updated_by or ""),
            }
            for one in entry.answers.all()
        ],
        "documents": [
            {
                "document": str(one.prerequisite.name),
                "number": one.number,
                "issuer": one.issuer,
                "expires_on": one.expires_on,
                "state": one.state,
                "note": one.note,
            }
            for one in entry.credentials.all()
        ],
        "revisions": [
            {
                "number": one.number,
                "submitted_at": one.submitted_at,
                "submitted_by": str(one.submitted_by),
                "sha256": one.sha256,
                "content": one.content,
            }
            for one in entry.revisions.all()
        ],
    }


def dealings(user: User) -> dict[str, Any]:
    """Shares, invitations, recommendations and codes."""
    received = EntryInvitation.objects.filter(to_addresses(user) | Q(accepted_by=user))
    sent = EntryInvitation.objects.filter(invited_by=user)
    shares = user.shared_entries.select_related("entry")
    return {
        "shared_with_me": [
            {"entry": one.entry.number, "role": one.role, "since": one.since} for one in shares
        ],
        "invitations_to_entries": {
            "received": [
                {
                    "entry": one.entry.number,
                    "invited_by": str(one.invited_by),
                    "role": one.role,
                    "sent_at": one.sent_at,
                    "accepted_at": one.accepted_at,
                }
                for one in received.select_related("entry", "invited_by")
            ],
            "sent": list(sent.values("entry__number", "email", "role", "sent_at", "accepted_at")),
        },
        "recommendations": list(
            Recommendation.objects.filter(recommended_by=user).values(
                "season__slug",
                "organisation_name",
                "contact_name",
                "contact_email",
                "reason",
                "state",
                "note",
                "written_at",
            )
        ),
        "codes_used": list(
            CodeUse.objects.filter(used_by=user).values(
                "code__season__slug", "code__channel", "organisation__name", "used_at"
            )
        ),
        "vetting_team_of": list(Vetter.objects.filter(user=user).values("season__slug", "since")),
    }


@hinders
def only_owner(user: User) -> list[str]:
    """An applicant of a running season keeps an owner."""
    owners = Membership.objects.filter(role=MemberRole.OWNER, user__is_active=True)
    running = Stage.objects.filter(closes_at__gt=timezone.now()).values("season")
    entered = Entry.objects.filter(nomination__season__in=running).exclude(
        status__in=[EntryStatus.WITHDRAWN, EntryStatus.DISQUALIFIED]
    )
    alone = (
        Organisation.objects.filter(memberships__user=user, memberships__role=MemberRole.OWNER)
        .exclude(pk__in=owners.exclude(user=user).values("organisation"))
        .filter(pk__in=entered.values("organisation"))
    )
    return [
        _(
            "You are the only owner of %(name)s, which has entries in a running season."
            " Hand the organisation over first, or withdraw the entries."
        )
        % {"name": organisation.name}
        for organisation in alone.order_by("name")
    ]


@erases
def forget_in_entries(user: User) -> None:
    """Shares, invitations, presence and unfinished uploads go; what was written stays without the name."""
    user.shared_entries.all().delete()
    Presence.objects.filter(user=user).delete()
    DiscussionRead.objects.filter(user=user).delete()
    EntryInvitation.objects.filter(to_addresses(user) | Q(accepted_by=user)).delete()
    EntryInvitation.objects.filter(invited_by=user, accepted_at=None).delete()
    Vetter.objects.filter(user=user).delete()
    Upload.objects.filter(user=user).delete()
    EntryCode.objects.filter(to_addresses(user)).update(email="", label="")
    for address in addresses(user):
        Recommendation.objects.filter(contact_email__iexact=address).update(
            contact_name="", contact_email=""
        )
