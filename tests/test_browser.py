import pytest


@pytest.mark.browser
def test_chromium_shows_cyrillic_and_chinese_at_a_phones_width(page):
    page.set_viewport_size({"width": 390, "height": 844})

    page.set_content("<p lang=ru>Премия</p><p lang=zh>奖项</p>")

    assert page.locator("p").all_inner_texts() == ["Премия", "奖项"]
    assert page.evaluate("innerWidth") == 390
