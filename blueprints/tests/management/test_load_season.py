"""`manage.py load_season` speaks in lines that an editor can jump to."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from blueprints.tests.broken import SHIPPED
from seasons.models import Season

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("load_season", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_sound_file_is_loaded_and_counted():
    out, err = run(str(SHIPPED))

    assert out.splitlines()[-1].startswith("cx-award-2022 is loaded: ")
    assert err == ""
    assert run(str(SHIPPED))[0].splitlines()[-1] == (
        "cx-award-2022 is loaded: 0 rows added, 0 changed or removed."
    )


def test_checking_stores_nothing():
    out, _err = run(str(SHIPPED), "--check")

    assert out == "seasons/data/cx-award-2022.yaml is in order: 27 nominations.\n"
    assert not Season.objects.exists()


def test_each_fault_stands_on_a_line_with_file_line_and_column(tmp_path):
    file = tmp_path / "broken.yaml"
    text = SHIPPED.read_text()
    file.write_text(text.replace("quorum: 3", "quorum: many").replace("CX22", "cx22"))
    err = StringIO()

    with pytest.raises(CommandError, match="3 faults; nothing was stored") as caught:
        call_command("load_season", str(file), stdout=StringIO(), stderr=err)

    assert caught.value.returncode == 1
    code = text[: text.index("code: CX22")].count("\n") + 1
    first = text[: text.index("quorum: 3")].count("\n") + 1
    second = text[: text.rindex("quorum: 3")].count("\n") + 1
    assert [line.split(": ")[0] for line in err.getvalue().splitlines()] == [
        f"{file}:{code}:9",
        f"{file}:{first}:13",
        f"{file}:{second}:13",
    ]
    assert not Season.objects.exists()


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CommandError, match=r"nowhere\.yaml: No such file"):
        run("nowhere.yaml")


def test_organisers_run_the_programme_and_enter_the_back_office(nominee):
    run(str(SHIPPED), "--organiser", nominee.email)

    nominee.refresh_from_db()
    assert nominee.is_staff
    assert Season.objects.organised_by(nominee).count() == 1


def test_an_organiser_without_an_account_is_named():
    with pytest.raises(CommandError, match=r"There is no account with the e-mail x@example\.org"):
        run(str(SHIPPED), "--organiser", "x@example.org")
