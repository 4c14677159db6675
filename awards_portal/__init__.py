"""Wires the rooms of the portal together; nobody imports it."""

from awards_portal.celery import app as celery_app

__all__ = ["celery_app"]
