"""Addresses of the seasons room."""

from django.urls import URLPattern

app_name = "seasons"
urlpatterns: list[URLPattern] = []
