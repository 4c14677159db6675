"""An entry as PDF and DOCX."""

import io
import json

import pypdf
import pytest
from django.utils.translation import override
from docx import Document

from nominations.documents import as_file, paper_of
from nominations.models import Entry, Option, Prompt, PromptKind
from nominations.models.entries import Answer
from tests.factories import make_revision

pytestmark = pytest.mark.django_db

KINDS = [
    (PromptKind.NUMBER, "seats", "1200"),
    (PromptKind.METRIC, "nps", json.dumps({"value": "72.5", "period": "2025", "source": "CRM"})),
    (PromptKind.DATE, "since", "2024-03-01"),
    (PromptKind.CHOICE, "sector", "bank"),
    (PromptKind.LINK, "site", "https://example.org/case"),
    (PromptKind.TABLE, "members", json.dumps([{"bank": "Li Wei", "shop": "8"}])),
]


@pytest.fixture
def rich(draft):
    """A draft with an answer of every kind that holds text, in three scripts."""
    for position, (kind, slug, text) in enumerate(KINDS, start=10):
        prompt = Prompt.objects.create(
            nomination=draft.nomination,
            position=position,
            slug=slug,
            kind=kind,
            label={"en": f"About {slug}", "ru": f"Вопрос {slug}", "zh-hans": f"问题{slug}"},
            unit={"en": "points", "ru": "баллов", "zh-hans": "分"},
            decimals=1,
        )
        if kind in {PromptKind.CHOICE, PromptKind.TABLE}:
            Option.objects.create(
                prompt=prompt, position=1, slug="bank", label={"en": "Bank", "zh-hans": "银行"}
            )
            Option.objects.create(prompt=prompt, position=2, slug="shop", label={"en": "Shop"})
        Answer.objects.create(entry=draft, prompt=prompt, text=text, version=1)
    words = "Клиент доволен. 客户中心以客户为中心。"
    draft.answers.filter(prompt__slug="approach").update(text=words)
    return Entry.objects.get(pk=draft.pk)


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += [" | ".join(cell.text for cell in row.cells) for row in table.rows]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "ru",
            ["Вопрос nps", "72,5 баллов", "Клиент доволен.", "客户中心以客户为中心。", "Li Wei"],
        ),
        ("zh-hans", ["问题nps", "72.5 分", "Клиент доволен.", "客户中心以客户为中心。", "银行"]),
    ],
)
def test_a_pdf_says_everything_in_the_readers_language(rich, language, expected):
    with override(language):
        text = "\n".join(pages_of(as_file(paper_of(rich, None), "pdf")))

    assert [one for one in expected if one not in text] == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ru", ["Вопрос nps", "72,5 баллов", "Клиент доволен. 客户中心", "Li Wei | 8"]),
        ("zh-hans", ["问题nps", "72.5 分", "Клиент доволен. 客户中心", "银行 | Shop"]),
    ],
)
def test_a_docx_says_everything_in_the_readers_language(rich, language, expected):
    with override(language):
        text = words_of(as_file(paper_of(rich, None), "docx"))

    assert [one for one in expected if one not in text] == []


def test_a_revision_carries_its_fingerprint_and_page_numbers(rich, nominee):
    revision = make_revision(rich, nominee)

    pages = pages_of(as_file(paper_of(rich, revision), "pdf"))
    text = "\n".join(pages)

    assert revision.sha256 in text.replace("\n", "")
    assert f"1 / {len(pages)}" in pages[0]
    assert f"{rich.number} · CX award 2022" in pages[0]
    assert "Draft, not submitted" not in text
    assert f"SHA-256: {revision.sha256}" in words_of(as_file(paper_of(rich, revision), "docx"))


def test_a_draft_says_on_every_page_that_it_is_not_submitted(rich):
    rich.answers.filter(prompt__slug="results").update(text="A long story.\n\n" * 120)

    pages = pages_of(as_file(paper_of(rich, None), "pdf"))

    assert len(pages) > 2
    assert [page for page in pages if "Draft, not submitted" not in page] == []
    document = Document(io.BytesIO(as_file(paper_of(rich, None), "docx")))
    assert "Draft, not submitted" in document.sections[0].header.paragraphs[0].text


def test_a_revision_is_set_as_it_was_frozen(rich, nominee):
    revision = make_revision(rich, nominee)
    rich.answers.filter(prompt__slug="approach").update(text="Changed afterwards.")

    text = words_of(as_file(paper_of(rich, revision), "docx"))

    assert "Клиент доволен." in text
    assert "Changed afterwards." not in text


def test_what_people_write_is_no_markup(rich):
    rich.answers.filter(prompt__slug="approach").update(
        text='<img src="file:///etc/passwd"><script>x</script>\x0b done'
    )

    text = "\n".join(pages_of(as_file(paper_of(rich, None), "pdf")))

    assert "root:" not in text
    assert "done" in text
    assert "done" in words_of(as_file(paper_of(rich, None), "docx"))
