"""Everything on this machine: database, keys, processes, one first copy; stopped together."""

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from bansao.child import Child, last_lines
from bansao.database import Database, open_database
from bansao.demo_agency import agency_key_file
from bansao.demo_site import Login, ensure_demo_site
from bansao.demo_witness import ensure_witness
from bansao.errors import AlreadyRunning, ChildDied, PortTaken
from bansao.first_copy import ensure_first_copy
from bansao.ports import BACKGROUND, PORTS, is_free
from bansao.postgres import without_credentials
from bansao.settings import Settings
from schema.migrate import migrate

# From an empty cache on a slow disk; a start usually takes a tenth of it.
_PATIENCE = 180.0
_GRACE = 10.0
_HEALTH = {"analytics": "/_stcore/health"}

Tell = Callable[[str], None]


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """A demo that is ready; `agency_key` is the file that holds one."""

    kiosk: str
    desk: str
    portal: str
    dashboard: str
    witness: str
    officers: list[Login]
    first_copy: str | None
    agency_key: str
    data: str


@contextlib.contextmanager
def running_demo(settings: Settings, port_base: int, tell: Tell) -> Iterator["Demo"]:
    """Bring all of it up; at the end of the block, or at any failure, nothing is left running."""
    ports = {name: port_base + port - 8000 for name, port in PORTS.items()}
    with _only_demo_of(settings.data):
        for name, port in ports.items():
            if not is_free("127.0.0.1", port):
                raise PortTaken(
                    f"port {port}, the {name}'s, is taken: end what uses it, or choose other ports "
                    "with --port-base or BANSAO_PORT_BASE, such as `bansao demo --port-base 9000`"
                )
        with contextlib.ExitStack() as stack:
            tell("database …")
            database = stack.enter_context(open_database(settings))
            migrate(database.admin_url, settings.secrets)
            tell("keys, certificates, unit and officers …")
            logins = ensure_demo_site(settings, database.admin_url)
            demo = Demo(settings, database, ports, logins)
            stack.callback(demo.stop)
            demo.start(tell)
            yield demo


class Demo:
    """The processes of a demo. Made by `running_demo`."""

    def __init__(
        self, settings: Settings, database: Database, ports: dict[str, int], logins: list[Login]
    ) -> None:
        self._database = database
        urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        self._environment = os.environ | settings.room_environment(
            without_credentials(database.url)
        )
        for name in ("kiosk", "desk", "portal", "tsa"):
            self._environment.setdefault(f"BANSAO_{name.upper()}_URL", urls[name])
        settings.portal_address.write_text(self._environment["BANSAO_PORTAL_URL"])
        logs = settings.data / "logs"
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        witness = ensure_witness(settings, self._environment["BANSAO_PORTAL_URL"], urls["witness"])
        self._children = [
            Child("witness", witness, logs / "witness.log", None),
            *(
                Child(name, _serving(name, ports), logs / f"{name}.log", _health(name, urls))
                for name in ("tsa", *BACKGROUND, "portal", "desk", "kiosk", "analytics")
            ),
        ]
        self._settings = settings
        self.summary = Running(
            kiosk=urls["kiosk"],
            desk=urls["desk"] + "/desk",
            portal=urls["portal"],
            dashboard=urls["analytics"],
            witness=urls["witness"],
            officers=logins,
            first_copy=None,
            agency_key=str(agency_key_file(settings.secrets)),
            data=str(settings.data),
        )

    def start(self, tell: Tell) -> None:
        """Start all processes, wait until each answers, issue the first copy."""
        for child in self._children:
            child.start(self._environment)
        deadline = time.monotonic() + _PATIENCE
        for child in self._children:
            tell(f"{child.name} …")
            while not child.is_ready():
                self.check()
                if time.monotonic() > deadline:
                    raise ChildDied(f"{child.name} does not answer; {child.story()}")
                time.sleep(0.1)
        self.check()
        tell("first copy …")
        code = ensure_first_copy(self._settings, self._environment, tell)
        self.summary = msgspec.structs.replace(self.summary, first_copy=code)

    def check(self) -> None:
        """Raise ChildDied, naming it, when a process or the database has ended."""
        server = self._database.embedded
        if server is not None and not server.alive():
            raise ChildDied(f"PostgreSQL ended, so all was stopped; {last_lines(server.log)}")
        for child in self._children:
            child.require_alive()

    def watch(self) -> None:
        """Return never; raise when a process ends."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """End all processes: asked, then killed. A second Ctrl-C does not cut this short."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + _GRACE
        for child in self._children:
            child.stop(deadline)


def _serving(name: str, ports: Mapping[str, int]) -> list[str]:
    listens = ["--host", "127.0.0.1", "--port", str(ports[name])] if name in ports else []
    return ["serve", name, *listens]


def _health(name: str, urls: Mapping[str, str]) -> str | None:
    """A process without a port is ready when it runs."""
    return urls[name] + _HEALTH.get(name, "/healthz") if name in urls else None


@contextlib.contextmanager
def _only_demo_of(data: Path) -> Iterator[None]:
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (data / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(
                f"a demo of {data} runs already (process {lock.read().strip() or 'unknown'}): "
                "use it, end it, or name another directory with BANSAO_DATA"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
