from scripts.bench import measurements


def test_a_measurement_is_listed_with_the_first_line_it_says_about_itself(tmp_path):
    (tmp_path / "pages.py").write_text('"""What a page costs.\n\nMore."""\n')
    (tmp_path / "_shared.py").write_text('"""Not a measurement."""\n')
    (tmp_path / "silent.py").write_text("")

    assert measurements(tmp_path) == {"pages": "What a page costs.", "silent": ""}
