"""The Celery application; the database, not the queue, is the truth (see outbox)."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awards_portal.settings")

TRANSPORT_ALIASES["filesystem"] = "common.file_queue:Transport"
app = Celery("awards_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
