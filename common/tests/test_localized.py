"""Programme texts: a value per language, with fallback."""

import pytest
from django.forms import modelform_factory
from django.utils import translation

from common.localized import Localized, LocalizedField, LocalizedFormField


@pytest.mark.parametrize(
    ("language", "expected"), [("ru", "Премия"), ("en", "Award"), ("zh-hans", "Award")]
)
def test_the_readers_language_else_english(language, expected):
    with translation.override(language):
        assert str(Localized(ru="Премия", en="Award")) == expected


def test_without_english_any_language_is_better_than_nothing():
    with translation.override("en"):
        assert str(Localized(ru="Премия")) == "Премия"


def test_a_text_is_escaped_in_pages():
    assert Localized(en="<b>").__html__() == "&lt;b&gt;"


def test_a_form_keeps_one_text_per_language():
    field = LocalizedFormField(required=False)

    assert field.clean(["Премия", ""]) == {"ru": "Премия"}


def test_a_required_text_in_no_language_is_refused(season):
    season.name = {}

    with pytest.raises(Exception, match="at least one language"):
        LocalizedField().validate({}, None)


def test_a_new_row_can_be_saved_in_the_back_office_with_one_language_left_empty():
    form = LocalizedField(long=True, blank=True).formfield()

    assert form.show_hidden_initial is False
    assert form.has_changed(Localized(), ["", ""]) is False
    assert form.has_changed(Localized(), ["", "Words"]) is True


@pytest.mark.parametrize(
    ("language", "expected"), [("zh-hant", "奖项"), ("zh-hans", "奖项"), ("ru", "Award")]
)
def test_the_other_script_of_chinese_is_closer_than_english(language, expected):
    with translation.override(language):
        assert str(Localized({"en": "Award", "zh-hans": "奖项"})) == expected


def test_a_form_keeps_the_texts_of_languages_it_does_not_show(season):
    season.name = {"en": "Award", "kk": "Сыйлық"}
    form = modelform_factory(type(season), fields=["name"])

    form({"name_ru": "Премия", "name_en": ""}, instance=season).save()

    season.refresh_from_db()
    assert season.name == {"ru": "Премия", "kk": "Сыйлық"}
