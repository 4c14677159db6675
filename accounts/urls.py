"""Addresses of the accounts room (signing in is allauth's, under /accounts/)."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("profile/", views.profile, name="profile"),
    path("organisations/new/", views.organisation_add, name="organisation_add"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
]
