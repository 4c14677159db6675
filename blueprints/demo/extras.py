"""What a newcomer looks for beside the plain course: a visit, a sample, pages, an appeal, a question."""

# ruff: noqa: E501 - sentences stay in one piece

import io
from typing import Any
from uuid import UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.models import User
from blueprints.demo.people import CHAIR, JUDGE
from common.localized import Localized
from judging.models import (
    Calibration,
    Criterion,
    Judge,
    ReferenceMark,
    Round,
    Sample,
    SampleAnswer,
    SiteVisit,
)
from judging.services.visits import confirm_visit, plan_visit, set_team
from nominations.models import Entry
from results.models import Appeal, Ground, LaureatePage, OutcomeRule, PublishedResult
from results.services import approve_page, moderate_page, write_page
from results.services.appeals import file_appeal
from seasons.models import Season

NAMESPACE = UUID("0f1e2d3c-4b5a-4678-9abc-def012345678")
# A round that counts for nothing in the outcome: the team looks, and the jury reads what it saw.
VISIT_ROUND: dict[str, Any] = {
    "slug": "visit",
    "stage": "defence",
    "rubric": "essay",
    "juries": ["expert"],
    "weight": 100,
    "quorum": 2,
    "name": {"ru": "Выездной визит", "en": "Visit on site"},
    "entrants": "visited",
    "visits": {
        "names_shown": True,
        "report_for_all": True,
        "photos": 6,
        "check_list": [
            {
                "slug": "daily-work",
                "kind": "partly",
                "text": {
                    "ru": "То, что описано в эссе, видно в ежедневной работе.",
                    "en": "What the essay describes is seen in daily work.",
                },
            },
            {
                "slug": "figures",
                "kind": "yes-no",
                "text": {
                    "ru": "Показатели из эссе открыли в рабочей системе, и они совпали.",
                    "en": "The figures of the essay were called up in the live system and agree.",
                },
            },
            {
                "slug": "staff",
                "kind": "figure",
                "unit": {"ru": "человек", "en": "people"},
                "text": {
                    "ru": "Со сколькими сотрудниками поговорила команда.",
                    "en": "How many of the staff the team spoke with.",
                },
            },
        ],
    },
}
QUESTION = {"ru": "Что изменилось для клиента?", "en": "What has changed for the customer?"}
ANSWER = {
    "ru": "Раньше клиент звонил трижды, чтобы перенести доставку. Теперь он делает это сам в два касания. Мы опросили 400 покупателей: 78 из 100 заметили перемену. О тех, кто пользуется телефоном, мы пока знаем мало.",
    "en": "A customer used to call three times to move a delivery. Now it takes two taps. We asked 400 buyers: 78 of 100 noticed the change. Of those who use the phone we know little yet.",
}
REASON = {
    "ru": "Перемена показана и измерена, но одна группа клиентов не изучена.",
    "en": "The change is shown and measured, but one group of customers was not studied.",
}
# What laureates write about themselves, by the number of the nomination.
SUMMARIES: dict[int, dict[str, str]] = {
    1: {
        "ru": "В наших клиниках сотрудник вправе сам решить вопрос пациента: перенести приём, отменить счёт за ошибку, позвонить после визита. Правил стало меньше, а благодарностей больше.",
        "en": "In our clinics whoever meets a patient may settle the matter: move an appointment, cancel a bill for our mistake, call after the visit. There are fewer rules now, and more thanks.",
    },
    2: {
        "ru": "Заказ, оплата, возврат и разговор с поддержкой теперь идут в одном окне. Покупателю больше не нужно помнить, с кем и о чём он уже говорил.",
        "en": "Order, payment, return and the talk with support now happen in one window. A buyer need not remember who was told what.",
    },
    3: {
        "ru": "Каждая встреча в банке начинается с истории клиента. За три года это стало привычкой, которую новички перенимают раньше, чем инструкции.",
        "en": "Each meeting in the bank begins with a customer's story. In three years it has become a habit that newcomers pick up before the manuals.",
    },
    5: {
        "ru": "Мы подсказываем до того, как абонент спросит: о роуминге перед вылетом, о лимите за день до его конца, о работах на линии за неделю.",
        "en": "We tell before a subscriber asks: of roaming before the flight, of a limit a day before it ends, of works on the line a week ahead.",
    },
    19: {
        "ru": "У каждого обращения есть хозяин: один человек ведёт его до конца, кто бы ни отвечал по дороге. Повторных звонков стало втрое меньше.",
        "en": "Each request has an owner: one person sees it through, whoever answers on the way. Repeated calls fell to a third.",
    },
    23: {
        "ru": "Знает покупателей по именам, а их вопросы — раньше, чем они прозвучат. Обучила одиннадцать новичков, и девять из них уже учат других.",
        "en": "Knows buyers by name, and their questions before they are asked. Has trained eleven newcomers; nine of them train others by now.",
    },
}
PICTURED = {1: ("#2f6f62", "#e9c46a"), 3: ("#5b2a86", "#f4a261"), 19: ("#1d3557", "#a8dadc")}
PICTURE = "Рисунок: расходящиеся круги в цветах команды"


def picture(ground: str, rings: str) -> SimpleUploadedFile:
    """Rings that go out from a corner, in two colours."""
    drawn = Image.new("RGB", (1280, 640), ground)
    pen = ImageDraw.Draw(drawn)
    for radius in range(80, 1500, 120):
        pen.ellipse(
            (240 - radius, 520 - radius, 240 + radius, 520 + radius),
            outline=rings,
            width=max(4, 40 - radius // 45),
        )
    kept = io.BytesIO()
    drawn.save(kept, format="PNG")
    return SimpleUploadedFile("picture.png", kept.getvalue(), content_type="image/png")


def offer_sample(round_: Round) -> None:
    """One made-up entry with reference marks, for whoever wants to practise."""
    sample = Sample.objects.create(
        round=round_,
        slug="practice",
        title=Localized({"ru": "Доставка в два касания", "en": "Delivery in two taps"}),
    )
    SampleAnswer.objects.create(sample=sample, question=Localized(QUESTION), text=Localized(ANSWER))
    for criterion in Criterion.objects.filter(dimension__rubric=round_.rubric_id):
        ReferenceMark.objects.create(
            sample=sample,
            criterion=criterion,
            value=criterion.maximum * 7 // 10,
            reason=Localized(REASON),
        )
    round_.calibration = Calibration.OFFERED
    round_.save(update_fields=["calibration"])


def plan_team_visit(
    round_: Round, entry: Entry, *, by: User, confirmed_by: User | None = None, **when: Any
) -> SiteVisit:
    """The judge of the demo and the chair go and see; the applicant has confirmed, or has still to."""
    note = "Покажите, пожалуйста, рабочие места и отчёт за прошлый месяц."
    visit = plan_visit(round_, entry, by=by, note=note, **when)
    seats = Judge.objects.filter(jury__season=round_.season_id).select_related("user")
    team = {seat.user.email: seat for seat in seats}
    judge, chair = team[JUDGE.email], team[CHAIR.email]
    set_team(visit, [judge, chair], leader=judge, by=by)
    if confirmed_by is not None:
        confirm_visit(visit, by=confirmed_by)
    return visit


def write_pages(season: Season, *, by: User) -> None:
    """Some laureates tell of themselves; what the last of them approved waits for an organiser."""
    rows = PublishedResult.objects.filter(
        season=season, kind="laureate", nomination__number__in=SUMMARIES
    ).select_related("entry__created_by", "nomination")
    found = list(rows.order_by("nomination__number"))
    for row in found:
        number, writer = row.nomination.number, row.entry.created_by
        colours = PICTURED.get(number)
        write_page(
            row.entry,
            by=writer,
            summary=SUMMARIES[number],
            alt=PICTURE if colours else "",
            picture=picture(*colours) if colours else None,
        )
        approve_page(row.entry, by=writer)
        if row is not found[-1]:
            page = LaureatePage.objects.get(entry=row.entry)
            moderate_page(page, by=by, publish=True, seen=page.version)


def contest(rule: OutcomeRule) -> Appeal | None:
    """A finalist that did not win asks to look again at its figures."""
    won = PublishedResult.objects.filter(season=rule.season, kind="laureate").values("entry")
    finalists = PublishedResult.objects.filter(season=rule.season, kind="finalist")
    row = finalists.exclude(entry__in=won).select_related("entry__created_by").first()
    if row is None:
        return None
    return file_appeal(
        rule,
        row.entry,
        by=row.entry.created_by,
        ground=Ground.FACTS,
        text="В комментариях сказано, что сравнения с прошлым годом нет, но оно есть в третьем ответе."
        " Просим посмотреть на показатели ещё раз.",
        key=uuid5(NAMESPACE, f"appeal {row.entry.number}"),
    )
