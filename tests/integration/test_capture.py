"""Capture with its real worker processes."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from intake.capture.bounded import run_bounded
from intake.capture.capture import capture
from intake.capture.limits import Limits
from intake.errors import (
    DecodeMemoryExceeded,
    DecodeTimeout,
    EmptyFile,
    IntakeError,
    TaskCrashed,
    TaskMemoryExceeded,
    TaskTimeout,
    TooLarge,
    UnreadableScan,
)
from tests.testkit import misbehaving
from tests.testkit.pictures import encoded, photographed, printed_page, turned

SHARED = Path(__file__).parents[3] / "shared" / "data"
IMPATIENT = Limits(seconds=1.0, memory=256 << 20)
PATIENT = Limits(seconds=60.0, memory=256 << 20)


@pytest.mark.parametrize(
    ("function", "limits", "error"),
    [
        (misbehaving.loop, IMPATIENT, TaskTimeout),
        (misbehaving.sleep, IMPATIENT, TaskTimeout),
        (misbehaving.eat_memory, PATIENT, TaskMemoryExceeded),
        (misbehaving.segfault, PATIENT, TaskCrashed),
        (misbehaving.vanish, PATIENT, TaskCrashed),
        (misbehaving.fail, PATIENT, LookupError),
    ],
)
def test_a_misbehaving_task_is_named_and_the_next_one_works(
    function: Callable[[], None], limits: Limits, error: type[Exception]
) -> None:
    with pytest.raises(error):
        run_bounded(function, limits=limits)
    assert run_bounded(misbehaving.add, 1, other=2) == 3


def test_no_file_is_blamed_where_no_process_can_start(tmp_path: Path) -> None:
    place = tmp_path / ("long" * 30)  # the address of a socket in it would not fit
    place.mkdir()
    script = (
        "from intake.capture.bounded import run_bounded\n"
        "from intake.errors import NoProcess\n"
        "from tests.testkit import misbehaving\n"
        "try:\n"
        "    run_bounded(misbehaving.worker_id)\n"
        "except NoProcess as failure:\n"
        "    print(failure)\n"
    )
    asked = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TMPDIR": str(place)},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    assert "AF_UNIX path too long" in asked.stdout


def test_a_task_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="File too large"):
        run_bounded(misbehaving.write, tmp_path / "page")
    assert (tmp_path / "page").read_bytes() == b""


def test_workers_are_reused() -> None:
    workers = {run_bounded(misbehaving.worker_id) for _ in range(20)}
    assert len(workers) <= (os.cpu_count() or 1) + 1
    assert os.getpid() not in workers


def test_callers_in_many_threads_all_get_their_own_answer() -> None:
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda n: run_bounded(misbehaving.add, n, n), range(64)))
    assert answers == [2 * n for n in range(64)]


def test_a_worker_killed_while_idle_is_replaced() -> None:
    victim = run_bounded(misbehaving.worker_id)
    os.kill(victim, signal.SIGKILL)
    time.sleep(0.5)
    assert run_bounded(misbehaving.add, 2, 2) == 4


def test_workers_end_with_a_caller_that_is_killed() -> None:
    code = (
        "import time\n"
        "from intake.capture.bounded import run_bounded\n"
        "from tests.testkit.misbehaving import worker_id\n"
        "if __name__ == '__main__':\n"
        "    print(run_bounded(worker_id), flush=True)\n"
        "    time.sleep(600)\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root
    ) as caller:
        assert caller.stdout is not None
        worker = int(caller.stdout.readline())
        caller.kill()
    for _ in range(100):
        if not psutil.pid_exists(worker):
            return
        time.sleep(0.1)
    pytest.fail("the worker outlived its caller")


def test_a_caller_that_another_process_forked_ends_by_itself() -> None:
    """As a web room's worker does on SIGTERM; it waited for its own workers until it was killed."""
    script = (
        "import multiprocessing\n"
        "from intake.capture.bounded import run_bounded\n"
        "from tests.testkit.misbehaving import worker_id\n"
        "fork = multiprocessing.get_context('fork')\n"
        "caller = fork.Process(target=run_bounded, args=[worker_id])\n"
        "caller.start()\n"
        "caller.join(60)\n"
        "ended = not caller.is_alive()\n"
        "caller.kill()\n"
        "print(ended and caller.exitcode)\n"
    )
    root = Path(__file__).parents[2]
    asked = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        timeout=100,
    )
    assert asked.stdout == "0\n", asked.stderr


def test_errors_reach_the_caller_with_their_values() -> None:
    with pytest.raises(EmptyFile):
        capture(b"")
    with pytest.raises(TooLarge) as refused:
        capture(encoded(printed_page()), Limits(bytes=1 << 10))
    assert refused.value.values == {"limit_mib": 0}
    with pytest.raises(DecodeTimeout):
        capture(encoded(printed_page(4000, 5600)), Limits(seconds=0.02))
    with pytest.raises(DecodeMemoryExceeded):
        capture(encoded(printed_page(4000, 5600)), Limits(memory=40 << 20))


def test_a_leaning_scan_comes_out_level_and_in_colour() -> None:
    page = printed_page().copy()
    page[1500:1700, 900:1100] = (190, 30, 30)
    (straight,) = capture(encoded(turned(page, -3.0), "JPEG", quality=92, dpi=(150, 150)))
    assert straight.quality.skew_degrees == pytest.approx(-3.0, abs=0.2)
    assert (straight.media_type, straight.dpi) == ("image/jpeg", 150)
    pixels = cv2.imdecode(np.frombuffer(straight.image, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert pixels.shape[:2] == (straight.height, straight.width)
    red = (pixels[:, :, 0] > 150) & (pixels[:, :, 1] < 80)
    assert red.sum() == pytest.approx(200 * 200, rel=0.05)


def test_a_photograph_of_a_sheet_is_flattened() -> None:
    (page,) = capture(encoded(photographed(printed_page()), "JPEG", quality=90))
    assert page.quality.flattened
    # Seen from below, a sheet is foreshortened: its shape is near that of A4, not equal.
    assert page.height / page.width == pytest.approx(2**0.5, rel=0.2)


def shared_files() -> list[Path]:
    folders = [SHARED / "images", SHARED / "pdf", SHARED / "documents"]
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def outcome_of(path: Path) -> str:
    try:
        return "pages" if capture(path.read_bytes()) else "nothing"
    except UnreadableScan as refusal:
        return type(refusal).__name__


@pytest.mark.timeout(900)
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not on this machine")
def test_real_and_malicious_files_are_pages_or_a_named_error() -> None:
    """No file hangs or ends the process that asks; none takes longer than the limit."""
    files = shared_files()
    with ThreadPoolExecutor(os.cpu_count()) as callers:
        outcomes = dict(zip(files, callers.map(outcome_of, files), strict=True))
    told = set(outcomes.values())
    assert "pages" in told
    assert not {"nothing", "UnreadableScan", "DecodeTimeout"} & told
    documents = [outcomes[path] for path in files if "documents" in path.parts]
    assert documents.count("pages") >= 23


def test_an_error_keeps_its_values_across_the_border() -> None:
    error = pickle.loads(pickle.dumps(TaskTimeout(seconds=3)))  # noqa: S301 - our own
    assert isinstance(error, IntakeError)
    assert error.values == {"seconds": 3}
    assert str(error) == "error-task-timeout (seconds=3)"
