"""Addresses of the seasons room."""

from django.urls import path

from seasons import views

app_name = "seasons"
urlpatterns = [
    path("", views.home, name="home"),
    path("s/<slug:slug>/", views.season, name="season"),
    path("s/<slug:slug>/rules/", views.rules, name="rules"),
    path("s/<slug:slug>/theme.css", views.theme, name="theme"),
]
