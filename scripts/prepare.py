"""Bring the state of a portal up to date before it serves: tables, static files, a demo at first."""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def say(text: str) -> None:
    print(f"portal: {text}", file=sys.stderr, flush=True)


def fingerprint() -> str:
    """Return a digest of every static file's name, size and time; it changes when one of them does."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Collect the static files when they changed; development serves them where they are."""
    if settings.DEBUG:
        return
    stamp = Path(settings.STATIC_ROOT).with_suffix(".fingerprint")
    now = fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    say("collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def fill() -> None:
    """Load the demo into a portal that has no season yet, or finish one that was stopped on the way."""
    from blueprints.demo.fill import is_half_filled
    from seasons.models import Season

    if Season.objects.exists() and not is_half_filled():
        return
    if os.environ.get("ALLOWED_HOSTS"):
        say("there is no season yet; load one: ./portal manage load_season FILE")
        return
    say("loading the award and filling the demo season; this is done once")
    call_command("demo")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awards_portal.settings")
    django.setup()
    say("bringing the database up to date")
    call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    fill()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
