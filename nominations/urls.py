"""Addresses of the nominations room."""

from django.urls import path

from nominations.views import (
    channels,
    conditions,
    enter,
    entry,
    essay,
    files,
    public,
    submission,
    uploads,
)

app_name = "nominations"
urlpatterns = [
    path("s/<slug:slug>/nominations/", public.nomination_list, name="nomination_list"),
    path("s/<slug:slug>/nominations/<int:number>/", public.nomination, name="nomination"),
    path("s/<slug:slug>/enter/", enter.enter, name="enter"),
    path("s/<slug:slug>/join/<slug:code>/", channels.join, name="join"),
    path("s/<slug:slug>/recommend/", channels.recommendations, name="recommend"),
    path("entries/<int:pk>/", entry.entry, name="entry"),
    path("entries/<int:pk>/details/", entry.entry_details, name="entry_details"),
    path("entries/<int:pk>/conditions/", conditions.conditions, name="conditions"),
    path("vetting/credentials/<int:pk>/scan/", conditions.credential_scan, name="credential_scan"),
    path(
        "vetting/credentials/<int:pk>/<slug:verb>/",
        conditions.credential_decide,
        name="credential_decide",
    ),
    path("entries/<int:pk>/essay/", essay.essay, name="essay"),
    path("entries/<int:pk>/answers/<int:prompt_pk>/", essay.answer_save, name="answer_save"),
    path("entries/<int:pk>/files/", files.attachment_add, name="attachment_add"),
    path("entries/<int:pk>/files/<uuid:token>/", files.attachment, name="attachment"),
    path(
        "entries/<int:pk>/files/<uuid:token>/remove/",
        files.attachment_remove,
        name="attachment_remove",
    ),
    path(
        "entries/<int:pk>/files/<uuid:token>/pages/<int:number>/",
        files.page,
        name="attachment_page",
    ),
    path("entries/<int:pk>/files/<uuid:token>/pages/", files.pages_retry, name="attachment_pages"),
    path("entries/<int:pk>/slots/<slug:key>/", files.slot, name="upload_slot"),
    path("entries/<int:pk>/uploads/", uploads.begin, name="upload_begin"),
    path("entries/<int:pk>/uploads/<uuid:token>/", uploads.upload, name="upload"),
    path("entries/<int:pk>/preview/", submission.preview, name="preview"),
    path("entries/<int:pk>/submit/", submission.submit, name="submit"),
    path("entries/<int:pk>/receipts/<int:number>/", submission.receipt, name="receipt"),
    path("entries/<int:pk>/withdraw/", entry.withdraw, name="withdraw"),
    path("entries/<int:pk>/restore/", entry.restore, name="restore"),
]
