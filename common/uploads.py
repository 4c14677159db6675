"""Files from people: believed by their content, never by their name; kept private, served as attachments."""

import hashlib
import io
import re
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from xml.parsers import expat

from django.core.files.base import File
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from common import pdf_inspection
from common.errors import DomainError
from common.sandbox import Overrun, run_apart

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_PIXELS = 40_000_000
MAX_PARTS = 5_000
MAX_UNPACKED = 300 * MEGABYTE
MAX_RATIO = 150
NAME_LENGTH = 120

OPEN_XML = "application/vnd.openxmlformats-officedocument."
TYPES = {
    ".pdf": "application/pdf",
    ".docx": f"{OPEN_XML}wordprocessingml.document",
    ".xlsx": f"{OPEN_XML}spreadsheetml.sheet",
    ".pptx": f"{OPEN_XML}presentationml.presentation",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
MAIN_PART = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".pptx": "ppt/presentation.xml",
}
PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
# What phones send besides; taken only where somebody asks for it.
DRAWN = {**PICTURES, ".webp": "WEBP"}
ARCHIVES = {".zip", ".7z", ".rar", ".gz", ".xz", ".bz2", ".tar", ".jar", ".exe", ".dll", ".js"}
XML_ENDINGS = {".xml", ".vml"}
PROLOG = 64 * 1024
PROLOG_STEP = 1024
LOADED = {"attachedTemplate", "oleObject", "frame", "subDocument"}
PDF_FAULTS: dict[str, Any] = {
    pdf_inspection.LOCKED: _(
        "“%(name)s” is locked with a password. Save it without one and send it again."
    ),
    pdf_inspection.ACTIVE: _(
        "“%(name)s” runs a program when it is read. Print it to a new PDF and send that."
    ),
    pdf_inspection.CARRIES: _(
        "“%(name)s” carries other files inside. Send them separately, and the PDF without them."
    ),
}
END_OF_ZIP = b"PK\x05\x06"
END_LENGTH = 22
# Characters that hide or turn round a part of a name: controls, joiners, direction marks.
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class CheckedFile:
    """A file that was looked into and may be kept."""

    name: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes as kept (a picture changes when it is drawn anew)."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """Fingerprint of the content as kept."""
        return hashlib.sha256(self.content).hexdigest()


def clean_name(name: str) -> str:
    """Return a file name safe to show and to offer for download, its ending kept."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = " ".join(INVISIBLE.sub("", name).split())
    path = PurePath(name)
    stem = re.sub(r'[<>:"|?*;]', "", path.stem).strip(" .") or "file"
    return f"{stem[: NAME_LENGTH - len(path.suffix)]}{path.suffix.lower()}"


def check_outside(
    name: str,
    size: int,
    *,
    endings: Collection[str] = tuple(TYPES),
    max_bytes: int = MAX_BYTES,
) -> None:
    """Refuse a file by its cleaned name and its size, before anything of it is read."""
    if PurePath(name).suffix not in endings:
        if len(endings) < len(TYPES):
            types = ", ".join(ending.removeprefix(".").upper() for ending in endings)
            raise refusal(
                _("“%(name)s” is of a type that is not taken here. Send %(types)s."),
                name,
                types=types,
            )
        raise refusal(
            _("“%(name)s” is of a type we cannot take. Send PDF, DOCX, XLSX, PPTX, PNG or JPEG."),
            name,
        )
    if not size:
        raise refusal(_("“%(name)s” is empty."), name)
    if size > max_bytes:
        raise refusal(
            _("“%(name)s” is larger than %(limit)d MB."), name, limit=max_bytes // MEGABYTE
        )


def check_upload(
    file: File[Any], *, endings: Collection[str] = tuple(TYPES), max_bytes: int = MAX_BYTES
) -> CheckedFile:
    """Look into a file; return it cleaned, or say in words why it cannot be taken."""
    name = clean_name(file.name or "")
    check_outside(name, file.size, endings=endings, max_bytes=max_bytes)
    ending = PurePath(name).suffix
    content = file.read()
    if ending in DRAWN:
        content = redrawn_picture(content, DRAWN[ending], name)
    elif ending in MAIN_PART:
        check_office(content, ending, name)
    else:
        check_pdf(content, name)
    return CheckedFile(name, TYPES.get(ending, "image/webp"), content)


def refusal(message: Any, name: str, **values: Any) -> DomainError:
    """Make the error that names the file."""
    return DomainError(message % {"name": name, **values}, field="file")


def not_what_it_says(name: str) -> DomainError:
    """Make the error for a file whose content contradicts its name."""
    return refusal(_("The content of “%(name)s” does not match its type, or is damaged."), name)


def check_pdf(content: bytes, name: str) -> None:
    """A PDF begins and ends as one, hides no archive, opens without a password, runs and carries nothing."""
    whole = re.match(rb"%PDF-[12]\.\d", content) and b"%%EOF" in content[-2048:]
    if not whole or b"startxref" not in content[-4096:] or zipfile.is_zipfile(io.BytesIO(content)):
        raise not_what_it_says(name)
    with tempfile.NamedTemporaryFile(prefix="portal-", suffix=".pdf") as file:
        file.write(content)
        file.flush()
        try:
            found = run_apart("common.pdf_inspection", file.name, limits=pdf_inspection.LIMITS)
        except Overrun as error:
            message = _("“%(name)s” takes too long to check. Print it to a new PDF and send that.")
            raise refusal(message, name) from error
    if fault := PDF_FAULTS.get(found["fault"]):
        raise refusal(fault, name)
    if found["fault"]:
        raise not_what_it_says(name)


def check_office(content: bytes, ending: str, name: str) -> None:
    """An Office file is one plain archive with the right parts, of a believable size, without macros."""
    starts_and_ends = content.startswith(b"PK\x03\x04") and content[-END_LENGTH:].startswith(
        END_OF_ZIP
    )
    if not starts_and_ends:
        raise not_what_it_says(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_parts(archive, len(content), name)
            parts = set(archive.namelist())
            if not {"[Content_Types].xml", MAIN_PART[ending]} <= parts:
                raise not_what_it_says(name)
            types = archive.read("[Content_Types].xml").decode(errors="replace")
            check_inside(archive, name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        LookupError,
        EOFError,
    ) as error:
        raise not_what_it_says(name) from error
    if f"{TYPES[ending]}.main+xml" not in types:
        raise not_what_it_says(name)


def check_inside(archive: zipfile.ZipFile, name: str) -> None:
    """The parts of an Office file declare no entities, load nothing from elsewhere, hide no archive."""
    for info in archive.infolist():
        ending = PurePath(info.filename).suffix.lower()
        if ending in ARCHIVES or "/activex/" in info.filename.lower():
            raise refusal(_("“%(name)s” holds files of types we cannot take."), name)
        if ending in MAIN_PART:
            if info.file_size > MAX_BYTES:
                raise refusal(_("“%(name)s” would unpack to an unreasonable size."), name)
            with zipfile.ZipFile(io.BytesIO(archive.read(info))) as inner:
                check_parts(inner, info.file_size, name)
        elif ending == ".rels":
            check_relations(archive, info, name)
        elif ending in XML_ENDINGS:
            with archive.open(info) as part:
                check_prolog(part.read(PROLOG), name)


def check_prolog(beginning: bytes, name: str) -> None:
    """Refuse XML with a document type: that is where entities, and bombs of them, are declared."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_declared: found.append("doctype")
    parser.StartElementHandler = lambda *_begun: found.append("element")
    for start in range(0, len(beginning), PROLOG_STEP):
        parser.Parse(beginning[start : start + PROLOG_STEP])
        if found:
            break
    if found[:1] != ["element"]:
        raise not_what_it_says(name)


def check_relations(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> None:
    """Refuse a file that fetches a template, an object or a frame from the network when it is opened."""
    if info.file_size > MEGABYTE:
        raise refusal(_("“%(name)s” would unpack to an unreasonable size."), name)
    content = archive.read(info)
    check_prolog(content[:PROLOG], name)
    loads: list[str] = []

    def look(_tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "").strip().lower()
        outside = attributes.get("TargetMode") == "External" and not target.startswith("file:")
        if outside and kind in LOADED:
            loads.append(target)

    parser = expat.ParserCreate()
    parser.StartElementHandler = look
    parser.Parse(content, True)  # noqa: FBT003  (the last piece)
    if loads:
        raise refusal(
            _("“%(name)s” loads something from the network when it is opened. Remove that."), name
        )


def check_parts(archive: zipfile.ZipFile, size: int, name: str) -> None:
    """Refuse a bomb by its table of contents, before anything is unpacked."""
    infos = archive.infolist()
    packed = sum(info.compress_size for info in infos)
    unpacked = sum(info.file_size for info in infos)
    bomb = (
        len(infos) > MAX_PARTS
        or packed > size  # parts that overlap: the same bytes unpacked many times
        or unpacked > MAX_UNPACKED
        or any(
            info.file_size > MEGABYTE and info.file_size > info.compress_size * MAX_RATIO
            for info in infos
        )
        or any(
            info.filename == "[Content_Types].xml" and info.file_size > MEGABYTE for info in infos
        )
    )
    if bomb:
        raise refusal(_("“%(name)s” would unpack to an unreasonable size."), name)
    strange = (
        not infos
        or min(info.header_offset for info in infos) != 0
        or len({info.filename for info in infos}) != len(infos)
        or any(
            info.flag_bits & 0x1
            or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
            or info.filename.startswith("/")
            or "\\" in info.filename
            or ".." in info.filename.split("/")
            for info in infos
        )
    )
    if strange:
        raise not_what_it_says(name)
    if any(info.filename.lower().endswith("vbaproject.bin") for info in infos):
        raise refusal(_("“%(name)s” holds macros. Save it without them and send it again."), name)


def redrawn_picture(content: bytes, form: str, name: str) -> bytes:
    """Draw a picture anew: what is not a picture fails, what hid in it (EXIF, place, text) is gone."""
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as source:
            if source.width * source.height > MAX_PIXELS:
                raise refusal(_("“%(name)s” has too many pixels."), name)
            source.load()
            picture = ImageOps.exif_transpose(source)
        kept: dict[str | tuple[int, int], Any] = {
            key: picture.info[key] for key in ("transparency",) if key in picture.info
        }
        if form == "JPEG" and picture.mode not in {"RGB", "L"}:
            picture = picture.convert("RGB")
        picture.info = kept
        drawn = io.BytesIO()
        options: dict[str, Any] = {"quality": 90} if form == "JPEG" else {}
        picture.save(drawn, format=form, **options)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise refusal(_("“%(name)s” has too many pixels."), name) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise not_what_it_says(name) from error
    return drawn.getvalue()


def private_file_response(file: Any, name: str, content_type: str) -> FileResponse:
    """Serve a private file as an attachment that no browser runs, guesses at, or keeps."""
    response = FileResponse(
        file.open("rb"), as_attachment=True, filename=clean_name(name), content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def private_picture_response(image: Any, content_type: str = "image/png") -> FileResponse:
    """Show a picture that we drew ourselves, on our own pages alone, kept by no cache on the way."""
    response = FileResponse(image.open("rb"), content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
