"""Settings: read from the environment once, each with a default and a sentence (README, "Settings")."""

import os
from pathlib import Path
from typing import Any

from portal.vault import Vault

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def from_environment() -> dict[str, Any]:
    """What ``create_app`` configures Flask with."""
    instance = Path(os.environ.get("INSTANCE") or ROOT / "instance").resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    vault = Vault(instance / "secret.key", secret=os.environ.get("SECRET_KEY"))
    return {
        "INSTANCE": instance,
        "MIGRATIONS": ROOT / "migrations",
        "VAULT": vault,
        "SECRET_KEY": vault.derive("session cookies").hex(),
        "SQLALCHEMY_DATABASE_URI": os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'gridgate.db'}",
        "HOST": os.environ.get("HOST", "127.0.0.1"),
        "SECOND_FACTOR": _switch("SECOND_FACTOR") if "SECOND_FACTOR" in os.environ else None,
        "DEMO_ALLOWED": _switch("GRIDGATE_DEMO") or os.environ.get("HOST", "127.0.0.1") in LOOPBACK,
        "TRUSTED_PROXIES": int(os.environ.get("TRUSTED_PROXIES", "0")),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        **_https_cookies(_switch("HTTPS")),
        "MAX_CONTENT_LENGTH": 5 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "SESSION_IDLE_MINUTES": int(os.environ.get("SESSION_IDLE_MINUTES", "60")),
        "JOB_QUEUE": os.environ.get("JOB_QUEUE", ""),
        "JOB_THREADS": int(os.environ.get("JOB_THREADS", "2")),
        "SESSION_HOURS": int(os.environ.get("SESSION_HOURS", "12")),
    }


def _https_cookies(https: bool) -> dict[str, Any]:
    if not https:
        return {"SESSION_COOKIE_NAME": "sid"}
    return {
        "SESSION_COOKIE_NAME": "__Host-sid",
        "SESSION_COOKIE_SECURE": True,
        "PREFERRED_URL_SCHEME": "https",
    }


def _switch(name: str, *, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() not in ("0", "", "no", "off", "false")
