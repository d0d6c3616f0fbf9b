"""Addresses of accounts."""

from django.urls import include, path

from estran.web.accounts import views

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("recovery/", views.recovery, name="recovery"),
    path("recovery/new/", views.recovery_new, name="recovery-new"),
    path("recovery/use/", views.recovery_use, name="recovery-use"),
    path("unlock/", views.unlock, name="unlock"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/erase/", views.erase, name="erase"),
]
