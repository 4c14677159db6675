"""Taking a demo season away whole, so that it can be lived through again.

Nothing else on the portal can do this: the log and submitted scorecards refuse to be deleted. The
guards are lifted inside one transaction, for a season that the demo itself made.
"""

from django.db import connection, transaction
from django.db.models.fields.files import FieldFile

from audit.models import Event
from audit.services import record
from common.errors import DomainError
from common.triggers import guards_off
from diplomas.models import Diploma
from judging import models as judging
from nominations import models as nominations
from outbox.models import Job, Message
from results import models as results
from seasons.models import Extension, Season, Stage

STARTED = "demo.started"
FILLED = "demo.filled"
PURGED = "demo.purged"


def is_demo(season: Season) -> bool:
    """Whether the demo made the season, by what the portal's own log says."""
    return Event.objects.filter(chain="portal", verb=STARTED, data__season=season.pk).exists()


def purge(season: Season) -> None:
    """Delete a demo season with all that people did in it."""
    if not is_demo(season):
        raise DomainError(f"{season.slug} is not a season of the demo; it is left alone.")
    files = kept_files(season)
    with transaction.atomic():
        # PostgreSQL changes no triggers while checks of foreign keys wait for the commit.
        connection.check_constraints()
        with guards_off():
            delete_rows(season)
            Event.objects.filter(chain=f"season:{season.slug}").delete()
            record(PURGED, by=None, about=season, data={"season": season.pk, "slug": season.slug})
            season.delete()
            connection.check_constraints()
    for file in files:
        file.storage.delete(str(file.name))


def kept_files(season: Season) -> list[FieldFile]:
    """Every file on the disk that a row of the season names."""
    entries = nominations.Entry.objects.filter(nomination__season=season)
    attachments = nominations.Attachment.objects.filter(entry__in=entries)
    pages = nominations.Page.objects.filter(attachment__in=attachments)
    uploads = nominations.Upload.objects.filter(entry__in=entries)
    judges = judging.Judge.objects.filter(jury__season=season)
    found = [
        *[row.file for row in Diploma.objects.filter(season=season)],
        *[row.file for row in attachments],
        *[row.image for row in pages],
        *[row.file for row in uploads],
        *[row.photo for row in judges],
        *[row.file for row in results.AppealFile.objects.filter(appeal__entry__in=entries)],
        *[
            row.image
            for row in judging.VisitPhoto.objects.filter(finding__visit__entry__in=entries)
        ],
        *[row.scan for row in judging.PaperSheet.objects.filter(assignment__entry__in=entries)],
        *[row.picture for row in results.LaureatePage.objects.filter(entry__in=entries)],
    ]
    return [file for file in found if file]


def delete_results(season: Season) -> None:
    """What came of the season: appeals, feedback, public rows, standings."""
    entries = nominations.Entry.objects.filter(nomination__season=season)
    results.AppealReview.objects.filter(appeal__entry__in=entries).delete()
    results.AppealFile.objects.filter(appeal__entry__in=entries).delete()
    results.Appeal.objects.filter(entry__in=entries).delete()
    results.EarlierFeedback.objects.filter(feedback__entry__in=entries).delete()
    results.Feedback.objects.filter(entry__in=entries).delete()
    results.PublishedResult.objects.filter(season=season).delete()
    results.LaureatePage.objects.filter(entry__in=entries).delete()
    results.Reveal.objects.filter(release__rule__season=season).delete()
    results.Retraction.objects.filter(release__rule__season=season).delete()
    Diploma.objects.filter(season=season).delete()
    results.Release.objects.filter(rule__season=season).delete()
    results.Decision.objects.filter(rule__season=season).delete()
    delete_standings(season)
    results.OutcomeRule.objects.filter(season=season).delete()


def delete_visits(season: Season) -> None:
    """Visits on site, with what was found there."""
    visits = judging.SiteVisit.objects.filter(round__season=season)
    judging.VisitLeaf.objects.filter(visit__in=visits).delete()
    judging.VisitPhoto.objects.filter(finding__visit__in=visits).delete()
    judging.Finding.objects.filter(visit__in=visits).delete()
    judging.VisitAnswer.objects.filter(visit__in=visits).delete()
    visits.delete()


def delete_rows(season: Season) -> None:
    """Everything below the season, from the leaves down."""
    entries = nominations.Entry.objects.filter(nomination__season=season)
    rounds = judging.Round.objects.filter(season=season)
    delete_outbox(season)
    delete_results(season)
    delete_visits(season)
    judging.SealedLeaf.objects.filter(seal__round__in=rounds).delete()
    judging.RoundSeal.objects.filter(round__in=rounds).delete()
    judging.Leaf.objects.filter(scorecard__assignment__round__in=rounds).delete()
    corrections = judging.Correction.objects.filter(scorecard__assignment__round__in=rounds)
    judging.CorrectedMark.objects.filter(correction__in=corrections).delete()
    corrections.delete()
    judging.CorrectionLeave.objects.filter(scorecard__assignment__round__in=rounds).delete()
    judging.Remark.objects.filter(round__in=rounds).delete()
    judging.Meeting.objects.filter(round__in=rounds).delete()
    judging.Mark.objects.filter(scorecard__assignment__round__in=rounds).delete()
    judging.Verdict.objects.filter(scorecard__assignment__round__in=rounds).delete()
    judging.Comparison.objects.filter(ballot__round__in=rounds).delete()
    judging.Ballot.objects.filter(round__in=rounds).delete()
    judging.Quote.objects.filter(scorecard__assignment__round__in=rounds).delete()
    judging.Scorecard.objects.filter(assignment__round__in=rounds).delete()
    judging.PaperMark.objects.filter(sheet__assignment__round__in=rounds).delete()
    judging.PaperSheet.objects.filter(assignment__round__in=rounds).delete()
    judging.Assignment.objects.filter(round__in=rounds).delete()
    judging.TrialMark.objects.filter(trial__sample__round__in=rounds).delete()
    judging.Trial.objects.filter(sample__round__in=rounds).delete()
    judging.Sample.objects.filter(round__in=rounds).delete()
    judging.DefenceSlot.objects.filter(round__in=rounds).delete()
    judging.Advancement.objects.filter(round__in=rounds).delete()
    judging.Conflict.objects.filter(entry__in=entries).delete()
    judging.Consent.objects.filter(agreement__season=season).delete()
    judging.Agreement.objects.filter(season=season).delete()
    judging.Objection.objects.filter(entry__in=entries).delete()
    judging.Registration.objects.filter(jury__season=season).delete()
    rounds.delete()
    judging.Judge.objects.filter(jury__season=season).delete()
    judging.Jury.objects.filter(season=season).delete()
    judging.Criterion.objects.filter(dimension__rubric__season=season).delete()
    judging.Rubric.objects.filter(season=season).delete()
    nominations.Revision.objects.filter(entry__in=entries).delete()
    nominations.Answer.objects.filter(entry__in=entries).delete()
    nominations.Attachment.objects.filter(entry__in=entries).delete()
    nominations.Participant.objects.filter(entry__in=entries).delete()
    entries.delete()
    nominations.Nomination.objects.filter(season=season).delete()
    nominations.Category.objects.filter(season=season).delete()
    Extension.objects.filter(stage__season=season).delete()
    Stage.objects.filter(season=season).delete()


def delete_outbox(season: Season) -> None:
    """Mails and jobs that speak of the season's rows."""
    about: list[str] = []
    for label, rows in [
        ("nominations.entry", nominations.Entry.objects.filter(nomination__season=season)),
        ("judging.round", judging.Round.objects.filter(season=season)),
        ("judging.sitevisit", judging.SiteVisit.objects.filter(round__season=season)),
        ("diplomas.diploma", Diploma.objects.filter(season=season)),
        ("results.release", results.Release.objects.filter(rule__season=season)),
        ("seasons.stage", Stage.objects.filter(season=season)),
        ("seasons.season", Season.objects.filter(pk=season.pk)),
    ]:
        about += [f"{label}:{pk}" for pk in rows.values_list("pk", flat=True)]
    stages = list(season.stages.values_list("pk", flat=True))
    for start in range(0, len(about), 500):
        part = about[start : start + 500]
        Message.objects.filter(about__in=part).delete()
        Job.objects.filter(about__in=part).delete()
    kinds = ["announce-feedback", "early-feedback"]
    Job.objects.filter(kind__in=kinds, args__stage__in=stages).delete()


def delete_standings(season: Season) -> None:
    """Standings and what they were computed from; each knows the one before."""
    rows = results.Standing.objects.filter(rule__season=season)
    bases = set(rows.values_list("basis", flat=True)) - {None}
    results.StandingRow.objects.filter(standing__in=rows).delete()
    rows.update(previous=None)
    rows.delete()
    results.StandingBasis.objects.filter(pk__in=bases).delete()
    results.RulesLock.objects.filter(rule__season=season).delete()
