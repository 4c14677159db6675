"""What the world has for site visits: a team is with the applicant now, and has found something."""

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from judging.models import Entrants, Judge, Jury, Round, SiteVisit, VisitItem, VisitRules
from judging.services.visiting import add_finding, answer_item
from judging.services.visits import plan_visit, set_team
from tests.factories import make_rubric

if TYPE_CHECKING:
    from tests.world import World


def add_visits(world: "World") -> None:
    """The judge leads the visit; it is not done."""
    season, organiser, judge = world.season, world.person("organiser"), world.person("judge")
    jury = Jury.objects.get(season=season, slug="expert")
    round_ = Round.objects.create(
        season=season,
        slug="visits",
        name={"en": "Visits"},
        stage=season.stages.get(slug="judging"),
        rubric=make_rubric(season, "visits"),
        entrants=Entrants.VISITED,
        quorum=1,
    )
    round_.juries.add(jury)
    VisitRules.objects.create(round=round_)
    item = VisitItem.objects.create(
        round=round_, position=1, slug="screens", text={"en": "Screens are locked."}
    )
    now = timezone.now()
    visit = plan_visit(
        round_,
        world.entries["admitted"],
        by=organiser,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        place="Camomile street 1",
    )
    leader = Judge.objects.get(jury=jury, user=judge)
    set_team(visit, [leader], leader=leader, by=organiser)
    answer_item(visit, item, by=judge, value="yes", base_version=0)
    drawn = BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, format="JPEG")
    photo = SimpleUploadedFile("site.jpg", drawn.getvalue(), content_type="image/jpeg")
    add_finding(visit, by=judge, key=uuid4(), text="A quiet hall.", files=[photo])
    world.rounds["visits"] = round_
    world.rows[SiteVisit] = visit
