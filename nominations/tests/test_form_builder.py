"""The form builder of the back office: settings, preview, and what answers lock."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from nominations.models import Answer, Entry, Nomination, Option, Prompt, PromptKind
from tests.factories import make_form, make_prompt

ClientOf = Callable[[User | None], Client]


@pytest.fixture
def choice(nomination: Nomination) -> Prompt:
    return make_prompt(nomination, PromptKind.CHOICE, options=["bank", "shop"])


def posted(prompt: Prompt, **changes: Any) -> dict[str, Any]:
    """The builder's form as it stands, with changes."""
    options = list(prompt.options.all())
    data: dict[str, Any] = {
        "nomination": prompt.nomination_id,
        "position": prompt.position,
        "slug": prompt.slug,
        "kind": prompt.kind,
        "required": "on",
        "jury_sees": "on",
        "label_en": str(prompt.label.get("en", "")),
        "decimals": prompt.decimals,
        "options-TOTAL_FORMS": len(options),
        "options-INITIAL_FORMS": len(options),
    }
    for at, option in enumerate(options):
        data |= {
            f"options-{at}-id": option.pk,
            f"options-{at}-prompt": prompt.pk,
            f"options-{at}-position": option.position,
            f"options-{at}-slug": option.slug,
            f"options-{at}-label_en": str(option.label.get("en", "")),
        }
    return data | changes


def change_url(prompt: Prompt) -> str:
    return reverse("admin:nominations_prompt_change", args=[prompt.pk])


def test_the_preview_shows_what_is_typed_and_keeps_nothing(
    organiser: User, choice: Prompt, client_of: ClientOf
) -> None:
    data = posted(choice, **{"label_en": "Where do you work?", "options-1-label_en": "Florist"})

    answer = client_of(organiser).post(reverse("admin:nominations_prompt_preview"), data)

    text = answer.content.decode()
    assert ("Where do you work?" in text, "Florist" in text) == (True, True)
    choice.refresh_from_db()
    assert choice.label.get("en") == "Your choice"
    assert sorted(choice.options.values_list("slug", flat=True)) == ["bank", "shop"]


@pytest.mark.parametrize("kind", PromptKind.values)
def test_every_kind_has_a_preview_even_of_an_empty_form(
    organiser: User, kind: str, client_of: ClientOf
) -> None:
    url = reverse("admin:nominations_prompt_preview")

    answer = client_of(organiser).post(url, {"kind": kind, "minimum": "x", "position": "1e999"})

    assert (answer.status_code, f'data-kind="{kind}"' in answer.content.decode()) == (200, True)


def test_a_field_with_answers_keeps_its_kind(
    organiser: User, choice: Prompt, draft: Entry, client_of: ClientOf
) -> None:
    Answer.objects.filter(entry=draft, prompt=choice).update(text="bank")

    answer = client_of(organiser).post(change_url(choice), posted(choice, kind="text"))

    assert "There are answers of the old kind" in answer.content.decode()
    choice.refresh_from_db()
    assert choice.kind == "choice"


@pytest.mark.parametrize("change", [{"options-0-slug": "credit"}, {"options-0-DELETE": "on"}])
def test_an_option_that_was_chosen_stays(
    organiser: User, choice: Prompt, draft: Entry, change: dict[str, str], client_of: ClientOf
) -> None:
    Answer.objects.filter(entry=draft, prompt=choice).update(text="bank")

    client_of(organiser).post(change_url(choice), posted(choice, **change))

    assert [one.slug for one in choice.options.all()] == ["bank", "shop"]


def test_an_option_that_nobody_chose_goes(
    organiser: User, choice: Prompt, client_of: ClientOf
) -> None:
    client_of(organiser).post(change_url(choice), posted(choice, **{"options-0-DELETE": "on"}))

    assert [one.slug for one in choice.options.all()] == ["shop"]


def test_a_condition_names_an_option_there_is(
    organiser: User, nomination: Nomination, choice: Prompt, client_of: ClientOf
) -> None:
    why = make_prompt(nomination, PromptKind.TEXT, slug="why")

    answer = client_of(organiser).post(
        change_url(why), posted(why, shown_if=choice.pk, shown_value="casino")
    )

    assert "That field has no option with this short name." in answer.content.decode()
    client_of(organiser).post(change_url(why), posted(why, shown_if=choice.pk, shown_value="bank"))
    why.refresh_from_db()
    assert (why.shown_if, why.shown_value) == (choice, "bank")


def test_the_whole_form_is_shown_to_its_organisers_alone(
    organiser: User,
    other_organiser: User,
    nominee: User,
    nomination: Nomination,
    client_of: ClientOf,
) -> None:
    make_form(nomination)
    url = reverse("admin:nominations_nomination_form", args=[nomination.pk])

    answers = [client_of(user).get(url) for user in (organiser, other_organiser, nominee)]

    assert [one.status_code for one in answers] == [200, 404, 404]
    assert "Your metric" in answers[0].content.decode()


def test_another_programmes_fields_are_not_there(
    other_organiser: User, choice: Prompt, client_of: ClientOf
) -> None:
    answer = client_of(other_organiser).get(change_url(choice))

    assert answer.status_code == 302
    assert Option.objects.filter(prompt=choice).count() == 2
