"""Policies of views that come from libraries, by the start of their dotted name."""

from common.policy import NOBODY, PUBLIC, SIGNED_IN, STAFF

FOREIGN_POLICIES = {
    "allauth.account.views.": PUBLIC,
    "allauth.account.views.EmailView": SIGNED_IN,
    "allauth.account.views.PasswordChangeView": SIGNED_IN,
    "allauth.account.views.PasswordSetView": SIGNED_IN,
    "allauth.account.views.ReauthenticateView": SIGNED_IN,
    "django.contrib.admin.sites.": STAFF,
    "django.contrib.admin.options.": STAFF,
    "django.contrib.auth.admin.": STAFF,
    "unfold.": STAFF,
    "common.admin.": STAFF,
    # It leads to any row of any model, without asking whose it is.
    "django.contrib.contenttypes.views.shortcut": NOBODY,
    "django.views.i18n.": PUBLIC,
    "django.views.generic.base.RedirectView": PUBLIC,
}
