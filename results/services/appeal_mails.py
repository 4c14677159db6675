"""Mails about appeals, in the language of each recipient."""

from typing import Any

from django.utils.translation import override

from accounts.models import User
from judging.services.mails import link, organisers_for
from outbox.services import post
from results.models import Appeal


def values(appeal: Appeal, user: User) -> dict[str, Any]:
    """What every mail about an appeal says; the language of the reader is in force."""
    season, entry = appeal.rule.season, appeal.entry
    return {
        "name": user.full_name,
        "season": str(season.name),
        "nomination": str(entry.nomination.name),
        "number": entry.number,
        "contact": season.contact_email,
    }


def write(kind: str, appeal: Appeal, users: list[User], url: str, **more: Any) -> None:
    """One mail to each."""
    for user in users:
        with override(user.language):
            post(
                kind,
                effect_key=f"{kind}:{appeal.pk}:{user.pk}",
                to=user,
                context={**values(appeal, user), "url": url, **more},
                about=f"nominations.entry:{appeal.entry_id}",
            )


def tell_filed(appeal: Appeal) -> None:
    """A receipt for the nominee's people, and word to the organisers whom no conflict bars."""
    write("appeal-receipt", appeal, appeal.entry.contacts(), link(appeal.get_absolute_url()))
    console = link(f"/admin/results/appeal/{appeal.pk}/handle/")
    write("appeal-filed", appeal, organisers_for(appeal.rule.season, appeal.entry), console)


def tell_admission(appeal: Appeal) -> None:
    """Whether it is heard."""
    write(
        "appeal-looked-at",
        appeal,
        appeal.entry.contacts(),
        link(appeal.get_absolute_url()),
        admitted=appeal.status == "admitted",
        answer=appeal.answer,
    )


def tell_decision(appeal: Appeal) -> None:
    """What came of it, with the reasons."""
    write(
        "appeal-decided",
        appeal,
        appeal.entry.contacts(),
        link(appeal.get_absolute_url()),
        changed=appeal.changes,
        reasons=appeal.reasons,
    )
