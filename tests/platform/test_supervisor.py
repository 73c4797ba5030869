"""A process that ends, stops, spins or eats the memory is replaced, and nothing is ever left behind."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpenglow.platform.limits import Limits, Rlimits
from alpenglow.platform.supervisor import (
    LONGEST_WAIT_CRITICAL_S,
    LONGEST_WAIT_S,
    StartFailed,
    Supervisor,
)
from alpenglow.platform.usage import processor_s

from .conftest import Bench, launch, row, until


def pid_of(supervisor: Supervisor, name: str) -> int:
    child = supervisor.domains[name].child
    assert child is not None
    return child.pid


async def replaced(supervisor: Supervisor, name: str, old: int) -> None:
    """Wait until `name` runs as another process."""
    domain = supervisor.domains[name]
    await until(
        lambda: domain.state == "running" and domain.child is not None and domain.child.pid != old,
        f"{name} runs again",
    )


async def test_every_process_is_live_once_it_has_said_so(bench: Bench) -> None:
    async with bench.running(launch(row("a"), "steady"), launch(row("b"), "steady")) as supervisor:
        await supervisor.live()
        assert {domain.state for domain in supervisor.domains.values()} == {"running"}
        assert supervisor.domains["a"].status == "well"
        assert pid_of(supervisor, "a") in bench.left()
    assert bench.left() == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_killed_process_is_started_again_at_once(bench: Bench, number: signal.Signals) -> None:
    async with bench.running(launch(row("a"), "steady"), launch(row("b"), "steady")) as supervisor:
        await supervisor.live()
        old, neighbour = pid_of(supervisor, "a"), pid_of(supervisor, "b")
        os.kill(old, number)
        await replaced(supervisor, "a", old)
        assert supervisor.domains["a"].restarts == 1
        assert supervisor.domains["a"].last_exit == f"was ended by {number.name}"
        assert pid_of(supervisor, "b") == neighbour
        assert supervisor.domains["b"].restarts == 0


async def test_a_crash_is_reported_with_its_last_words(bench: Bench, tmp_path: Path) -> None:
    async with bench.running(launch(row("a"), "crash once", str(tmp_path / "lived"))) as supervisor:
        await until(lambda: supervisor.domains["a"].restarts >= 1, "one restart")
        await until(lambda: supervisor.domains["a"].state == "running", "running again")
    assert "ended by itself with status 9 (Traceback: the last words); starts again now" in bench.console.getvalue()


async def test_a_stopped_process_is_killed_and_replaced(bench: Bench) -> None:
    async with bench.running(launch(row("a", alive_s=0.5), "steady")) as supervisor:
        await supervisor.live()
        old = pid_of(supervisor, "a")
        os.kill(old, signal.SIGSTOP)
        await replaced(supervisor, "a", old)
        assert supervisor.domains["a"].last_exit == "gave no sign of life for 0.5 s"
        assert old not in bench.left()


async def test_a_spinning_process_is_killed_and_replaced(bench: Bench, tmp_path: Path) -> None:
    async with bench.running(launch(row("a", alive_s=0.5), "spin once", str(tmp_path / "lived"))) as supervisor:
        await until(lambda: supervisor.domains["a"].restarts >= 1, "killed at its deadline")
        await until(lambda: supervisor.domains["a"].state == "running", "running again")
        assert supervisor.domains["a"].last_exit == "gave no sign of life for 0.5 s"


async def test_a_process_that_never_gets_ready_is_killed_and_replaced(bench: Bench, tmp_path: Path) -> None:
    spec = launch(row("a", ready_s=0.5), "never ready once", str(tmp_path / "lived"))
    async with bench.running(spec) as supervisor:
        await supervisor.live()
        assert supervisor.domains["a"].restarts >= 1
        assert supervisor.domains["a"].last_exit == "was not ready after 0.5 s"


async def test_nobody_can_beat_for_a_hung_process(bench: Bench) -> None:
    async with bench.running(launch(row("a", alive_s=0.5), "impostor")) as supervisor:
        await until(lambda: supervisor.domains["a"].restarts >= 1, "killed in spite of its child's messages")
        assert supervisor.domains["a"].last_exit == "gave no sign of life for 0.5 s"


async def test_a_memory_hog_is_stopped_by_its_control_group(bench: Bench, tmp_path: Path, hard_limits: Limits) -> None:
    spec = launch(row("a", memory_mb=64), "hog", str(tmp_path / "lived"))
    async with bench.running(spec, limits=hard_limits) as supervisor:
        await until(lambda: supervisor.domains["a"].restarts >= 1, "the hog is killed")
        await until(lambda: supervisor.domains["a"].state == "running", "running again")
        assert supervisor.domains["a"].last_exit == "used more than its 64 MB of memory"


async def test_a_memory_hog_is_stopped_without_control_groups(bench: Bench, tmp_path: Path) -> None:
    async with bench.running(launch(row("a", memory_mb=64), "hog", str(tmp_path / "lived"))) as supervisor:
        await until(lambda: supervisor.domains["a"].restarts >= 1, "the hog is killed")
        await until(lambda: supervisor.domains["a"].state == "running", "running again")
        # Whichever comes first: its allocation fails at RLIMIT_DATA, or the supervisor sees it.
        assert "memory" in supervisor.domains["a"].last_exit.lower()


async def spin_against_each_other(bench: Bench, limits: Limits) -> float:
    """How many times the processor time of the cockpit the cluster got, both spinning on the same processor."""
    cluster = launch(row("cluster", cpu_weight=1000, nice=0, alive_s=20.0), "spin beside others")
    cockpit = launch(row("cockpit", cpu_weight=50, nice=10, alive_s=20.0), "spin beside others")
    async with bench.running(cluster, cockpit, limits=limits) as supervisor:
        await supervisor.live()
        pids = pid_of(supervisor, "cluster"), pid_of(supervisor, "cockpit")
        before = [processor_s(pid) for pid in pids]

        def used() -> list[float]:
            return [processor_s(pid) - at for pid, at in zip(pids, before, strict=True)]

        await until(lambda: sum(used()) > 1.0, "a second of work", 60.0)
        of_cluster, of_cockpit = used()
        return of_cluster / max(of_cockpit, 0.01)


async def test_a_spin_in_the_cockpit_leaves_the_processor_to_the_cluster(bench: Bench, hard_limits: Limits) -> None:
    assert await spin_against_each_other(bench, hard_limits) > 4


async def test_so_it_does_without_control_groups(bench: Bench) -> None:
    assert await spin_against_each_other(bench, Rlimits()) > 3


async def test_a_process_that_keeps_crashing_is_reported_and_tried_more_rarely(bench: Bench) -> None:
    async with bench.running(launch(row("a"), "crash always")) as supervisor:
        await until(lambda: supervisor.domains["a"].state == "crash loop", "seen as a crash loop")
    assert f"keeps ending, 5 times in a row; starts again in 2 s; see {bench.log_path}" in bench.console.getvalue()


@given(crashes=st.integers(0, 10_000))
def test_the_wait_before_a_restart_grows_up_to_its_limit(crashes: int) -> None:
    ordinary, critical = row("a"), row("b", critical=True)
    wait_s = Supervisor._back_off(ordinary, crashes)
    assert wait_s <= Supervisor._back_off(ordinary, crashes + 1) <= LONGEST_WAIT_S
    assert Supervisor._back_off(critical, crashes) == min(wait_s, LONGEST_WAIT_CRITICAL_S)
    assert (wait_s == 0) == (crashes <= 1)


async def test_a_process_that_refuses_its_configuration_ends_the_start(bench: Bench) -> None:
    with pytest.raises(StartFailed, match=r"^line\.toml: no such bus 'can7'$"):
        async with bench.running(launch(row("a"), "steady"), launch(row("b"), "wrong configuration")) as supervisor:
            await until(lambda: supervisor.domains["a"].state == "stopped", "all stopped")
    assert bench.left() == []


async def test_a_critical_process_that_never_starts_ends_the_start(bench: Bench) -> None:
    with pytest.raises(StartFailed, match=r"^a does not start: it ended by itself with status 9 \(cannot go on\)"):
        async with bench.running(launch(row("a", critical=True), "crash always")) as supervisor:
            await until(lambda: supervisor.domains["a"].crashes >= 3, "tried three times")


async def test_a_critical_process_that_once_ran_is_never_given_up(bench: Bench, tmp_path: Path) -> None:
    spec = launch(row("a", critical=True), "ready, then crash")
    async with bench.running(spec) as supervisor:
        await until(lambda: supervisor.domains["a"].restarts >= 6, "started again and again")


async def test_a_start_does_not_wait_for_an_uncritical_process_that_fails(bench: Bench) -> None:
    async with bench.running(launch(row("a"), "steady"), launch(row("b"), "crash always")) as supervisor:
        await supervisor.live()
        assert supervisor.domains["a"].state == "running"
        assert not supervisor.domains["b"].live.is_set()


async def test_a_process_that_cannot_be_started_does_not_stop_the_others(bench: Bench) -> None:
    from alpenglow.platform.supervisor import Launch

    nowhere = Launch(process=row("b"), argv=["/nowhere/at/all"], environment={})
    async with bench.running(launch(row("a"), "steady"), nowhere) as supervisor:
        await until(lambda: supervisor.domains["b"].restarts >= 2, "tried again")
        await until(lambda: supervisor.domains["a"].state == "running", "the other one runs")
        assert supervisor.domains["a"].restarts == 0


async def test_a_process_deaf_to_sigterm_is_killed_in_the_end(bench: Bench) -> None:
    async with bench.running(launch(row("a"), "ignore sigterm")) as supervisor:
        await supervisor.live()
    assert bench.left() == []


async def test_a_stopped_process_can_be_ended(bench: Bench) -> None:
    async with bench.running(launch(row("a", alive_s=30.0), "steady")) as supervisor:
        await supervisor.live()
        os.kill(pid_of(supervisor, "a"), signal.SIGSTOP)
    assert bench.left() == []


async def test_children_of_a_process_end_with_it(bench: Bench) -> None:
    async with bench.running(launch(row("a"), "children")) as supervisor:
        await supervisor.live()
        first = set(bench.left())
        assert len(first) == 3
        os.kill(pid_of(supervisor, "a"), signal.SIGKILL)
        await replaced(supervisor, "a", pid_of(supervisor, "a"))
        assert not first & set(bench.left())
    assert bench.left() == []


async def test_a_held_up_supervisor_does_not_blame_its_processes(bench: Bench) -> None:
    import time

    async with bench.running(launch(row("a", alive_s=1.0), "steady")) as supervisor:
        await supervisor.live()
        old = pid_of(supervisor, "a")
        os.kill(old, signal.SIGSTOP)  # as when the whole computer sleeps: nobody beats, nobody looks
        time.sleep(2.5)
        os.kill(old, signal.SIGCONT)
        await asyncio.sleep(1.5)
        assert pid_of(supervisor, "a") == old
