"""Addresses of the judging room."""

from django.urls import path

from judging import views

app_name = "judging"
urlpatterns = [
    path("s/<slug:slug>/jury/", views.jury, name="jury"),
    path("s/<slug:slug>/jury/<slug:jury_slug>/register/", views.register, name="register"),
    path("jury/portraits/<int:pk>/", views.portrait, name="portrait"),
    path("judging/invitations/<str:token>/", views.invitation, name="invitation"),
    path(
        "judging/invitations/<str:token>/decline/",
        views.invitation_decline,
        name="invitation_decline",
    ),
    path("judging/ballots/<int:pk>/", views.ballots, name="ballots"),
    path("judging/ballots/<int:pk>/take/", views.take, name="take"),
    path("judging/consents/<int:pk>/", views.consent, name="consent"),
    path("judging/<slug:slug>/profile/", views.own_profile, name="own_profile"),
    path("entries/<int:pk>/objections/", views.objections, name="objections"),
    path("judging/", views.desk, name="desk"),
    path("judging/verify_leaf.py", views.verifier, name="verifier"),
    path("judging/consultations/<int:pk>/", views.consultation, name="consultation"),
    path("s/<slug:slug>/rubrics/", views.rubrics, name="rubrics"),
    path("judging/<slug:slug>/proofs/", views.proofs, name="proofs"),
    path("judging/assignments/<int:pk>/proof.json", views.proof, name="proof"),
    path("judging/<slug:slug>/agreement/", views.agreement, name="agreement"),
    path("judging/<slug:slug>/preferences/", views.preferences, name="preferences"),
    path("judging/<slug:slug>/defence/", views.defence, name="defence"),
    path("judging/<slug:slug>/defence.ics", views.defence_calendar, name="defence_calendar"),
    path("judging/slots/<int:pk>/clock/", views.clock, name="clock"),
    path("judging/slots/<int:pk>/clock/turn/", views.clock_turn, name="clock_turn"),
    path("judging/slots/<int:pk>/close/", views.close_entry, name="close_entry"),
    path("judging/rounds/<int:pk>/close/", views.close_round, name="close_round"),
    path("judging/rounds/<int:pk>/plan/", views.plan, name="plan"),
    path("entries/<int:pk>/visit/", views.entry_visit, name="entry_visit"),
    path("judging/visits/<int:pk>/", views.visit, name="visit"),
    path("judging/visits/<int:pk>/items/<int:item_pk>/", views.visit_answer, name="visit_answer"),
    path("judging/visits/<int:pk>/findings/", views.finding_add, name="finding_add"),
    path(
        "judging/visits/<int:pk>/findings/<uuid:token>/remove/",
        views.finding_remove,
        name="finding_remove",
    ),
    path("judging/visits/<int:pk>/done/", views.visit_done, name="visit_done"),
    path("judging/visits/<int:pk>/photos/<uuid:token>/", views.visit_photo, name="visit_photo"),
    path("judging/visits/<int:pk>/visit.ics", views.visit_calendar, name="visit_calendar"),
    path("judging/assignments/<int:pk>/", views.assignment, name="assignment"),
    path(
        "judging/assignments/<int:pk>/marks/<int:criterion_pk>/", views.mark_save, name="mark_save"
    ),
    path("judging/assignments/<int:pk>/verdict/", views.verdict, name="verdict"),
    path("judging/rounds/<int:pk>/", views.round_work, name="round_work"),
    path("judging/rounds/<int:pk>/submit/", views.verdicts_submit, name="verdicts_submit"),
    path("judging/rounds/<int:pk>/lists/<int:number>/", views.ballot, name="ballot"),
    path("judging/rounds/<int:pk>/lists/<int:number>/compare/", views.compare, name="compare"),
    path(
        "judging/rounds/<int:pk>/lists/<int:number>/submit/",
        views.ballot_submit,
        name="ballot_submit",
    ),
    path("judging/assignments/<int:pk>/comment/", views.comment_save, name="comment_save"),
    path(
        "judging/assignments/<int:pk>/marks/<int:criterion_pk>/quotes/",
        views.quote_add,
        name="quote_add",
    ),
    path(
        "judging/assignments/<int:pk>/quotes/<uuid:token>/remove/",
        views.quote_remove,
        name="quote_remove",
    ),
    path("judging/assignments/<int:pk>/submit/", views.scorecard_submit, name="scorecard_submit"),
    path("judging/assignments/<int:pk>/print/", views.scorecard_print, name="scorecard_print"),
    path("judging/assignments/<int:pk>/recuse/", views.recuse, name="recuse"),
    path("judging/assignments/<int:pk>/correct/", views.correct, name="correct"),
    path("judging/rounds/<int:pk>/chair/", views.chair, name="chair"),
    path(
        "judging/rounds/<int:pk>/chair/remind/<int:judge_pk>/",
        views.chair_remind,
        name="chair_remind",
    ),
    path("judging/rounds/<int:pk>/entries/<int:entry_pk>/", views.table, name="table"),
    path("judging/rounds/<int:pk>/entries/<int:entry_pk>/say/", views.table_say, name="table_say"),
    path(
        "judging/rounds/<int:pk>/entries/<int:entry_pk>/meeting/",
        views.meeting,
        name="meeting",
    ),
    path(
        "judging/rounds/<int:pk>/entries/<int:entry_pk>/meetings/<int:meeting_pk>/summary/",
        views.meeting_summary,
        name="meeting_summary",
    ),
    path("judging/assignments/<int:pk>/files/<uuid:token>/", views.file, name="file"),
    path(
        "judging/assignments/<int:pk>/files/<uuid:token>/pages/<int:number>/",
        views.page,
        name="page",
    ),
]
