"""What the operator sets: environment variables, read once into a value.

Nothing here imports Django: the command line reads the same value before Django is up.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

_KEY_BYTES = 48
_SERVICE_KEY_BYTES = 32

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Environment:
    """The operator's choices, with defaults that suit one machine.

    Parameters
    ----------
    data : Path
        Folder of everything kept: control database, vaults, sealed uploads, secret key.
    database_url : str
        ``""`` for SQLite in the data folder, or ``postgresql://user:password@host/name``
        with what libpq understands behind ``?`` (``sslmode=verify-full``, ``host=/folder``).
    hosts : tuple of str
        Names under which the site answers.
    address : str
        Address of the site as phones reach it, where it is another than browsers use;
        ``""`` takes that of the request.
    mqtt_url : str
        A broker whose messages of OwnTracks are taken in, ``mqtts://user:password@host:port``.
    mqtt_phones : str
        The same broker as phones reach it, with the account that all of them share.
    mqtt_ca : str
        File of the certificates that the broker's is checked against; ``""`` for the system's.
    https : bool
        People reach the site by https: cookies are then marked so.
    n_proxies : int
        Reverse proxies in front whose ``X-Forwarded-*`` headers are trusted.
    mail_url : str
        ``""`` for none, ``console:``, or ``smtp://user:password@host:port``
        (``smtps://`` for TLS from the first byte, ``smtp+tls://`` for STARTTLS).
    mail_from : str
        Sender of the mails.
    oidc_url, oidc_name, oidc_client, oidc_secret : str
        A territory's own sign-in (OpenID Connect): address of the provider, the words of its
        button, and what the provider calls this site. Without an address there is none.
    static_root : str
        Folder of the collected, hashed static files; ``""`` serves them from the package.
    n_workers : int
        Processes that import and analyse.
    service_key_file : str
        File of the key under which people who let the coach work let this server in;
        ``""`` for ``service.key`` in the data folder. Best on another disk than the database.
    dormant_months : int
        Accounts without a sign-in for so long are warned by mail, then erased; 0 for never,
        and never without mail.
    peers : tuple of str
        Hosts, with their port perhaps, to which people may move although they are not public.
    debug : bool
        Show tracebacks in the browser. Never on a server.
    controller, controller_address, contact, dpo : str
        Who answers for the site, where, by which mail, and the data protection officer:
        printed in the papers that ``estran papers`` writes.
    study, study_file : str
        Name of the study in tokens of OpenPATH apps; a file of JSON laid over its
        configuration.
    study_groups : tuple of str
        Subgroups of the study that a token may name.
    """

    data: Path
    database_url: str = ""
    hosts: tuple[str, ...] = LOCAL_HOSTS
    address: str = ""
    mqtt_url: str = field(default="", repr=False)
    mqtt_phones: str = field(default="", repr=False)
    mqtt_ca: str = ""
    https: bool = False
    n_proxies: int = 0
    mail_url: str = ""
    mail_from: str = "estran@localhost"
    oidc_url: str = ""
    oidc_name: str = "OpenID Connect"
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    static_root: str = ""
    n_workers: int = 2
    service_key_file: str = ""
    dormant_months: int = 24
    peers: tuple[str, ...] = ()
    debug: bool = False
    controller: str = ""
    controller_address: str = ""
    contact: str = ""
    dpo: str = ""
    study: str = ""
    study_groups: tuple[str, ...] = ()
    study_file: str = ""


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """Read the ``ESTRAN_*`` variables.

    Examples
    --------
    >>> read_environment({"ESTRAN_HTTPS": "1", "ESTRAN_HOSTS": "a.example, b.example"}).hosts
    ('a.example', 'b.example')
    """
    env = os.environ if variables is None else variables
    hosts = _listed(env, "ESTRAN_HOSTS")
    return Environment(
        data=Path(env.get("ESTRAN_DATA") or "data").resolve(),
        database_url=env.get("ESTRAN_DATABASE_URL", ""),
        hosts=hosts or LOCAL_HOSTS,
        address=env.get("ESTRAN_ADDRESS", "").rstrip("/"),
        mqtt_url=_secret(env, "ESTRAN_MQTT_URL"),
        mqtt_phones=_secret(env, "ESTRAN_MQTT_PHONES"),
        mqtt_ca=env.get("ESTRAN_MQTT_CA", ""),
        https=_is_on(env, "ESTRAN_HTTPS"),
        n_proxies=int(env.get("ESTRAN_PROXIES") or 0),
        mail_url=env.get("ESTRAN_MAIL_URL", ""),
        mail_from=env.get("ESTRAN_MAIL_FROM") or "estran@localhost",
        oidc_url=env.get("ESTRAN_OIDC_URL", "").rstrip("/"),
        oidc_name=env.get("ESTRAN_OIDC_NAME", "").strip() or "OpenID Connect",
        oidc_client=env.get("ESTRAN_OIDC_CLIENT", ""),
        oidc_secret=_secret(env, "ESTRAN_OIDC_SECRET"),
        static_root=env.get("ESTRAN_STATIC_ROOT", ""),
        n_workers=max(1, int(env.get("ESTRAN_WORKERS") or 2)),
        service_key_file=env.get("ESTRAN_SERVICE_KEY_FILE", ""),
        dormant_months=max(0, int(env.get("ESTRAN_DORMANT_MONTHS") or 24)),
        peers=_listed(env, "ESTRAN_PEERS"),
        debug=_is_on(env, "ESTRAN_DEBUG"),
        controller=env.get("ESTRAN_CONTROLLER", ""),
        controller_address=env.get("ESTRAN_CONTROLLER_ADDRESS", ""),
        contact=env.get("ESTRAN_CONTACT", ""),
        dpo=env.get("ESTRAN_DPO", ""),
        study=env.get("ESTRAN_STUDY", "").strip().lower(),
        study_groups=_listed(env, "ESTRAN_STUDY_GROUPS"),
        study_file=env.get("ESTRAN_STUDY_FILE", ""),
    )


def _listed(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())


def _is_on(env: Mapping[str, str], name: str) -> bool:
    return env.get(name, "").lower() in {"1", "true", "yes", "on"}


def _secret(env: Mapping[str, str], name: str) -> str:
    """Take a secret from a file named by ``NAME_FILE``, else from the variable itself."""
    path = env.get(f"{name}_FILE", "")
    return Path(path).read_text(encoding="utf-8").strip() if path else env.get(name, "")


def sign_in_provider(environment: Environment) -> dict[str, object]:
    """Say to allauth where a territory's own sign-in is; nothing where none is set."""
    if not environment.oidc_url:
        return {}
    app = {
        "provider_id": "territory",
        "name": environment.oidc_name,
        "client_id": environment.oidc_client,
        "secret": environment.oidc_secret,
        "settings": {"server_url": environment.oidc_url},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def prepare_data_folder(data: Path) -> None:
    """Create the data folder and its parts, closed to other users of the machine."""
    for folder in (data, data / "vaults", data / "incoming"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)


def secret_key(data: Path) -> str:
    """Give the site's signing key, made at the first call and kept in a file of mode 0600."""
    path = data / "secret.key"
    if not path.exists():
        prepare_data_folder(data)
    return kept_secret(path, lambda: secrets.token_urlsafe(_KEY_BYTES))


def service_key(data: Path, file: str) -> bytes:
    """Give the key that wraps vaults for the coach: never in a database.

    Raises
    ------
    ValueError
        The file holds something else.
    """
    path = Path(file) if file else data / "service.key"
    key = bytes.fromhex(kept_secret(path, lambda: secrets.token_hex(_SERVICE_KEY_BYTES)))
    if len(key) != _SERVICE_KEY_BYTES:
        msg = "the service key has another length"
        raise ValueError(msg)
    return key


def kept_secret(path: Path, draw: Callable[[], str]) -> str:
    """Read a secret; draw it at the first call, into a file that its owner alone reads."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f"{path.stem}.{secrets.token_hex(8)}.new")
    fd = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write(draw())
        file.flush()
        os.fsync(file.fileno())
    # A link never replaces: of two processes that start together, one key wins for both.
    try:
        path.hardlink_to(made)
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_text(encoding="ascii").strip()


def database(environment: Environment) -> dict[str, object]:
    """Say to Django where the control database is.

    SQLite keeps its rollback journal with ``synchronous=FULL``: what is acknowledged
    survives a power cut; write transactions begin IMMEDIATE so that two never deadlock.

    Raises
    ------
    ValueError
        The address is of no PostgreSQL.
    """
    if not environment.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(environment.data / "estran.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; "
                # A slot that is taken back is overwritten, not only forgotten.
                "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;",
            },
        }
    url = urlsplit(environment.database_url)
    if url.scheme not in {"postgresql", "postgres"}:
        msg = "ESTRAN_DATABASE_URL is not like postgresql://user:password@host/name"
        raise ValueError(msg)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "OPTIONS": dict(parse_qsl(url.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def mail(environment: Environment) -> dict[str, object]:
    """Say to Django how mails leave; without a mail address none does."""
    if not environment.mail_url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    url = urlsplit(environment.mail_url)
    if url.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 15,
    }
