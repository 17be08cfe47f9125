"""The product's settings in a throw-away data directory, with what makes tests quick.

`DATABASE_URL` chooses the engine, as it does for the product; without it each process has its own
SQLite file.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from typing import Any

for _name in [_name for _name in os.environ if _name.startswith("TUGI_") and not _name.startswith("TUGI_TEST_")]:
    del os.environ[_name]

_data = tempfile.mkdtemp(prefix="tugi-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ.update(
    TUGI_DATA=_data,
    TUGI_SMTP_LISTEN="off",
    TUGI_DNS="off",
    TUGI_LOG_LEVEL="warning",
    TUGI_STYLEGUIDE="on",
    TUGI_SECRET_KEY="for-tests-XAqpW4zr6fUGs0hPVbT8yqMdH2kLcN7jR5wE1xZ9iB3oQvYt",
    TUGI_ENCRYPTION_KEY="for-tests-8mKd2RrJx7vTqLw4zYbN1cPf6hGs9oUe3aXiW5uZtE0kQyBn",
    TUGI_SIGNING_KEY="for-tests-Fv3nQz8sLk1xWb6tYc0rJp5mHd2gUe9aToXi7wNqBy4KfRvZ",
)

from tugi.settings import *  # noqa: E402, F403
from tugi.settings import ALLOWED_HOSTS, DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS.append("testserver")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True

_database: dict[str, Any] = DATABASES["default"]
if "sqlite" in _database["ENGINE"]:
    _database["TEST"] = {"NAME": os.path.join(_data, "test.sqlite3")}  # noqa: PTH118
    _options = _database["OPTIONS"]
    # Nothing here outlives the process; what must survive a power cut is tested with real servers.
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
