"""The portal speaks each language of its switch, page by page and mail by mail."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from outbox.services import post
from outbox.tasks import deliver

SENTENCES = {
    "zh-hans": {
        "home": "出色成果，值得被看见",
        "season": "日程安排",
        "desk": "您的待办事项和后续步骤都在这里。",
        "sign-in": "忘记密码？",
    },
    "zh-hant": {
        "home": "出色成果，值得被看見",
        "season": "日程安排",
        "desk": "您的待辦事項和後續步驟都在這裡。",
        "sign-in": "忘記密碼？",
    },
}


@pytest.mark.parametrize("language", SENTENCES)
def test_pages_answer_in_chinese(client_of, nominee, season, language):
    visitor, person = client_of(None), client_of(nominee)
    asking = {"headers": {"accept-language": language}}
    answers = {
        "home": visitor.get(reverse("seasons:home"), **asking),
        "season": visitor.get(season.get_absolute_url(), **asking),
        "desk": person.get(reverse("accounts:desk"), **asking),
        "sign-in": visitor.get(reverse("account_login"), **asking),
    }

    said = {
        page: (answer.wsgi_request.LANGUAGE_CODE, sentence)
        for page, answer in answers.items()
        if (sentence := SENTENCES[language][page]) in answer.text
        and f'<html lang="{language}"' in answer.text
    }

    assert said == {page: (language, text) for page, text in SENTENCES[language].items()}


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("zh-CN", "zh-hans"),
        ("zh-SG", "zh-hans"),
        ("zh-TW", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("ru-RU", "ru"),
        ("fr", "en"),
    ],
)
def test_a_browsers_wish_finds_the_script_of_its_region(client_of, db, wish, language):
    answer = client_of(None).get(reverse("seasons:home"), headers={"accept-language": wish})

    assert answer.headers["Content-Language"] == language


def test_the_switch_offers_four_languages(client_of, db):
    text = client_of(None).get(reverse("seasons:home")).text

    offered = re.findall(r'name="language" value="([^"]+)" lang="[^"]+"[^>]*>([^<]+)<', text)

    assert offered == settings.LANGUAGES
    assert [code for code, _name in offered] == ["ru", "en", "zh-hans", "zh-hant"]


def test_the_switch_is_remembered(client_of, db):
    visitor = client_of(None)

    visitor.post(reverse("set_language"), {"language": "zh-hant", "next": "/"})

    assert '<html lang="zh-hant"' in visitor.get(reverse("seasons:home")).text


def test_the_profile_keeps_the_choice_of_chinese(client_of, nominee):
    values = {"full_name": "陳小明", "language": "zh-hant", "time_zone": "Asia/Taipei"}

    client_of(nominee).post(reverse("accounts:profile"), values)

    nominee.refresh_from_db()
    assert nominee.language == "zh-hant"


def test_the_back_office_answers_in_chinese(client_of, superuser):
    page = client_of(superuser).get(reverse("admin:index"), headers={"accept-language": "zh-TW"})

    assert "獎項管理後台" in page.text


def test_a_mail_is_written_in_the_recipients_language(nominee, mailoutbox):
    nominee.language = "zh-hant"
    nominee.save()

    deliver(post("account-notice", effect_key="one", to=nominee, context={"email": "e@x.org"}).pk)

    (mail,) = mailoutbox
    assert mail.subject == "您的帳戶有變更"
    assert mail.extra_headers["Content-Language"] == "zh-hant"
    assert mail.body.strip().endswith(
        "您在獎項評選平台的帳戶 e@x.org 有變更。如果不是您本人操作，請立即設定新密碼。"
    )
