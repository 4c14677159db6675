"""The shipped seasons say what their programmes say, and load without harm as often as one likes."""

from decimal import Decimal
from pathlib import Path

import pytest

from blueprints.reading import read_blueprint
from blueprints.schema import Blueprint, Item
from blueprints.services import load_season
from nominations.models import CheckItem, Option, Prerequisite, Prompt, PromptKind
from seasons.models import Season

FOLDER = Path("seasons/data")
FILES = ["cre-awards", "cx-award-2022", "golden-headset-2025", "service-star-2022"]

BANDS = {
    15: [(12, 15), (8, 11), (0, 7)],
    10: [(8, 10), (5, 7), (0, 4)],
    5: [(4, 5), (2, 3), (0, 1)],
}
"""Of the Golden Headset, by the maximum of a criterion."""

GOLDEN = {
    "digital-operations": {
        "数字化技术应用深度与广度": {"核心技术运用": 10, "多渠道整合": 10, "技术创新实践": 10},
        "运营效率提升": {"服务响应速度": 10, "问题解决效率": 10, "成本控制效果": 5},
        "数据驱动决策": {"数据收集与整合": 10, "数据分析能力": 10, "决策转化与业务增长": 5},
        "创新实践": {"模式创新": 10, "技术融合创新": 10},
    },
    "customer-centre": {
        "服务质量与客户满意度": {"客户满意度": 15, "投诉处理": 10, "服务质量监测": 5},
        "运营管理水平": {"人员管理": 10, "流程优化": 10, "质量管理": 5},
        "团队协作与专业能力": {"团队协作": 10, "专业能力": 15},
        "创新与持续改进": {"服务创新": 10, "持续改进": 10},
    },
    "service-brand": {
        "品牌数字化建设": {"数字渠道布局": 10, "品牌传播效果": 10, "数字化品牌形象塑造": 10},
        "服务体验一致性": {"跨渠道服务体验": 15, "线上线下融合": 10},
        "客户口碑与忠诚度": {"客户口碑": 15, "客户忠诚度": 10},
        "品牌创新与差异化": {"品牌创新策略": 10, "差异化竞争优势": 10},
    },
}
POINTS = {
    "digital-operations": [30, 25, 25, 20],
    "customer-centre": [30, 25, 25, 20],
    "service-brand": [30, 25, 25, 20],
}


def content(name: str) -> bytes:
    return (FOLDER / f"{name}.yaml").read_bytes()


def points(criterion: Item) -> Decimal:
    """What a criterion gives at most in the total."""
    assert criterion.max is not None
    assert criterion.weight is not None
    return criterion.max * criterion.weight


def blueprint_of(name: str) -> Blueprint:
    return read_blueprint(content(name)).blueprint


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_each_season_loads_into_an_empty_portal_and_again_without_change(name):
    first = load_season(content(name))

    again = load_season(content(name))

    assert first.changes
    assert (again.changes, again.kept) == ([], [])
    assert Season.objects.get().slug == first.season.slug


@pytest.mark.django_db
def test_all_seasons_live_on_one_portal():
    for name in FILES:
        load_season(content(name))

    assert sorted(Season.objects.values_list("slug", "code", "language")) == [
        ("cre-awards-2022", "CRE22", "zh-hant"),
        ("cx-award-2022", "CX22", "ru"),
        ("golden-headset-2025", "GH25", "zh-hans"),
        ("service-star-2022", "SS22", "zh-hans"),
    ]


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("cre-awards", ["zh-hant", "en"]),
        ("golden-headset-2025", ["zh-hans", "en"]),
        ("service-star-2022", ["zh-hans", "en"]),
    ],
)
def test_every_text_is_there_in_the_main_language_and_in_english(name, languages):
    read = read_blueprint(content(name))

    assert read.blueprint.season.languages == languages
    assert read.faults.texts
    assert {tuple(sorted(written)) for written in read.faults.texts.values()} == {
        tuple(sorted(languages))
    }


def test_the_awards_of_the_golden_headset_are_scored_as_its_rules_say():
    rubrics = {rubric.slug: rubric for rubric in blueprint_of("golden-headset-2025").rubrics}

    assert len(list(rubrics.pop("public-view").criteria())) == 2
    found = {
        slug: {
            dimension.name["zh-hans"]: {
                criterion.name["zh-hans"]: criterion.max for criterion in dimension.criteria
            }
            for dimension in rubric.dimensions
        }
        for slug, rubric in rubrics.items()
    }
    assert found == GOLDEN
    assert {
        slug: [sum(dimension.values()) for dimension in dimensions.values()]
        for slug, dimensions in found.items()
    } == POINTS


def test_every_criterion_of_the_golden_headset_has_the_three_bands_of_its_maximum():
    for rubric in blueprint_of("golden-headset-2025").rubrics:
        for criterion in rubric.criteria():
            assert criterion.max is not None
            found = [(int(band.low or 0), int(band.high or 0)) for band in criterion.bands]
            assert found == BANDS[int(criterion.max)]
            assert [band.name["zh-hans"] for band in criterion.bands] == ["高", "中", "低"]


def test_the_golden_headset_has_three_awards_of_ten_winners_judged_by_two_juries():
    blueprint = blueprint_of("golden-headset-2025")

    assert [part.name["zh-hans"] for part in blueprint.nominations()] == [
        "数字化运营标杆案例",
        "年度最佳客户中心",
        "年度数字服务品牌",
    ]
    assert [(part.kind, part.quota) for part in blueprint.outcomes] == [("laureate", 10)]
    assert [
        (part.rubric, part.juries, part.nominations, int(part.weight or 0))
        for part in blueprint.rounds
    ] == [
        ("digital-operations", ["expert"], [1], 70),
        ("public-view", ["public"], [1], 30),
        ("customer-centre", ["expert"], [2], 56),
        ("public-view", ["public"], [2], 24),
        ("service-brand", ["expert"], [3], 70),
        ("public-view", ["public"], [3], 30),
        ("customer-centre", ["expert"], [2], 20),
    ]


def test_client_centres_of_the_golden_headset_that_are_not_visited_are_weighed_as_all_others():
    blueprint = blueprint_of("golden-headset-2025")

    (outcome,) = blueprint.outcomes
    visited = next(one for one in blueprint.rounds if one.entrants == "visited")
    weights = {part.slug: part.weight for part in outcome.parts}
    assert weights == {one.slug: one.weight for one in blueprint.rounds}
    assert outcome.missing == "shared"
    assert weights["expert-customer-centre"] / weights["public-customer-centre"] == Decimal(70) / 30
    assert [part.slug for part in outcome.parts if part.method == "mean"] == [visited.slug]
    assert len(visited.visits.check_list) == 8
    assert visited.visits.report_for_all


def test_the_golden_headset_asks_for_metrics_and_keeps_one_answer_from_the_jury():
    for nomination in blueprint_of("golden-headset-2025").nominations():
        metrics = [part for part in nomination.prompts if part.kind == PromptKind.METRIC]
        assert len([part for part in metrics if part.required]) >= 3
        assert all(part.unit and part.minimum is not None for part in metrics)
        assert [part.slug for part in nomination.prompts if not part.jury_sees] == [
            "verification-contact"
        ]
        assert {line.aspect for line in nomination.check_list} == {
            "truth",
            "completeness",
            "compliance",
            "figures",
        }


def test_the_score_of_each_season_adds_up_to_100():
    totals = {
        (name, rubric.slug): float(sum(points(criterion) for criterion in rubric.criteria()))
        for name in ["cre-awards", "golden-headset-2025", "service-star-2022"]
        for rubric in blueprint_of(name).rubrics
    }

    assert totals == {
        ("cre-awards", "scorecard"): 100,
        ("cre-awards", "presentation"): 25,
        ("golden-headset-2025", "digital-operations"): 100,
        ("golden-headset-2025", "customer-centre"): 100,
        ("golden-headset-2025", "service-brand"): 100,
        ("golden-headset-2025", "public-view"): 100,
        ("service-star-2022", "selection"): 30,
        ("service-star-2022", "match"): 100,
    }


@pytest.mark.django_db
def test_an_entrant_of_the_cre_awards_needs_ccsm_and_its_company_csqs():
    season = load_season(content("cre-awards")).season

    found = Prerequisite.objects.filter(season=season)
    assert list(found.values_list("slug", "missing", "needs_proof")) == [
        ("ccsm", "blocks", True),
        ("csqs", "conditional", True),
    ]
    csqs = found.get(slug="csqs").nominations
    assert list(csqs.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
    assert not found.get(slug="ccsm").nominations.exists()
    assert [part.kinds for part in season.nominations.order_by("number")] == [
        *[["organisation"]] * 5,
        *[["team"]] * 2,
        *[["person"]] * 2,
    ]


@pytest.mark.django_db
def test_a_service_star_team_has_three_members_and_a_video_of_five_minutes_at_most():
    season = load_season(content("service-star-2022")).season

    members = Prompt.objects.get(nomination__season=season, slug="members")
    assert (members.kind, members.minimum, members.maximum) == (
        "table",
        Decimal(3),
        Decimal(3),
    )
    assert list(Option.objects.filter(prompt=members).values_list("slug", flat=True)) == [
        "name",
        "position",
        "years",
    ]
    length = Prompt.objects.get(nomination__season=season, slug="video-minutes")
    assert (length.maximum, length.decimals) == (Decimal(5), 1)
    assert season.channels == ["open", "invitation", "recommendation", "link"]
    assert CheckItem.objects.filter(nomination__season=season, aspect="compliance").exists()


def test_the_timeline_of_service_star_is_the_programmes():
    stages = {part.slug: part for part in blueprint_of("service-star-2022").stages}

    assert {
        slug: (f"{stages[slug].opens:%Y-%m-%d}", f"{stages[slug].closes:%Y-%m-%d}")
        for slug in ["registration", "selection", "preliminary", "semi-final", "final"]
    } == {
        "registration": ("2022-10-27", "2022-11-21"),
        "selection": ("2022-10-27", "2022-11-21"),
        "preliminary": ("2022-11-22", "2022-12-07"),
        "semi-final": ("2022-12-13", "2022-12-28"),
        "final": ("2023-01-13", "2023-01-13"),
    }
    assert f"{stages['advancing'].opens:%Y-%m-%d}" == "2022-12-07"
    assert f"{stages['best-eight'].opens:%Y-%m-%d}" == "2022-12-27"
