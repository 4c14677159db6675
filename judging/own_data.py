"""This room's part of what the portal knows of a person: seats on juries and own scorecards."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal import Part, erases, exports, hinders
from judging.models import (
    Assignment,
    Conflict,
    Consent,
    Invitee,
    Judge,
    JudgeAbsence,
    Objection,
    Registration,
    Scorecard,
    ScorecardStatus,
    Trial,
)
from nominations.models import EntryStatus


@exports
def judge_data(user: User) -> Part:
    """Seats, consents, declared interests and the scorecards the judge may still read."""
    seats = Judge.objects.filter(user=user).select_related("jury__season")
    seats = seats.prefetch_related("absences")
    consents = Consent.objects.filter(user=user).select_related("agreement__season")
    asked = Invitee.objects.of(user).select_related("consultation__rubric__season")
    conflicts = Conflict.objects.of(user).select_related("entry", "organisation")
    cards = (
        Scorecard.objects.filter(assignment__in=Assignment.objects.of_judge(user).values("pk"))
        .select_related("assignment__round__season", "assignment__entry", "verdict")
        .prefetch_related("marks__criterion", "corrections__marks__criterion", "quotes__criterion")
        .order_by("pk")
    )
    return Part(
        {
            "jury_seats": [
                {
                    "season": one.jury.season.slug,
                    "jury": str(one.jury.name),
                    "position": one.position,
                    "employer": one.employer,
                    "biography": dict(one.biography or {}),
                    "chair": one.chair,
                    "since": one.since,
                    "removed_at": one.removed_at,
                    "away": [
                        {"from": span.starts_at, "until": span.ends_at}
                        for span in one.absences.all()
                    ],
                }
                for one in seats
            ],
            "consents": [
                {
                    "season": one.agreement.season.slug,
                    "version": one.agreement.version,
                    "language": one.language,
                    "text_sha256": one.text_sha256,
                    "given_at": one.given_at,
                }
                for one in consents
            ],
            "conflicts_of_interest": [
                {
                    "entry": one.entry.number if one.entry else None,
                    "organisation": one.organisation.name if one.organisation else None,
                    "reason": one.reason,
                    "declared_at": one.declared_at,
                }
                for one in conflicts
                if one.declared_by_id == user.pk
            ],
            "objections_made": [
                {
                    "entry": one.entry.number,
                    "judge": str(one.judge),
                    "reason": one.reason,
                    "status": one.status,
                    "answer": one.answer,
                    "made_at": one.made_at,
                }
                for one in Objection.objects.filter(made_by=user).select_related(
                    "entry", "judge__user"
                )
            ],
            "registrations": [
                {
                    "jury": str(one.jury.name),
                    "profile": one.profile,
                    "employer": one.employer,
                    "about": one.about,
                    "status": one.status,
                    "answer": one.answer,
                    "made_at": one.made_at,
                }
                for one in Registration.objects.filter(user=user).select_related("jury")
            ],
            "consultations": [
                {
                    "season": one.consultation.rubric.season.slug,
                    "rubric": str(one.consultation.rubric.name),
                    "role": one.role,
                    "invited_at": one.invited_at,
                    "comments": [
                        {"criterion": said.criterion, "comment": said.text}
                        for said in one.opinions.all()
                    ],
                }
                for one in asked.prefetch_related("opinions").order_by("pk")
            ],
            "samples_scored": [
                {
                    "season": one.sample.round.season.slug,
                    "sample": str(one.sample.title),
                    "submitted_at": one.submitted_at,
                    "marks": [
                        {
                            "criterion": str(mark.criterion.name),
                            "mark": mark.value,
                            "abstained": mark.abstained,
                            "comment": mark.comment,
                        }
                        for mark in one.marks.all()
                    ],
                }
                for one in Trial.objects.filter(user=user)
                .select_related("sample__round__season")
                .prefetch_related("marks__criterion")
            ],
            "scorecards": [card_row(card) for card in cards],
        }
    )


def card_row(card: Scorecard) -> dict[str, Any]:
    """One own scorecard."""
    assignment = card.assignment
    return {
        "season": assignment.round.season.slug,
        "round": str(assignment.round.name),
        "entry": assignment.entry.number,
        "status": card.status,
        "submitted_at": card.submitted_at,
        "seconds_spent": card.active_seconds,
        "comment": card.comment,
        "private_note": card.private_note,
        "verdict": str(card.verdict) if hasattr(card, "verdict") else None,
        "marks": [
            {
                "criterion": str(mark.criterion.name),
                "mark": mark.value,
                "abstained": mark.abstained,
                "comment": mark.comment,
            }
            for mark in card.marks.all()
        ],
        "quotes": [
            {
                "criterion": str(quote.criterion.name),
                "question": quote.prompt,
                "text": quote.text,
                "attached_at": quote.made_at,
            }
            for quote in card.quotes.all()
        ],
        "corrections": [
            {
                "kind": one.kind,
                "made_at": one.made_at,
                "reason": one.reason,
                "total": one.total,
                "marks": [
                    {
                        "criterion": str(mark.criterion.name),
                        "mark": mark.value,
                        "abstained": mark.abstained,
                    }
                    for mark in one.marks.all()
                ],
            }
            for one in card.corrections.all()
        ],
    }


@hinders
def work_in_hand(user: User) -> list[str]:
    """Entries that a judge has still to score are given back first."""
    waiting = (
        Assignment.objects.of_judge(user)
        .filter(entry__status=EntryStatus.ADMITTED, round__stage__closes_at__gt=timezone.now())
        .exclude(scorecard__status=ScorecardStatus.SUBMITTED)
        .select_related("round__season")
    )
    rounds = {one.round_id: one.round for one in waiting}
    return [
        _(
            "You have entries to judge in “%(round)s”. Step back from them first, or ask the organisers to."
        )
        % {"round": f"{one.season.name}: {one.name}"}
        for one in rounds.values()
    ]


@erases
def forget_seats(user: User) -> None:
    """What the public list says of the judge goes; scorecards stay, under a number."""
    seats = Judge.objects.filter(user=user)
    for seat in seats.exclude(photo=""):
        seat.photo.delete(save=False)
    JudgeAbsence.objects.filter(judge__user=user).delete()
    seats.update(position="", employer="", biography={}, photo="", listed=False)
    Registration.objects.filter(user=user).update(
        employer="", about="", answer="", email_key=f"deleted-{user.pk}"
    )
    for invitee in Invitee.objects.of(user):
        invitee.email = f"deleted-{invitee.pk}@deleted.invalid"
        invitee.save(update_fields=["email"])
