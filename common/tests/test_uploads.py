"""A corpus of honest and hostile files."""

import io
import struct
import time
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.errors import DomainError
from common.uploads import TYPES, check_upload, clean_name, private_file_response

PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000056 00000 n \n"
    b"0000000107 00000 n \ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n168\n%%EOF\n"
)


def upload(name, content):
    return SimpleUploadedFile(name, content)


def office(ending=".docx", extra=None, types=None):
    main = {
        ".docx": "word/document.xml",
        ".xlsx": "xl/workbook.xml",
        ".pptx": "ppt/presentation.xml",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", types or f'<Override ContentType="{TYPES[ending]}.main+xml"/>'
        )
        archive.writestr(main[ending], "<document/>")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def picture(form="JPEG", size=(40, 20), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **options)
    return out.getvalue()


def png_claiming(width, height):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def bomb():
    out = io.BytesIO()
    out.write(office(extra={"word/media/zeros.bin": b"\0" * (60 * 1024 * 1024)}))
    return out.getvalue()


def overlapping():
    """One packed part, listed many times under many names."""
    plain = office()
    end = plain.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", plain[end + 16 : end + 20])[0]
    directory = plain[start:end]
    many = directory + directory.replace(b"word/document.xml", b"word/documenu.xml") * 200
    count = 2 + 400
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(many), start, 0)
    return plain[:start] + many + tail


HONEST = {
    "report.pdf": PDF,
    "essay.docx": office(".docx"),
    "figures.xlsx": office(".xlsx"),
    "slides.PPTX": office(".pptx"),
    "photo.jpg": picture(),
    "chart.png": picture("PNG"),
}

HOSTILE = {
    "empty": ("a.pdf", b""),
    "program": ("a.exe", b"MZ"),
    "no ending": ("report", PDF),
    "two endings": ("a.pdf.html", PDF),
    "html as pdf": ("a.pdf", b"<script>alert(1)</script>"),
    "pdf without an end": ("a.pdf", b"%PDF-1.7\n" + b"x" * 5000),
    "junk before the pdf": ("a.pdf", b"<html>" + PDF),
    "pdf that is a zip too": ("a.pdf", PDF + office()),
    "png as jpeg": ("a.jpg", picture("PNG")),
    "svg as png": ("a.png", b"<svg onload=alert(1)>"),
    "truncated picture": ("a.jpg", picture(size=(400, 400))[:300]),
    "picture of a billion pixels": ("a.png", png_claiming(40_000, 40_000)),
    "picture beyond the limit": ("a.png", png_claiming(8_000, 6_000)),
    "xlsx as docx": ("a.docx", office(".xlsx")),
    "docx of wrong inner type": ("a.docx", office(types="<Types/>")),
    "plain zip as docx": ("a.docx", b"PK\x03\x04" + b"\0" * 60),
    "zip bomb": ("a.docx", bomb()),
    "overlapping parts": ("a.docx", overlapping()),
    "macros": ("a.docx", office(extra={"word/vbaProject.bin": b"x"})),
    "path that climbs": ("a.docx", office(extra={"../../evil": b"x"})),
    "something before the zip": ("a.docx", b"#!/bin/sh\n" + office()),
    "something after the zip": ("a.docx", office() + b"<html>"),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_files_are_taken(name):
    checked = check_upload(upload(name, HONEST[name]))

    assert checked.content_type == TYPES["." + name.rsplit(".", 1)[1].lower()]
    assert checked.size == len(checked.content) > 0


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_quickly_and_in_words(case):
    name, content = HOSTILE[case]
    began = time.monotonic()

    with pytest.raises(DomainError) as refusal:
        check_upload(upload(name, content))

    assert time.monotonic() - began < 2
    assert refusal.value.field == "file"
    assert f"“{clean_name(name)}”" in str(refusal.value)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(DomainError) as refusal:
        check_upload(upload("a.pdf", PDF + b" " * 2_000_000), max_bytes=1024 * 1024)

    assert str(refusal.value) == "“a.pdf” is larger than 1 MB."


def test_where_and_with_what_a_picture_was_taken_is_gone():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # turned by a quarter
    source = picture(exif=exif, comment=b"SecretComment")
    assert b"SecretCamera" in source
    assert b"SecretComment" in source

    checked = check_upload(upload("a.jpg", source))

    assert b"Secret" not in checked.content
    with Image.open(io.BytesIO(checked.content)) as image:
        assert not image.getexif()
        assert image.size == (20, 40)


def test_what_is_glued_behind_a_picture_is_gone():
    checked = check_upload(upload("a.png", picture("PNG") + b"<script>alert(1)</script>"))

    assert b"<script>" not in checked.content


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("/etc/passwd.pdf", "passwd.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("  many   spaces .PDF", "many spaces.pdf"),
        ("отчёт за год.pdf", "отчёт за год.pdf"),
        (".pdf", "pdf"),
        ('a"b<c>.pdf', "abc.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert clean_name(given) == kept


def test_a_private_file_is_never_shown_in_the_browser(tmp_path):
    class Stored:
        def open(self, mode):
            return (tmp_path / "a").open(mode)

    (tmp_path / "a").write_bytes(PDF)

    response = private_file_response(Stored(), "отчёт.pdf", "application/pdf")

    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    response.file_to_stream.close()
