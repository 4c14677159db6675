"""Addresses of the diplomas room."""

from django.urls import path

from diplomas import views

app_name = "diplomas"
urlpatterns = [
    path("diplomas/<str:number>/", views.verify, name="verify"),
    path("diplomas/<str:number>/file/", views.download, name="download"),
]
