from scripts.static_files import missing, named_files


def test_a_template_names_its_files_in_either_quotes():
    text = """{% static "css/portal.css" %} {%static 'js/portal.js' as js %} {% static name %}"""

    assert named_files(text) == ["css/portal.css", "js/portal.js"]


def test_a_file_that_nobody_has_is_named_with_its_template(tmp_path):
    folder = tmp_path / "templates"
    folder.mkdir()
    page = folder / "page.html"
    page.write_text('{% static "admin/css/base.css" %}{% static "css/never-there.css" %}')

    assert missing(tmp_path) == [f"{page}: there is no static file css/never-there.css"]
