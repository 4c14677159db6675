"""A round that visits its entries, for tests."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from judging.models import Entrants, ItemKind, Round, VisitItem, VisitRules
from judging.services.visits import plan_visit, set_team


def make_visited_round(season, rubric, jury, stage, slug="visits"):
    """With rules and a check list of each kind."""
    round_ = Round.objects.create(
        season=season,
        slug=slug,
        name={"en": "Visits"},
        stage=stage,
        rubric=rubric,
        entrants=Entrants.VISITED,
        weight=Decimal(20),
        quorum=1,
    )
    round_.juries.add(jury)
    VisitRules.objects.create(round=round_, photos=2)
    for position, (slug_, kind, required) in enumerate(
        [
            ("screens", ItemKind.PARTLY, True),
            ("training", ItemKind.YES_NO, False),
            ("wait", ItemKind.FIGURE, True),
        ],
        1,
    ):
        VisitItem.objects.create(
            round=round_,
            position=position,
            slug=slug_,
            kind=kind,
            required=required,
            text={"en": f"Line {slug_}"},
            unit={"en": "seconds"} if kind == ItemKind.FIGURE else {},
        )
    return round_


def planned(round_, entry, judge, *, by, starts_in=timedelta(days=1), place="Camomile street 1"):
    """A visit led by a judge, two hours long."""
    starts_at = timezone.now() + starts_in
    visit = plan_visit(
        round_,
        entry,
        by=by,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=place,
    )
    set_team(visit, [judge], leader=judge, by=by)
    visit.refresh_from_db()
    return visit


def photo(form="JPEG", name="site.jpg", side=64):
    """A picture that says where it was taken."""
    data = BytesIO()
    picture = Image.new("RGB", (side, side), "teal")
    exif = picture.getexif()
    exif[0x010F] = "Camera that tells"
    picture.save(data, form, exif=exif)
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/jpeg")
