"""The processes of an installation: web rooms under granian, and what runs beside them.

Each reads its settings from BANSAO_*; the factories below are called inside granian's worker.
"""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from bansao.errors import ChildDied, PortTaken
from bansao.lifeline import die_with_parent
from bansao.log_lines import log_as_json
from bansao.ports import is_free
from bansao.settings import Settings

_BEAT = 5.0  # seconds between two signs of life
_HEAD_SECONDS = 10
#: Granian's 400 KB are more than any head needs, and what is made of one may be remembered.
_HEAD_BYTES = 16 * 1024
_LAST_ANSWERS = 10


def kiosk_app() -> Any:
    """The citizens' application, for granian's factory mode."""
    from intake.app import create_kiosk_app
    from intake.settings import Settings as IntakeSettings

    _in_worker()
    return create_kiosk_app(IntakeSettings.from_env(os.environ))


def desk_app() -> Any:
    """The officers' application; the queue has a process of its own (`serve worker`)."""
    from intake.app import create_desk_app
    from intake.settings import Settings as IntakeSettings

    _in_worker()
    return create_desk_app(IntakeSettings.from_env(os.environ))


def portal_app() -> Any:
    """The public portal."""
    from verify_portal.app import create_app
    from verify_portal.settings import Settings as PortalSettings

    _in_worker()
    app = create_app(PortalSettings.from_env(os.environ))
    # What is loaded by now and what the portal remembers is not garbage, and looking through all of
    # it would let thousands of visitors wait for tens of milliseconds.
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    # A thread of granian's that has a request to hand over waits this long before it may interrupt:
    # with Python's own 5 ms, the slowest answers of a busy portal were twice as slow.
    sys.setswitchinterval(0.0005)
    return app


def serve_web(room: str, host: str, port: int, workers: int) -> None:
    """Serve a room's pages until stopped."""
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.server import Server

    _require_free(host, port)
    server = Server(
        f"bansao.serve:{room}_app",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        # With HTTP/2 too, silent clients would be waited for without end.
        http=HTTPModes.http1,
        workers=workers,
        # What was taken is answered before a worker ends; a service manager kills later than this.
        workers_kill_timeout=_LAST_ANSWERS,
        http1_settings=HTTP1Settings(
            # Also how long a kept connection may be idle.
            header_read_timeout=_HEAD_SECONDS * 1000,
            max_buffer_size=_HEAD_BYTES,
        ),
        websockets=False,
        log_dictconfig=_granian_logging(),
    )
    server.serve()
    if not server.interrupt_signal:  # its workers ended by themselves
        raise ChildDied(f"the {room} ended; its reason stands in the lines above")


def serve_analytics(host: str, port: int) -> None:
    """Become Streamlit: the process is replaced, so that its id and lifeline stay."""
    import analytics

    _require_free(host, port)
    page = Path(analytics.__file__).with_name("app.py")
    options = {
        "server.address": host,
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "global.developmentMode": "false",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "streamlit", "run", str(page), *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell


def serve_tsa(host: str, port: int) -> None:
    """The demo's time-stamp authority."""
    from bansao.tsa import serve

    settings = Settings.from_env(os.environ)
    log_as_json(settings.log_level)
    _require_free(host, port)
    serve(host, port, settings.secrets)


def serve_publisher(metrics: tuple[str, int] | None = None, alive: Path | None = None) -> None:
    """Take checkpoints through their stages whenever the book has grown; touch `alive` meanwhile.

    `metrics` is where it listens for Prometheus, if anywhere.
    """
    from bansao.publisher import run_publisher
    from registry.settings import Settings as RegistrySettings

    log_as_json(Settings.from_env(os.environ).log_level)
    if metrics is not None:
        _require_free(*metrics)

    async def publish() -> None:
        await run_publisher(RegistrySettings.from_env(os.environ), metrics=metrics)

    asyncio.run(_until_stopped(publish, alive))


def serve_worker(alive: Path | None = None) -> None:
    """Read dossiers and certify copies, from the queue; touch `alive` meanwhile."""
    import uvloop

    from intake.edges import open_edges
    from intake.jobs import working
    from intake.settings import Settings as IntakeSettings
    from intake.work import create_work
    from registry.clock import utc_now

    async def work() -> None:
        settings = IntakeSettings.from_env(os.environ)
        async with (
            open_edges(settings, utc_now) as edges,
            create_work(edges) as queue,
            working(queue),
        ):
            await asyncio.Event().wait()

    log_as_json(Settings.from_env(os.environ).log_level)
    uvloop.run(_until_stopped(work, alive))


async def _until_stopped(act: Callable[[], Coroutine[Any, Any, None]], alive: Path | None) -> None:
    """Run until SIGTERM or Ctrl-C, then let the act tidy up; its failure is ours."""
    task = asyncio.create_task(act())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    while alive is not None and not task.done():
        await asyncio.to_thread(alive.touch)
        await asyncio.wait({task}, timeout=_BEAT)
    try:
        await task
    except asyncio.CancelledError:
        return


def _in_worker() -> None:
    die_with_parent()
    log_as_json(Settings.from_env(os.environ).log_level)


def _require_free(host: str, port: int) -> None:
    if not is_free(host, port):
        raise PortTaken(
            f"port {port} of {host} is taken: end what uses it, or choose another with "
            "--port or BANSAO_PORT"
        )


def _granian_logging() -> dict[str, Any]:
    """Granian's own messages as our lines; it logs no requests, since a path may hold a code."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "bansao.log_lines.json_formatter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {"_granian": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
    }
