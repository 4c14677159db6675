"""Where the URLs of results, and the organisers' own pages, lead in the world of the access matrix."""

from collections.abc import Iterator
from uuid import UUID

from judging.models import Proposal
from results.models import Appeal, Feedback, LaureatePage
from tests.pages import Row
from tests.world import World


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
    yield "admin:results_outcomerule_rank", "", []


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
    for name in ("firmness", "firmness_count", "reviews"):
        yield f"admin:results_outcomerule_{name}", "finalist", [finalist, number]
    for name in ("disclosure", "disclosure_csv", "disclosure_json"):
        yield f"results:{name}", "published", [world.season.slug]
    yield "results:protocol", "published", [world.season.slug, "finalist", number]
    yield "results:verifier", "", []
    yield "results:recomputer", "", []
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
