"""A PostgreSQL cluster of Tryton's own, on a Unix socket only."""

import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg

from pipeline.errors import EnvironmentFault

USER = "postgres"
OPTIONS = (
    "listen_addresses=''",
    # a demo that a power cut may lose: it is made again in minutes
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
    # modules are installed in one transaction: a plan made while the catalogue was empty takes seconds when it is full
    *("plan_cache_mode=force_custom_plan", "jit=off", "shared_buffers=256MB"),
)


class Cluster:
    """The cluster of one checkout. PostgreSQL refuses to run as root; then it runs as `postgres`, data at its home."""

    def __init__(self, home: Path) -> None:
        name = hashlib.sha256(str(home).encode()).hexdigest()[:8]
        as_root = os.getuid() == 0
        self._folder = Path(pwd.getpwnam(USER).pw_dir) / f"tryton-{name}" if as_root else home / "postgresql"

    @property
    def uri(self) -> str:
        """As Tryton's configuration wants it: without a database."""
        return f"postgresql://{USER}@{quote(str(self._folder), safe='')}/"

    def start(self) -> None:
        """Make it where it is missing, and start it where it does not run."""
        if not self._folder.exists():
            self._folder.mkdir(mode=0o700)
            if os.getuid() == 0:
                shutil.chown(self._folder, USER)
        if not (self._folder / "data" / "PG_VERSION").exists():
            self._run(
                "initdb", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"
            )
        if not self.is_running():
            options = " ".join(f"-c {option}" for option in (*OPTIONS, f"unix_socket_directories={self._folder}"))
            self._run("pg_ctl", "start", "-w", "-s", "-l", str(self._folder / "log"), "-o", options)

    def is_running(self) -> bool:
        """Whether it takes connections."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop it where it runs."""
        if self.is_running():
            self._run("pg_ctl", "stop", "-w", "-s", "-m", "fast")

    def has(self, database: str) -> bool:
        """Whether there is such a database."""
        with self._connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        return found is not None

    def databases(self) -> list[str]:
        """The names of those that somebody made."""
        with self._connect() as connection:
            found = connection.execute(
                "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"
            )
            return [name for (name,) in found]

    def create(self, database: str) -> None:
        """Make an empty database."""
        self._tell(f'CREATE DATABASE "{database}"')

    def copy(self, source: str, database: str) -> None:
        """Make a database with the contents of another, which nobody may be using."""
        self._tell(f'CREATE DATABASE "{database}" TEMPLATE "{source}"')

    def seal(self, database: str, name: str) -> None:
        """Give a database, which nobody may be using, another name, and let nobody in: it is only copied."""
        self._tell(f'ALTER DATABASE "{database}" WITH ALLOW_CONNECTIONS false')
        self._tell(f'ALTER DATABASE "{database}" RENAME TO "{name}"')

    def drop(self, database: str) -> None:
        """Take a database away, with all who use it."""
        self._tell(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _tell(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement.encode())

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self._folder), user=USER, dbname="postgres", autocommit=True)

    def _run(self, program: str, *arguments: str) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
        if not programs:
            raise EnvironmentFault("PostgreSQL is missing.", remedy="apt-get install postgresql")
        as_user = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
        command = [*as_user, str(programs[-1]), "-D", str(self._folder / "data"), *arguments]
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/")
        if done.returncode:
            remedy = f"See {self._folder / 'log'}; where the cluster is spoilt, remove {self._folder}."
            raise EnvironmentFault(f"{program} failed: {done.stdout}{done.stderr}", remedy=remedy)
