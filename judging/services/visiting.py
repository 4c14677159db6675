"""What the team of a visit notes on site; the end of the visit locks it and writes it into the ledger."""

import hashlib
import io
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.uploads import DRAWN, check_upload
from judging.canonical import leaf_of, new_salt
from judging.models import (
    Criterion,
    Finding,
    ItemKind,
    Seen,
    SiteVisit,
    VisitAnswer,
    VisitItem,
    VisitLeaf,
    VisitMember,
    VisitPhoto,
    VisitRules,
    VisitStatus,
)
from judging.services.visits import locked, log
from judging.visit_record import visit_content

WIDEST = (2048, 2048)
ANSWERS = {
    ItemKind.YES_NO: {Seen.YES, Seen.NO, Seen.UNSEEN},
    ItemKind.PARTLY: set(Seen),
    ItemKind.FIGURE: {Seen.UNSEEN},
}


class AnswerConflict(DomainError):  # noqa: N818 - the same kind of name as the other conflicts
    """Somebody else of the team answered meanwhile."""

    def __init__(self, stored: VisitAnswer) -> None:
        super().__init__(_("Somebody else of the team has answered this line meanwhile."))
        self.stored = stored


def held_by_member(visit: SiteVisit, by: User) -> tuple[SiteVisit, VisitMember]:
    """The visit, held, for somebody of its team while it may note something."""
    visit = locked(visit)
    if not SiteVisit.objects.of_team(by).filter(pk=visit.pk).exists():
        raise DomainError(_("You are not in the team of this visit."))
    if visit.status == VisitStatus.DONE:
        raise DomainError(_("The visit is done; what was noted is locked."))
    if not visit.is_open():
        raise DomainError(_("Nothing can be noted of this visit now."))
    member = visit.members.select_related("judge").filter(judge__user=by).first()
    if member is None:
        raise DomainError(_("You are not in the team of this visit."))
    return visit, member


def begin(visit: SiteVisit) -> None:
    """The first thing that is noted fixes the check list."""
    if visit.begun_at is None:
        visit.begun_at = timezone.now()
        visit.save(update_fields=["begun_at"])
        log("visit.begun", visit, None)


@transaction.atomic
def answer_item(
    visit: SiteVisit,
    item: VisitItem,
    *,
    by: User,
    value: str = "",
    figure: Decimal | None = None,
    comment: str = "",
    base_version: int,
) -> VisitAnswer:
    """Answer one line of the check list; never over an answer one has not seen."""
    visit, member = held_by_member(visit, by)
    if item.round_id != visit.round_id:
        raise DomainError(_("The check list has no such line."))
    if value and value not in ANSWERS[ItemKind(item.kind)]:
        raise DomainError(_("This line does not take that answer."), field=f"item-{item.pk}")
    if figure is not None and (item.kind != ItemKind.FIGURE or abs(figure) >= Decimal(10) ** 10):
        raise DomainError(_("Write a smaller number."), field=f"item-{item.pk}")
    if figure is not None:
        figure, value = figure.quantize(Decimal("0.0001")), ""
    stored = VisitAnswer.objects.select_for_update().filter(visit=visit, item=item).first()
    given = (value, figure, comment)
    if stored is not None and (stored.value, stored.figure, stored.comment) == given:
        return stored
    if base_version != (stored.version if stored is not None else 0):
        raise AnswerConflict(stored or VisitAnswer(visit=visit, item=item, version=0))
    begin(visit)
    answer = stored or VisitAnswer(visit=visit, item=item, version=0)
    answer.value, answer.figure, answer.comment = given
    answer.version += 1
    answer.answered_by, answer.answered_at = member.judge, timezone.now()
    answer.save()
    return answer


def photo_of(file: File[bytes]) -> tuple[bytes, tuple[int, int]]:
    """A picture drawn anew, of a reasonable size, as JPEG: no place, no camera, no time in it."""
    checked = check_upload(file, endings=tuple(DRAWN))
    with Image.open(io.BytesIO(checked.content)) as source:
        picture = source.convert("RGB")
        picture.thumbnail(WIDEST)
        drawn = io.BytesIO()
        picture.save(drawn, format="JPEG", quality=86)
        return drawn.getvalue(), picture.size


@transaction.atomic
def add_finding(
    visit: SiteVisit,
    *,
    by: User,
    key: UUID,
    text: str,
    criterion: Criterion | None = None,
    files: Sequence[File[bytes]] = (),
) -> Finding:
    """Note what was seen, with photos; the same key again returns the first one."""
    visit, member = held_by_member(visit, by)
    if earlier := Finding.objects.filter(token=key).first():
        if earlier.visit_id != visit.pk or earlier.made_by_id != member.judge_id:
            raise DomainError(_("Reload the page and send it again."))
        return earlier
    if not text.strip():
        raise DomainError(_("Say in a few words what you saw."), field="text")
    rules = VisitRules.objects.filter(round=visit.round_id).first() or VisitRules()
    if len(files) > rules.photos:
        raise DomainError(
            _("At most %(count)d photos of one finding.") % {"count": rules.photos}, field="photos"
        )
    if criterion is not None and criterion.dimension.rubric_id != visit.round.rubric_id:
        raise DomainError(_("The rubric has no such criterion."), field="criterion")
    drawn = [photo_of(file) for file in files]
    begin(visit)
    finding = Finding.objects.create(
        visit=visit,
        token=key,
        text=text.strip()[:4000],
        criterion=criterion,
        made_by=member.judge,
        made_at=timezone.now(),
    )
    for content, (width, height) in drawn:
        photo = VisitPhoto(finding=finding, width=width, height=height)
        kept = ContentFile(content)
        photo.sha256 = sha256_of(content)
        photo.image.save("photo.jpg", kept, save=False)
        photo.save()
    return finding


def sha256_of(content: bytes) -> str:
    """Fingerprint of a photo as kept."""
    return hashlib.sha256(content).hexdigest()


@transaction.atomic
def remove_finding(visit: SiteVisit, token: UUID, *, by: User) -> None:
    """Take back what one noted oneself, before the visit is done; again changes nothing."""
    visit, member = held_by_member(visit, by)
    finding = Finding.objects.filter(visit=visit, token=token).first()
    if finding is None:
        return
    if finding.made_by_id != member.judge_id and not member.leads:
        raise DomainError(_("Only whoever noted it, or the leader of the team, takes it back."))
    files = [str(photo.image.name) for photo in finding.photos.all()]
    finding.photos.all().delete()
    finding.delete()
    transaction.on_commit(lambda: forget(files))


def forget(files: list[str]) -> None:
    """Delete photos from the disk."""
    storage = VisitPhoto._meta.get_field("image").storage
    for name in files:
        storage.delete(name)


def unanswered(visit: SiteVisit) -> list[VisitItem]:
    """Lines that must be answered and are not."""
    given = [one.item_id for one in visit.answers.all() if one.is_given]
    return list(VisitItem.objects.filter(round=visit.round_id, required=True).exclude(pk__in=given))


@transaction.atomic
def finish_visit(visit: SiteVisit, *, by: User) -> SiteVisit:
    """The leader ends it: everything noted is locked, and its fingerprint goes into the ledger."""
    visit = locked(visit)
    if visit.status == VisitStatus.DONE and visit.done_by and visit.done_by.user_id == by.pk:
        return visit
    visit, member = held_by_member(visit, by)
    if not member.leads:
        raise DomainError(_("The leader of the team ends the visit."))
    if timezone.now() < visit.starts_at:
        raise DomainError(_("The visit has not begun yet."))
    if missing := unanswered(visit):
        raise DomainError(
            _("These lines of the check list are not answered: %(lines)s.")
            % {"lines": "; ".join(str(one.text) for one in missing)},
            field="items",
        )
    begin(visit)
    visit.become(VisitStatus.DONE)
    visit.done_at, visit.done_by = timezone.now(), member.judge
    append_visit(visit, by=by)
    visit.save(update_fields=["status", "done_at", "done_by"])
    return visit


def append_visit(visit: SiteVisit, *, by: User) -> VisitLeaf:
    """Write a visit that ends into the chain of its season."""
    content, salt = visit_content(visit), new_salt()
    event = record(
        "visit.done",
        by=by,
        about=visit,
        season=visit.round.season.slug,
        data={
            "round": visit.round.slug,
            "entry": visit.entry.number,
            "answers": len(content["answers"]),
            "findings": len(content["findings"]),
            "leaf": leaf_of(salt, content),
        },
    )
    return VisitLeaf.objects.create(
        visit=visit, event=event, content=content, salt=salt, sha256=event.data["leaf"]
    )
