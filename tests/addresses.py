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
from judging.models import Consultation, DefenceSlot, Proposal, SiteVisit
from nominations.models import EntryCode, Nomination, Recommendation, Reopening, Upload
from results.models import Appeal, Feedback, LaureatePage
from tests.world import TO_ENTRY, TO_ORGANISATION, World, criteria_of
from tests.world_juries import TO_JURY, unlisted

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
        *of_scorecards(world),
        *of_juries(world),
        *of_rubrics(world),
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


Row = tuple[str, str, list[Any]]


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


def of_juries(world: World) -> Iterator[Row]:
    """Coming onto a jury, ballots, objections, and who has signed."""
    slug, judge = world.season.slug, world.assignments["submitted"].judge
    yield "judging:register", "public", [slug, "public"]
    yield "judging:register", "expert", [slug, judge.jury.slug]
    yield "judging:portrait", "listed", [judge.pk]
    yield "judging:portrait", "unlisted", [unlisted(world).pk]
    for name in ("invitation", "invitation_decline"):
        yield f"judging:{name}", "waiting", [TO_JURY]
        yield f"judging:{name}", "unknown", ["nothing"]
    for name in ("ballots", "take"):
        yield f"judging:{name}", "essay", [world.rounds["essay"].pk]
    yield "judging:consent", "judge", [judge.user.consents.get().pk]
    yield "judging:own_profile", "published", [slug]
    for subject in ("draft", "admitted"):
        yield "judging:objections", subject, [world.entries[subject].pk]
    yield "admin:judging_juryinvitation_invite", "", []
    yield "admin:judging_agreement_signed", "published", [world.season.agreements.get().pk]


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


def of_judging(world: World) -> Iterator[Row]:
    """The judge's submitted and open scorecards; the one a conflict closed to its judge."""
    for subject in ("submitted", "open", "conflicted"):
        assignment = world.assignments[subject]
        for name in ["assignment", "comment_save", "scorecard_submit", "recuse", "proof"]:
            yield f"judging:{name}", subject, [assignment.pk]
        criterion = criteria_of(assignment.round.rubric)[0]
        yield "judging:mark_save", subject, [assignment.pk, criterion.pk]
    token = world.files["admitted"].token
    yield "judging:file", "submitted", [world.assignments["submitted"].pk, token]
    yield "judging:file", "conflicted", [world.assignments["conflicted"].pk, token]
    yield "judging:file", "of another entry", [world.assignments["open"].pk, token]


def of_ways(world: World) -> Iterator[Row]:
    """Rounds that are judged otherwise than by scorecards."""
    essay = world.rounds["essay"].pk
    for name in ("round_work", "verdicts_submit"):
        yield f"judging:{name}", "essay", [essay]
    for name in ("ballot", "compare", "ballot_submit"):
        yield f"judging:{name}", "essay", [essay, world.nomination.number]
    for subject in ("open", "conflicted"):
        yield "judging:verdict", subject, [world.assignments[subject].pk]


def of_standings(world: World) -> Iterator[Row]:
    """Rules, protocols, and the ranking of any table."""
    rule = world.rules["finalist"].pk
    yield "admin:results_outcomerule_rules", "finalist", [rule]
    for name in ("protocol_json", "protocol_pdf"):
        yield (
            f"admin:results_outcomerule_{name}",
            "finalist",
            [rule, world.nomination.number],
        )
    for name in ("rank", "verifier"):
        yield f"admin:results_outcomerule_{name}", "", []


def of_scorecards(world: World) -> Iterator[Row]:
    """Quotes on the judge's scorecards."""
    for subject in ("submitted", "open", "conflicted"):
        assignment = world.assignments[subject]
        criterion = criteria_of(assignment.round.rubric)[0]
        yield "judging:quote_add", subject, [assignment.pk, criterion.pk]
        yield "judging:quote_remove", subject, [assignment.pk, UUID(int=4)]


def of_rounds(world: World) -> Iterator[Row]:
    """The jury's table of the admitted entry, and the chair's page of its round."""
    row = world.assignments["submitted"]
    for name in ("table", "table_say", "meeting"):
        yield f"judging:{name}", "essay", [row.round_id, row.entry_id]
    yield "judging:chair", "essay", [row.round_id]
    yield "judging:chair_remind", "essay", [row.round_id, row.judge_id]
    yield "judging:correct", "submitted", [row.pk]


def of_results(world: World) -> Iterator[Row]:
    """Diplomas, and feedback whose date has come or not."""
    for name in ("diplomas:verify", "diplomas:download"):
        yield name, "admitted", [world.diplomas["admitted"].number]
    for name in (
        "results:feedback",
        "results:feedback_pdf",
        "results:feedback_question",
        "results:feedback_read",
    ):
        yield name, "shown", [world.entries["admitted"].pk]
        yield name, "not yet", [world.entries["rival"].pk]
    unasked = Feedback.objects.get(entry=world.entries["admitted"])
    yield "admin:results_feedback_question", "nothing asked", [unasked.pk]


def of_console(world: World) -> Iterator[Row]:
    """The organisers' own pages in the back office."""
    for kind, rule in world.rules.items():
        for name in ["console", "compute_all", "confirm_all", "release", "release_confirm"]:
            yield f"admin:results_outcomerule_{name}", kind, [rule.pk]
        yield "admin:results_outcomerule_release_cancel", kind, [rule.pk]
        for name in ["nomination", "compute_one"]:
            yield f"admin:results_outcomerule_{name}", kind, [rule.pk, world.nomination.number]
    yield "admin:nominations_nomination_form", "own", [world.nomination.pk]
    yield "admin:nominations_prompt_preview", "", []
    yield "admin:judging_conflict_found", "", []
    round_ = world.rounds["essay"]
    for name in ("distribute", "distribute_file"):
        yield f"admin:judging_round_{name}", "essay", [round_.pk]
    proposal = Proposal.objects.get()
    for name in ("proposal", "proposal_confirm"):
        yield f"admin:judging_round_{name}", "essay", [round_.pk, proposal.pk]
    for verb in ("admit", "disqualify"):
        yield "admin:nominations_entry_vet", verb, [verb]
    diploma = world.diplomas["admitted"]
    for name in ("retry", "revoke"):
        yield f"admin:diplomas_diploma_{name}", "admitted", [diploma.pk]


def admin_address(model: type[models.Model], kind: str, row: models.Model) -> str:
    """The path of one of Django's own admin views."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}"
    return reverse(name, args=[] if kind in {"changelist", "add"} else [row.pk])


REASON = {"data": {"reason": "A friend of mine."}}
NAME = {"data": {"name": "Renamed Ltd"}}

# What a POST carries, so that only a missing right can refuse it; the others carry nothing.
LATER = "2031-05-05T12:00"

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
    "judging:mark_save": {"data": {"value": "7", "version": "0"}},
    "judging:comment_save": {"data": {"comment": "Well told.", "version": "0"}},
    "judging:recuse": REASON,
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


def of_rubrics(world: World) -> Iterator[Row]:
    """The rubrics of a season, and the draft that the nominee is consulted on."""
    yield "judging:rubrics", "published", [world.season.slug]
    yield "judging:rubrics", "unpublished", [world.secret_season.slug]
    yield "judging:consultation", "draft", [Consultation.objects.get().pk]


def of_publishing(world: World) -> Iterator[Row]:
    """Taking a release back, previews, the ceremony."""
    for name in ("ceremony", "ceremony_state", "print", "widget", "feed", "methodology"):
        yield f"results:{name}", "published", [world.season.slug]
        yield f"results:{name}", "unpublished", [world.secret_season.slug]
    finalist, laureate = world.rules["finalist"].pk, world.rules["laureate"].pk
    for name in ("retract", "retract_decide"):
        yield f"admin:results_outcomerule_{name}", "finalist", [finalist]
    for name in ("preview", "ceremony", "ceremony_act", "ceremony_script", "ceremony_screen"):
        yield f"admin:results_outcomerule_{name}", "laureate", [laureate]
    yield "admin:results_outcomerule_preview_frame", "laureate", [laureate, "public"]
    for name in ("disclosure", "laureate_pages"):
        yield f"admin:results_outcomerule_{name}", "finalist", [finalist]
    drawn = LaureatePage.objects.get(entry=world.entries["admitted"])
    yield "admin:results_outcomerule_laureate_picture", "finalist", [finalist, drawn.pk]
    number = world.nomination.number
    yield "admin:results_outcomerule_firmness", "finalist", [finalist, number]
    for name in ("disclosure", "disclosure_csv", "disclosure_json"):
        yield f"results:{name}", "published", [world.season.slug]
    for name in ("laureate", "picture", "card"):
        for subject, entry in (("published", "admitted"), ("draft", "draft")):
            yield f"results:{name}", subject, [world.season.slug, world.entries[entry].number]
    yield "results:archive", "published", [world.season.programme.slug]
    yield "results:sitemap", "", []
    for subject in ("admitted", "draft"):
        yield "results:own_page", subject, [world.entries[subject].pk]
    yield "results:own_picture", "admitted", [world.entries["admitted"].pk]


def of_appeals(world: World) -> Iterator[Row]:
    """The nominee's appeal, and the form that another one would need."""
    appeal = Appeal.objects.get()
    for name in ("appeal", "appeal_withdraw"):
        yield f"results:{name}", "own", [appeal.pk]
    yield "results:appeal_file", "none", [appeal.pk, UUID(int=0)]
    yield "results:appeal_new", "filed already", [appeal.entry_id, "finalist"]
    yield "admin:results_appeal_handle", "own", [appeal.pk]


def of_live(world: World) -> Iterator[Row]:
    """The day of the defence, and visits."""
    visit = world.rows[SiteVisit]
    finding = visit.findings.get()
    for name in ("visit", "finding_add", "visit_done", "visit_calendar"):
        yield f"judging:{name}", "now", [visit.pk]
    yield "judging:visit_answer", "now", [visit.pk, visit.round.visit_items.get().pk]
    yield "judging:finding_remove", "now", [visit.pk, finding.token]
    yield "judging:visit_photo", "now", [visit.pk, finding.photos.get().token]
    yield "judging:entry_visit", "admitted", [visit.entry_id]
    yield "judging:defence_calendar", "published", [world.season.slug]
    slot = world.rows[DefenceSlot]
    for name in ("clock", "clock_turn", "close_entry"):
        yield f"judging:{name}", "slot", [slot.pk]
    for name in ("close_round", "plan"):
        yield f"judging:{name}", "defence", [world.rounds["defence"].pk]
