"""Addresses of the accounts room (signing in is allauth's, under /accounts/)."""

from django.urls import path

from accounts.views import data, members, pages

app_name = "accounts"
urlpatterns = [
    path("desk/", pages.desk, name="desk"),
    path("profile/", pages.profile, name="profile"),
    path("profile/data/", data.data, name="data"),
    path("profile/data/export/", data.data_export, name="data_export"),
    path("profile/data/<uuid:token>/", data.data_download, name="data_download"),
    path("profile/delete/", data.account_delete, name="account_delete"),
    path("organisations/new/", pages.organisation_add, name="organisation_add"),
    path("organisations/<int:pk>/", pages.organisation, name="organisation"),
    path("organisations/<int:pk>/invite/", members.invite, name="member_invite"),
    path(
        "organisations/<int:pk>/invitations/<int:invitation_pk>/resend/",
        members.invitation_resend,
        name="member_invitation_resend",
    ),
    path(
        "organisations/<int:pk>/invitations/<int:invitation_pk>/revoke/",
        members.invitation_revoke,
        name="member_invitation_revoke",
    ),
    path("organisations/<int:pk>/people/<int:user_pk>/", members.member_role, name="member_role"),
    path(
        "organisations/<int:pk>/people/<int:user_pk>/remove/",
        members.member_remove,
        name="member_remove",
    ),
    path("organisations/<int:pk>/leave/", members.leave, name="organisation_leave"),
    path("organisations/<int:pk>/transfer/", members.transfer, name="organisation_transfer"),
    path("invitations/<str:token>/", members.invitation, name="invitation"),
]
