"""Every address of the portal."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from django.views.i18n import set_language

# There is one way to sign in, with its limits and confirmed addresses; the admin's own is not used.
sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

admin.site.index_title = _("Overview")

urlpatterns = [
    path("admin/login/", login_not_required(sign_in)),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("", include("common.urls")),
    path("", include("accounts.urls")),
    path("", include("seasons.urls")),
    path("", include("nominations.urls")),
    path("", include("judging.urls")),
    path("", include("diplomas.urls")),
    path("", include("results.urls")),
]
