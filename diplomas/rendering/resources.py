"""What a diploma may load: our fonts, our drawing and a cleaned logo. Nothing else exists for it."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from weasyprint.urls import URLFetcher, URLFetcherResponse

from diplomas.rendering.errors import UnreadableLogo
from diplomas.rendering.fonts import Face

SVG = "http://www.w3.org/2000/svg"
LOGO_FACES = "Portal Text, Portal Sans"
LARGEST_LOGO = 500_000
UNWANTED = {"script", "foreignObject", "image", "feImage", "a", "animate", "set"}
LOADING = re.compile(r"url\(\s*['\"]?(?!['\"]?#)", re.IGNORECASE)
FONT = re.compile(r"(?<![\w-])font(?:-family)?\s*:[^;}]*;?", re.IGNORECASE)


class Resources(URLFetcher):
    """Answers `portal:` addresses from memory and refuses all others: no file, no network."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=("portal",), allow_redirects=False)
        self.files = dict(files or {})
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The file behind an address, or a refusal that WeasyPrint takes for "not found"."""
        del headers
        scheme, _colon, name = url.partition(":")
        if scheme == "portal" and name in self.files:
            kind = "image/svg+xml" if name.endswith(".svg") else "font/ttf"
            return URLFetcherResponse(url, self.files[name], {"Content-Type": kind})
        self.refused.append(url)
        raise PermissionError(f"A diploma does not load {url}")


def font_files() -> dict[str, bytes]:
    """The shipped faces by name."""
    return {face.path.name: face.path.read_bytes() for face in Face}


def cleaned_logo(logo: bytes) -> bytes:
    """The picture without anything that loads, runs or asks for a font of the machine."""
    if len(logo) > LARGEST_LOGO or b"<!ENTITY" in logo or b"<!DOCTYPE" in logo.upper():
        raise UnreadableLogo
    try:
        root = ET.fromstring(logo)  # noqa: S314 - entities are refused above
    except ET.ParseError as error:
        raise UnreadableLogo from error
    if root.tag != f"{{{SVG}}}svg":
        raise UnreadableLogo
    clean(root)
    root.set("font-family", LOGO_FACES)
    ET.register_namespace("", SVG)
    return ET.tostring(root)


def clean(element: ET.Element) -> None:
    """Drop unwanted children and attributes, all the way down."""
    for name, value in list(element.attrib.items()):
        local = name.rpartition("}")[2].lower()
        loads = local == "href" and not value.strip().startswith("#")
        if loads or local.startswith("on") or local == "font-family" or LOADING.search(value):
            del element.attrib[name]
        elif local == "style":
            element.set(name, FONT.sub("", value))
    for child in list(element):
        if child.tag.rpartition("}")[2] in UNWANTED:
            element.remove(child)
        else:
            clean(child)
    if element.tag.endswith("}style"):
        rules = FONT.sub("", element.text or "")
        element.text = "" if "@" in rules or LOADING.search(rules) else rules
