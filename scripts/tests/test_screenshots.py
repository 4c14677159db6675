import re

from PIL import Image

from scripts.screenshots import FOLDER, ROOT, SIZE


def test_the_readme_shows_pictures_that_are_there():
    shown = set(re.findall(r"docs/screenshots/([\w-]+\.png)", (ROOT / "README.md").read_text()))

    assert shown == {file.name for file in FOLDER.glob("*.png")}
    for name in shown:
        with Image.open(FOLDER / name) as picture:
            assert picture.size == (SIZE["width"], SIZE["height"])
