"""Nothing is loaded from anywhere: pages and logos hold what they were given."""

import io
import re
from dataclasses import replace

import pikepdf
import pytest

from diplomas.rendering import (
    DiplomaError,
    UnreadableLogo,
    render_diploma,
)
from diplomas.rendering.drawing import OUR_FONTS, draw, fonts_of
from diplomas.rendering.resources import Resources, cleaned_logo
from diplomas.tests.rendering.samples import (
    LOGO,
    RUSSIAN,
    read,
    squeezed,
)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "http://localhost/", "https://example.org/", "portal:other.svg"],
)
def test_an_address_outside_memory_is_refused(address):
    resources = Resources({"known.svg": b""})

    with pytest.raises(PermissionError):
        resources.fetch(address)

    assert resources.refused == [address]


def test_an_address_in_memory_is_answered():
    assert Resources({"known.svg": b"<svg/>"}).fetch("portal:known.svg").read() == b"<svg/>"


def test_a_page_that_asks_for_a_file_is_not_made(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_bytes(LOGO % b'<circle r="9"/>')

    with pytest.raises(DiplomaError, match="may not load"):
        draw(f'<img src="{secret.as_uri()}">', Resources())


def test_markup_in_a_name_is_printed_as_it_was_typed():
    name = '<img src="file:///etc/hostname"> & {{ number }}'

    assert squeezed(name) in read(render_diploma(replace(RUSSIAN, recipient=name)))


@pytest.mark.parametrize(
    "inside",
    [
        b'<image href="file:///etc/hostname" width="9" height="9"/>',
        b'<use href="file:///etc/hostname#a"/>',
        b'<rect width="9" height="9" fill="url(http://localhost/a.svg#b)"/>',
        b"<style>@import url(http://localhost/a.css);</style>",
        b"<style>rect { fill: url('http://localhost/a.svg#b') }</style>",
        b"<script>fetch('http://localhost/')</script>",
        b'<rect onload="alert(1)" style="mask: url(file:///etc/hostname)"/>',
    ],
)
def test_a_logo_loses_whatever_would_load_or_run(inside):
    cleaned = cleaned_logo(LOGO % inside)

    assert not re.search(rb"hostname|localhost|alert", cleaned)
    assert read(render_diploma(replace(RUSSIAN, logo=LOGO % inside)))


def test_a_logo_keeps_its_own_drawing():
    cleaned = cleaned_logo(
        LOGO % b'<style>.a{fill:#123456;font-family:Arial}</style><g id="g"/><use href="#g"/>'
    )

    assert b".a{fill:#123456;}" in cleaned
    assert b'href="#g"' in cleaned


def test_the_letters_of_a_logo_are_set_in_our_fonts():
    logo = LOGO % '<text y="20" style="font: 12px Georgia" font-family="Arial">Ж</text>'.encode()

    pdf = render_diploma(replace(RUSSIAN, logo=logo))

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert fonts_of(opened) - OUR_FONTS == set()


@pytest.mark.parametrize(
    "logo",
    [
        b"",
        b"\x89PNG\r\n",
        b"<html/>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + LOGO % b"&a;",
        LOGO % (b" " * 500_001),
    ],
    ids=["nothing", "PNG", "HTML", "entities", "huge"],
)
def test_a_logo_that_is_not_a_plain_svg_is_refused(logo):
    with pytest.raises(UnreadableLogo):
        render_diploma(replace(RUSSIAN, logo=logo))
