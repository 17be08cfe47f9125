"""Django's settings: fixed choices of the product, and what `tugi.core.config` reads from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF, STRICT_DYNAMIC

from tugi.core import config, keys, sqlite

sqlite.use_safe_library()

BASE_DIR = Path(__file__).resolve().parent
CONFIG = config.load()

# What the product asks of its surroundings, by the name it is asked for.
DATA_DIR = CONFIG.data_dir
KEYS = CONFIG.keys
PUBLIC_URL = CONFIG.public_url
TRUSTED_PROXIES = CONFIG.trusted_proxies
OUTBOUND_ALLOW = CONFIG.outbound_allow
UNDO_SECONDS = CONFIG.undo_seconds
DNS = CONFIG.dns
MAX_MAIL_BYTES = CONFIG.max_mail_bytes
MAX_UPLOAD_BYTES = CONFIG.max_upload_bytes
SMTP_LISTEN = CONFIG.smtp_listen
LMTP_LISTEN = CONFIG.lmtp_listen
SMTP_RELAYS = CONFIG.smtp_relays
SMTP_CERTIFICATE = CONFIG.smtp_certificate
SMTP_CERTIFICATE_KEY = CONFIG.smtp_certificate_key
SMTP_SEND = CONFIG.smtp_send
MAIL_FOLDER = CONFIG.mail_folder
STYLEGUIDE = CONFIG.styleguide

DEBUG = CONFIG.debug
# Empty before the first start: Django then refuses whatever needs it.
SECRET_KEY, *SECRET_KEY_FALLBACKS = KEYS.secret_key or ("",)
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "tugi.core",
    "tugi.events",
    "tugi.people",
    "tugi.tickets",
    "tugi.channels.email",
    "tugi.portal",
    "tugi.live",
    "tugi.setup",
]

MIDDLEWARE = [
    "tugi.core.middleware.ProxyMiddleware",
    "tugi.core.middleware.RequestIdMiddleware",
    "tugi.core.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tugi.core.middleware.SameSiteMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tugi.people.sign_in.SignInMiddleware",
    "tugi.core.middleware.LanguageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tugi.core.middleware.ErrorsMiddleware",
]

ROOT_URLCONF = "tugi.urls"
WSGI_APPLICATION = "tugi.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": CONFIG.database}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING_CONFIG = "tugi.core.logging.configure"
LOGGING: dict[str, Any] = {"level": CONFIG.log_level}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": sorted(str(path) for path in BASE_DIR.glob("**/templates")),
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "tugi.core.templating.environment",
            "context_processors": ["tugi.core.pages.reader_context"],
        },
    },
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]

AUTH_USER_MODEL = "people.Agent"
SILENCED_SYSTEM_CHECKS = [
    # One address, one agent: kept by a constraint over lower(email), which this check does not see.
    "auth.W004",
    # The names around the desk's own are not ours to bind to https.
    "security.W005",
    "security.W021",
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("ro", "Română"), ("et", "Eesti")]
LOCALE_PATHS = [str(BASE_DIR / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.static_root
WHITENOISE_MAX_AGE = 3600
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
HASHED_STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files")},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else HASHED_STATIC,
    },
    "blobs": {
        "BACKEND": "tugi.core.blobs.BlobStorage",
        "OPTIONS": {
            "location": str(DATA_DIR / "blobs"),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 40

# Safe by default: each line has a check or a test (tugi.core.checks, tugi/core/tests/test_headers.py)

HTTPS = CONFIG.is_https
COOKIE_PREFIX = "__Host-" if HTTPS else ""
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "tugi.people.sessions"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}tugi_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}tugi_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tugi.core.refusals.forged"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}tugi_language"

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# A week at an hour first: a mistake in TLS can still be taken back.
SECURE_HSTS_SECONDS = 0 if not HTTPS else 3600 if keys.age_in_days(KEYS) < 7 else 365 * 24 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE, STRICT_DYNAMIC],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "report-uri": "/csp",
    }
}

# Accounts

# ProxyMiddleware has put the client's own address where allauth looks.
ALLAUTH_TRUSTED_PROXY_COUNT = 0
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "tugi.people.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# Tries are counted in the database by the adapter, for all processes together.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
