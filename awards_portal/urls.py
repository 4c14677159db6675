"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from awards_portal import checks  # noqa: F401  (registers the checks of the settings)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("common.urls")),
    path("", include("accounts.urls")),
    path("", include("seasons.urls")),
    path("", include("nominations.urls")),
    path("", include("judging.urls")),
    path("", include("diplomas.urls")),
    path("", include("results.urls")),
]
