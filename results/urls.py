"""Addresses of the results room."""

from django.urls import path

from results import views

app_name = "results"
urlpatterns = [
    path("s/<slug:slug>/results/", views.results, name="results"),
    path("s/<slug:slug>/ceremony/", views.screen, name="ceremony"),
    path("s/<slug:slug>/ceremony/state/", views.state, name="ceremony_state"),
    path("entries/<int:pk>/feedback/", views.feedback, name="feedback"),
    path("entries/<int:pk>/feedback/read/", views.feedback_read, name="feedback_read"),
]
