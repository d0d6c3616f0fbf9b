"""Django's settings. What an operator chooses is in :mod:`.environment`; the rest is fixed."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from estran.web.config import logs
from estran.web.config.environment import (
    database,
    mail,
    read_environment,
    secret_key,
    sign_in_provider,
)

ENVIRONMENT = read_environment()
WEB = Path(__file__).resolve().parents[1]

ESTRAN_DATA = ENVIRONMENT.data
"""Folder of everything kept. Read it at each use: tests move it."""
ESTRAN_WORKERS = ENVIRONMENT.n_workers
ESTRAN_SERVICE_KEY_FILE = ENVIRONMENT.service_key_file
ESTRAN_PEERS = ENVIRONMENT.peers
ESTRAN_ADDRESS = ENVIRONMENT.address
ESTRAN_MQTT_PHONES = ENVIRONMENT.mqtt_phones
ESTRAN_HAS_MAIL = bool(ENVIRONMENT.mail_url)
ESTRAN_DORMANT_MONTHS = ENVIRONMENT.dormant_months

SECRET_KEY = secret_key(ENVIRONMENT.data)
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "estran.web.accounts",
    "estran.web.jobs",
    "estran.web.me",
    "estran.web.retention",
    "estran.web.live",
    "estran.web.sources",
    "estran.web.emission",
    "estran.web.garage",
    "estran.web.tickets",
    "estran.web.hub",
    "estran.web.correcting",
    "estran.web.learning",
    "estran.web.savings",
    "estran.web.goals",
    "estran.web.whatif",
    "estran.web.review",
    "estran.web.groups",
    "estran.web.sharing",
    "estran.web.recaps",
    "estran.web.advice",
    "estran.web.portability",
    "estran.web.public",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "estran.web.config.middleware.refusals",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "estran.web.config.middleware.language_of_person",
    "estran.web.config.middleware.private_pages",
    "estran.web.accounts.middleware.vault_cookie",
    "estran.web.accounts.middleware.seen",
    "estran.web.jobs.middleware.renew_grants",
    "estran.web.live.middleware.take_in_when_open",
    "estran.web.me.middleware.when_opened",
    "estran.web.portability.restored.tell_restored",
]

ROOT_URLCONF = "estran.web.config.urls"
WSGI_APPLICATION = "estran.web.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "estran.web.retention.pausing.paused",
            ]
        },
    }
]

LOGGING = logs.LOGGING
DEFAULT_EXCEPTION_REPORTER_FILTER = "estran.web.config.debugging.NoValues"

# Control database: no place, no trip, no file name in it.
DATABASES = {"default": database(ENVIRONMENT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by the web processes, so that rate limits count all attempts.
CACHES = {"default": {"BACKEND": "estran.web.config.limits.LimitsCache"}}

# People
AUTH_USER_MODEL = "accounts.Person"
# Two people may sign up under one unverified address: the form must not tell which
# addresses are known (allauth's "strict"), so the name field is not unique.
# Whether a site goes on the browsers' preload list is for its operator to ask there.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W021"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATION + "UserAttributeSimilarityValidator"},
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": _VALIDATION + "NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "estran.web.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "estran.web.accounts.forms.SignupForm",
    "login": "estran.web.accounts.forms.LoginForm",
    "change_password": "estran.web.accounts.forms.ChangePasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional" if ESTRAN_HAS_MAIL else "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {
    "signup_known": "5/5m/key",
    "unlock": "10/m/user",
    "recovery": "10/m/ip,5/m/key",
    "erase": "5/m/user",
    "confirm": "5/m/user",
    "sealed_copy": "5/h/user",
    "import": "60/h/user",
    "export": "30/h/user",
    "restore": "20/h/user",
    "send": "10/h/user",
    "receive": "30/h/ip",
    "handed": "60/h/ip",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
MFA_ADAPTER = "estran.web.accounts.second_step.SecondStepAdapter"
MFA_FORMS = {
    "authenticate_webauthn": "estran.web.accounts.passkeys.SecondStepForm",
    "reauthenticate_webauthn": "estran.web.accounts.passkeys.AgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Estran"
MFA_TOTP_TOLERANCE = 1
# Addresses are not unique here, so whoever signs up under another's shuts nobody out.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A territory's own sign-in, where the operator set one. The provider's words about a person
# are not kept, and an address that it gives stays unproved here.
SOCIALACCOUNT_PROVIDERS = sign_in_provider(ENVIRONMENT)
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# By link: the content policy lets no form lead to another site.
SOCIALACCOUNT_LOGIN_ON_GET = True
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.n_proxies
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "journal"
LOGOUT_REDIRECT_URL = "home"
globals().update(mail(ENVIRONMENT))
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from

# Language
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [WEB.parent / "locale"]
LANGUAGE_COOKIE_NAME = "estran_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: from the package while developing, collected and hashed for a release.
STATIC_URL = "static/"
STATICFILES_DIRS = [WEB / "static"]
STATIC_ROOT = ENVIRONMENT.static_root or None
WHITENOISE_USE_FINDERS = not ENVIRONMENT.static_root
WHITENOISE_AUTOREFRESH = DEBUG
# Modules import each other by their plain names: both are kept, the hashed ones cached for good.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_MIMETYPES = {".mjs": "text/javascript", ".geojson": "application/geo+json"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENVIRONMENT.static_root
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Uploads are sealed as they arrive; nothing else may receive a file.
FILE_UPLOAD_HANDLERS = ["estran.web.me.uploads.SealingUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

# Sessions and cookies
_HOST = "__Host-" if ENVIRONMENT.https else ""
SESSION_COOKIE_NAME = f"{_HOST}estran_session"
CSRF_COOKIE_NAME = f"{_HOST}estran_csrf"
ESTRAN_VAULT_COOKIE = f"{_HOST}estran_vault"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "estran.web.config.errors.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Headers
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENVIRONMENT.https:
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_SSL_REDIRECT = True
if ENVIRONMENT.n_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "worker-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
