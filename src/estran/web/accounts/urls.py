"""Addresses of accounts: those of allauth that have a page here, and ours."""

from allauth.account import views as allauth_views
from django.urls import include, path, re_path

from estran.web.accounts import views

_ALLAUTH = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "confirm-email/",
        allauth_views.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        allauth_views.confirm_email,
        name="account_confirm_email",
    ),
]

urlpatterns = [
    path("account/", include(_ALLAUTH)),
    path("recovery/", views.recovery, name="recovery"),
    path("recovery/new/", views.recovery_new, name="recovery-new"),
    path("recovery/use/", views.recovery_use, name="recovery-use"),
    path("unlock/", views.unlock, name="unlock"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/erase/", views.erase, name="erase"),
]
