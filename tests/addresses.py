"""Where each URL of the access matrix leads in the world, and what is sent there."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.contrib import admin
from django.db import models
from django.urls import reverse

from accounts.models import OrganisationInvitation
from common.policy import url_patterns
from nominations.models import EntryCode, Nomination, Recommendation, Reopening, Upload
from tests.addresses_feedback import of_feedback
from tests.addresses_judging import (
    of_judging,
    of_juries,
    of_live,
    of_rounds,
    of_rubrics,
    of_scorecards,
    of_ways,
)
from tests.addresses_results import (
    of_appeals,
    of_console,
    of_publishing,
    of_results,
    of_standings,
)
from tests.pages import Row
from tests.world import TO_ENTRY, TO_ORGANISATION, World
from tests.world_desk import of_desk
from tests.world_feedback import SUMMARY

Address = tuple[str, str]
"""The name of a URL, and what it is about in the world."""

ADMIN_KINDS = ("changelist", "add", "change", "delete", "history")


def admin_models() -> dict[str, type[models.Model]]:
    """Every model of the back office, by the name its URLs start with."""
    return {
        f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry
    }


def split_admin_name(name: str) -> tuple[str, str] | None:
    """Model and view kind of one of Django's own admin URLs; None for every other URL."""
    prefix, _, kind = name.removeprefix("admin:").rpartition("_")
    if name.startswith("admin:") and prefix in admin_models() and kind in ADMIN_KINDS:
        return prefix, kind
    return None


def all_names() -> set[str]:
    """The names of the URLconf; a nameless URL is known by its route."""
    return {
        route if not name or name.endswith(":") else name for route, name, _one in url_patterns()
    }


def row_of(model: type[models.Model], world: World) -> models.Model:
    """A row of a model that is about the applicant's entry or its season, else any row."""
    row = world.rows.get(model) or model._default_manager.order_by("pk").first()
    assert row is not None, f"the world has no {model._meta.label}"
    return row


def addresses(world: World) -> dict[Address, str]:
    """The path of every URL, for each thing it is asked about."""
    found: dict[Address, str] = {("admin/login/", ""): "/admin/login/"}
    for name, subject, arguments in [
        *plain(),
        *of_accounts(world),
        *of_season(world),
        *of_entries(world),
        *of_people(world),
        *of_keeping(world),
        *of_vetting(world),
        *of_judging(world),
        *of_results(world),
        *of_console(world),
        *of_channels(world),
        *of_files(world),
        *of_ways(world),
        *of_publishing(world),
        *of_feedback(world),
        *of_scorecards(world),
        *of_juries(world),
        *of_rubrics(world),
        *of_desk(world),
        *of_appeals(world),
        *of_rounds(world),
        *of_live(world),
        *of_standings(world),
    ]:
        found[name, subject] = reverse(name, args=arguments)
    for ending in ("pdf", "docx"):
        found[f"nominations:document_{ending}", "admitted"] += "?revision=1"
    for verb, status in (("admit", "submitted"), ("disqualify", "admitted")):
        found["admin:nominations_entry_vet", verb] += f"?ids={world.entries[status].pk}"
    return found


def plain() -> Iterator[Row]:
    """URLs that take nothing."""
    for name in [
        "common:health",
        "common:robots",
        "accounts:desk",
        "accounts:profile",
        "accounts:organisation_add",
        "accounts:data",
        "accounts:data_export",
        "accounts:account_delete",
        "seasons:home",
        "judging:desk",
        "judging:verifier",
        "set_language",
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reauthenticate",
        "account_email",
        "account_email_verification_sent",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_confirm_login_code",
        "account_reset_password_from_key_done",
        "account_reset_password_done",
        "admin:index",
        "admin:login",
        "admin:logout",
        "admin:password_change",
        "admin:password_change_done",
        "admin:autocomplete",
        "admin:jsi18n",
        "admin:search",
    ]:
        yield name, "", []
    yield "account_confirm_email", "unknown", ["nothing"]
    yield "account_reset_password_from_key", "unknown", ["1", "nothing"]
    yield "admin:app_list", "nominations", ["nominations"]
    yield "admin:view_on_site", "entry", [1, 1]


def of_accounts(world: World) -> Iterator[Row]:
    """An organisation, to its members."""
    own = world.organisation.pk
    yield "accounts:organisation", "own", [own]
    for name in ["member_invite", "organisation_leave", "organisation_transfer"]:
        yield f"accounts:{name}", "own", [own]
    for name in ["member_invitation_resend", "member_invitation_revoke"]:
        yield f"accounts:{name}", "own", [own, world.rows[OrganisationInvitation].pk]
    for name in ["member_role", "member_remove"]:
        yield f"accounts:{name}", "own", [own, world.person("conflicted").pk]
    yield "accounts:invitation", "waiting", [TO_ORGANISATION]
    yield "accounts:invitation", "unknown", ["nothing"]
    yield "accounts:data_download", "unknown", [UUID(int=1)]
    yield "admin:auth_user_password_change", "nominee", [world.person("nominee").pk]


def of_season(world: World) -> Iterator[Row]:
    """Public pages of a season, one that is not published yet, and those of its jury."""
    slug = world.season.slug
    for name in [
        "seasons:season",
        "seasons:rules",
        "seasons:theme",
        "nominations:nomination_list",
        "nominations:enter",
        "judging:jury",
        "results:results",
    ]:
        yield name, "published", [slug]
        yield name, "unpublished", [world.secret_season.slug]
    secret = Nomination.objects.get(season=world.secret_season)
    yield "nominations:nomination", "published", [slug, world.nomination.number]
    yield "nominations:nomination", "unpublished", [world.secret_season.slug, secret.number]
    yield "judging:agreement", "published", [slug]
    yield "judging:proofs", "published", [slug]
    yield "judging:defence", "published", [slug]
    yield "judging:preferences", "published", [slug]


def of_entries(world: World) -> Iterator[Row]:
    """Every page of the applicant's entries; the draft and the admitted one differ."""
    for subject in ("draft", "admitted"):
        entry = world.entries[subject]
        for name in [
            "entry",
            "entry_details",
            "essay",
            "attachment_add",
            "preview",
            "submit",
            "withdraw",
        ]:
            yield f"nominations:{name}", subject, [entry.pk]
        prompt = entry.nomination.prompts.all()[0]
        yield "nominations:answer_save", subject, [entry.pk, prompt.pk]
        token = world.files[subject].token
        yield "nominations:attachment", subject, [entry.pk, token]
        yield "nominations:attachment_remove", subject, [entry.pk, token]
    yield "nominations:receipt", "admitted", [world.entries["admitted"].pk, 1]
    yield "nominations:restore", "withdrawn", [world.entries["withdrawn"].pk]
    for subject in ("submitted", "withdrawn", "disqualified"):
        yield "nominations:entry", subject, [world.entries[subject].pk]


def of_keeping(world: World) -> Iterator[Row]:
    """What a nominee takes along; the admitted entry stands for a copy of the draft."""
    draft, admitted = world.entries["draft"].pk, world.entries["admitted"].pk
    yield "nominations:desk_calendar", "", []
    yield "nominations:copied", "draft", [draft, admitted]
    for subject, pk in (("draft", draft), ("admitted", admitted)):
        for name in ["history", "entry_calendar", "document_pdf", "document_docx", "copy"]:
            yield f"nominations:{name}", subject, [pk]


def of_channels(world: World) -> Iterator[Row]:
    """Codes, recommendations, and the documents of an entry."""
    slug, secret = world.season.slug, world.secret_season.slug
    yield "nominations:join", "published", [slug, "ABCDEFGHJKMN"]
    yield "nominations:join", "unpublished", [secret, "ABCDEFGHJKMN"]
    yield "nominations:recommend", "published", [slug]
    yield "nominations:recommend", "unpublished", [secret]
    entry = world.entries["documents"]
    document = entry.credentials.get()
    yield "nominations:conditions", "documents", [entry.pk]
    yield "nominations:credential_scan", "documents", [document.pk]
    for verb in ("confirm", "refuse"):
        yield "nominations:credential_decide", verb, [document.pk, verb]
    code, recommendation = EntryCode.objects.get(), Recommendation.objects.get()
    yield "admin:nominations_entrycode_invite", "", []
    yield "admin:nominations_entrycode_poster_add", "", []
    yield "admin:nominations_entrycode_poster", "code", [code.pk]
    yield "admin:nominations_entrycode_qr", "code", [code.pk, "svg"]
    yield "admin:nominations_entrycode_switch", "code", [code.pk, "off"]
    for verb in ("approve", "decline"):
        yield "admin:nominations_recommendation_decide", verb, [recommendation.pk, verb]


def of_files(world: World) -> Iterator[Row]:
    """Files on their way, places for them, and the pictures of an essay's pages."""
    draft = world.entries["draft"].pk
    yield "nominations:upload_slot", "draft", [draft, "support"]
    yield "nominations:upload_begin", "draft", [draft]
    yield "nominations:upload", "draft", [draft, world.rows[Upload].token]
    for subject in ("draft", "admitted"):
        file = [world.entries[subject].pk, world.files[subject].token]
        yield "nominations:attachment_page", subject, [*file, 1]
        yield "nominations:attachment_pages", subject, file
        yield "nominations:vetting_page", subject, [*file, 1]
    token = world.files["admitted"].token
    for subject, judged in [
        ("submitted", "submitted"),
        ("conflicted", "conflicted"),
        ("of another entry", "open"),
    ]:
        yield "judging:page", subject, [world.assignments[judged].pk, token, 1]


def of_people(world: World) -> Iterator[Row]:
    """Who works on the applicant's entries, and what they say to each other."""
    for subject in ("draft", "admitted"):
        entry, rows = world.entries[subject].pk, world.people_rows[subject]
        for name in ["people", "person_invite", "discussion", "pulse"]:
            yield f"nominations:{name}", subject, [entry]
        for name in ["invitation_resend", "invitation_revoke"]:
            yield f"nominations:{name}", subject, [entry, rows["invitation"].pk]
        for name in ["share_role", "share_end"]:
            yield f"nominations:{name}", subject, [entry, rows["share"].pk]
        for name in ["comment_resolve", "comment_reopen", "comment_delete"]:
            yield f"nominations:{name}", subject, [entry, rows["comment"].pk]
    yield "nominations:invitation", "waiting", [TO_ENTRY]
    yield "nominations:invitation", "unknown", ["nothing"]


def of_vetting(world: World) -> Iterator[Row]:
    """The queue, one entry with everything that can be decided, and two revisions side by side."""
    submitted, draft = world.entries["submitted"], world.entries["draft"]
    yield "nominations:vetting", "published", [world.season.slug]
    yield "nominations:vetting", "unpublished", [world.secret_season.slug]
    yield "nominations:vetting_entry", "draft", [draft.pk]
    for name in ["entry", "admit", "return", "disqualify", "reopen"]:
        yield f"nominations:vetting_{name}", "submitted", [submitted.pk]
    yield "nominations:checks_save", "submitted", [submitted.pk]
    for subject in ("admitted", "draft"):
        entry = world.entries[subject]
        yield "nominations:vetting_file", subject, [entry.pk, world.files[subject].token]
        yield "nominations:compare", subject, [entry.pk]
    leave = world.rows[Reopening]
    yield "nominations:reopening_end", "withdrawn", [leave.entry_id, leave.pk]


def admin_address(model: type[models.Model], kind: str, row: models.Model) -> str:
    """The path of one of Django's own admin views."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}"
    return reverse(name, args=[] if kind in {"changelist", "add"} else [row.pk])


REASON = {"data": {"reason": "A friend of mine."}}
NAME = {"data": {"name": "Renamed Ltd"}}

LATER = "2031-05-05T12:00"

# What a POST carries, so that only a missing right can refuse it; the others carry nothing.
CARRIED: dict[str, dict[str, Any]] = {
    "nominations:checks_save": {"data": {"revision": "1"}},
    "nominations:vetting_admit": {"data": {"text": "The proof came by post."}},
    "nominations:vetting_return": {"data": {"text": "Add the period.", "until": LATER}},
    "nominations:vetting_reopen": {"data": {"text": "A typo.", "until": LATER}},
    "nominations:vetting_disqualify": {"data": {"text": "False data."}},
    "nominations:answer_save": {
        "data": json.dumps({"text": "Three words here.", "base_version": 1}),
        "content_type": "application/json",
    },
    "nominations:person_invite": {"data": {"email": "new@example.org", "role": "view"}},
    "nominations:share_role": {"data": {"role": "edit"}},
    "nominations:pulse": {"data": {"at": None}, "content_type": "application/json"},
    # The public joined the round after its rules had been fixed.
    "admin:results_outcomerule_rules": {"data": {"reason": "The public votes as well."}},
    "judging:mark_save": {"data": {"value": "7", "version": "0"}},
    "judging:comment_save": {"data": {"comment": "Well told.", "version": "0"}},
    "judging:recuse": REASON,
    "judging:meeting_summary": {"data": {"summary": SUMMARY, "version": "1"}},
    "judging:own_profile": {"data": {"position": "Head", "listed": "on"}},
    "nominations:withdraw": REASON,
    "admin:nominations_entry_vet": REASON,
    "nominations:credential_decide": {"data": {"note": "Looked up."}},
    "admin:nominations_recommendation_decide": {"data": {"note": "Thank you."}},
    "admin:diplomas_diploma_revoke": REASON,
    "admin:results_outcomerule_release_cancel": REASON,
    "admin:judging_round_distribute": {
        "data": {
            "least": "1",
            "most": "1",
            "load_least": "0",
            **dict.fromkeys(["areas", "languages", "wishes", "spread", "ties"], "1"),
        }
    },
    "admin:judging_round_distribute_file": {"data": {"text": "entry,judge\nCX22-0000,nobody"}},
    "accounts:organisation": NAME,
    "accounts:member_invite": {"data": {"email": "new@example.org", "role": "viewer"}},
    "accounts:member_role": {"data": {"role": "editor"}},
    "accounts:organisation_add": NAME,
}


def sent(address: Address) -> dict[str, Any]:
    """What a POST to an address carries; submissions bring a new key each."""
    name, _subject = address
    if name in {"nominations:submit", "judging:scorecard_submit"}:
        return {"data": {"key": str(uuid4())}}
    if name == "nominations:discussion":
        return {"data": {"key": str(uuid4()), "text": "Agreed."}}
    return CARRIED.get(name, {})


def unknown(path: str, address: Address, world: World) -> str:
    """The same page of something that is not there."""
    name, _subject = address
    for own in own_parts(name, world):
        nothing = str(UUID(int=7)) if "-" in own and len(own) == 36 else "987654"
        path = path.replace(f"/{own}/", f"/{nothing}/", 1)
    return path


def own_parts(name: str, world: World) -> list[str]:
    """The keys that may stand in a path."""
    rows = [*world.entries.values(), *world.assignments.values(), *world.diplomas.values()]
    return [str(row.pk) for row in rows] + [diploma.number for diploma in world.diplomas.values()]
