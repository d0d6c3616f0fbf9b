"""Addresses of accounts: those of allauth that have a page here, and ours."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as second_step_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn.views import reauthenticate_webauthn
from allauth.socialaccount.views import login_cancelled, login_error
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from estran.web.accounts import beginning, passkeys, security, territory_sign_in, views

_ALLAUTH = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("signup/passkey/", passkeys.sign_up, name="passkey-signup"),
    path("login/passkey/", passkeys.sign_in, name="mfa_login_webauthn"),
    path("territory/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    path("territory/error/", login_error, name="socialaccount_login_error"),
    path("territory/<slug:provider_id>/", territory_sign_in.begin, name="openid_connect_login"),
    path(
        "territory/<slug:provider_id>/callback/",
        territory_sign_in.come_back,
        name="openid_connect_callback",
    ),
    path("second-step/", second_step_views.authenticate, name="mfa_authenticate"),
    path("second-step/again/", second_step_views.reauthenticate, name="mfa_reauthenticate"),
    path("passkey/again/", reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
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

_SECURITY = [
    path("", security.page, name="security"),
    path("index/", RedirectView.as_view(pattern_name="security"), name="mfa_index"),
    path("password/", security.vault_password, name="vault-password"),
    path("sessions/", security.sign_out_elsewhere, name="sign-out-elsewhere"),
    path("passkeys/add/", passkeys.add, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove, name="mfa_remove_webauthn"),
    path("app/", app_views.activate_totp, name="mfa_activate_totp"),
    path("app/off/", app_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", code_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", code_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]

urlpatterns = [
    path("account/", include(_ALLAUTH)),
    path("settings/security/", include(_SECURITY)),
    path("vault/new/", beginning.vault_new, name="vault-new"),
    path("vault/lost/", beginning.vault_lost, name="vault-lost"),
    path("vault/sealed/", beginning.sealed_copy, name="sealed-copy"),
    path("unlock/passkey/", passkeys.unlock, name="unlock-passkey"),
    path("unlock/passkey/options/", passkeys.unlock_options, name="unlock-passkey-options"),
    path("recovery/", views.recovery, name="recovery"),
    path("recovery/new/", views.recovery_new, name="recovery-new"),
    path("recovery/use/", views.recovery_use, name="recovery-use"),
    path("unlock/", views.unlock, name="unlock"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/erase/", views.erase, name="erase"),
]
