"""Addresses of the results room."""

from django.urls import path

from results import views

app_name = "results"
urlpatterns = [
    path("s/<slug:slug>/results/", views.results, name="results"),
    path("s/<slug:slug>/ceremony/", views.screen, name="ceremony"),
    path("s/<slug:slug>/ceremony/state/", views.state, name="ceremony_state"),
    path("s/<slug:slug>/results/print/", views.printable, name="print"),
    path("s/<slug:slug>/results/widget/", views.widget, name="widget"),
    path("s/<slug:slug>/results/feed.xml", views.feed, name="feed"),
    path("s/<slug:slug>/results/<slug:number>/", views.laureate, name="laureate"),
    path("s/<slug:slug>/results/<slug:number>/picture.jpg", views.picture, name="picture"),
    path("s/<slug:slug>/results/<slug:number>/card.png", views.social_card, name="card"),
    path("s/<slug:slug>/methodology/", views.method, name="methodology"),
    path("s/<slug:slug>/disclosure/", views.disclosure, name="disclosure"),
    path("s/<slug:slug>/disclosure/marks.csv", views.disclosure_csv, name="disclosure_csv"),
    path("s/<slug:slug>/disclosure/data.json", views.disclosure_json, name="disclosure_json"),
    path("s/<slug:slug>/protocols/<slug:kind>/<int:number>.json", views.protocol, name="protocol"),
    path("results/verify_standing.py", views.verifier, name="verifier"),
    path("results/verify_standing.pyz", views.recomputer, name="recomputer"),
    path("p/<slug:slug>/laureates/", views.archive, name="archive"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("entries/<int:pk>/public-page/", views.own_page, name="own_page"),
    path("entries/<int:pk>/public-page/picture/", views.own_picture, name="own_picture"),
    path("entries/<int:pk>/appeal/<slug:kind>/", views.appeal_new, name="appeal_new"),
    path("appeals/<int:pk>/", views.appeal, name="appeal"),
    path("appeals/<int:pk>/withdraw/", views.appeal_withdraw, name="appeal_withdraw"),
    path("appeals/<int:pk>/files/<uuid:token>/", views.appeal_file, name="appeal_file"),
    path("entries/<int:pk>/feedback/", views.feedback, name="feedback"),
    path("entries/<int:pk>/feedback/report.pdf", views.feedback_pdf, name="feedback_pdf"),
    path("entries/<int:pk>/feedback/question/", views.feedback_question, name="feedback_question"),
    path("entries/<int:pk>/feedback/read/", views.feedback_read, name="feedback_read"),
]
