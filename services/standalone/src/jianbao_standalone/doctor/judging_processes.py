"""What the processes of a data folder being there, or not, means. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jianbao_standalone.doctor.findings import Finding, note, ok, problem
from jianbao_standalone.doctor.words import size, span

CHECK = "processes"


@dataclass(frozen=True, slots=True)
class Seen:
    """One process: `pid` None where none of its name lives. Ages in seconds, memory in bytes, None where unknown."""

    name: str
    pid: int | None
    up_s: float | None = None
    memory: int | None = None
    stopped: bool = False
    answers: bool = True
    waits_for: str | None = None
    older_program: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """All processes of a folder, the supervisor apart; `restarts` by process, as the supervisor counted them."""

    data: str
    supervisor: Seen
    children: Sequence[Seen]
    restarts: Mapping[str, int]
    ended_well: bool


def judge(scene: Scene) -> Iterator[Finding]:
    """Yield what there is to say."""
    alive = [child for child in scene.children if child.pid is not None]
    if scene.supervisor.pid is None:
        yield from _unsupervised(scene, alive)
        return
    yield from _one(scene, scene.supervisor)
    for child in scene.children:
        yield from _one(scene, child)


def _unsupervised(scene: Scene, alive: Sequence[Seen]) -> Iterator[Finding]:
    start = f"jianbao up --data {scene.data}"
    if alive:
        pids = " ".join(str(child.pid) for child in alive)
        yield problem(
            CHECK,
            f"{', '.join(child.name for child in alive)} run without a supervisor",
            "nobody restarts them when they die, and the others do not run: bulletins stay where they are",
            f"kill -CONT {pids}; kill {pids}; {start}",
        )
    elif scene.ended_well:
        yield note(CHECK, "nothing runs", "it was stopped in order; offices cannot push, nobody can search", start)
    else:
        yield problem(
            CHECK,
            "nothing runs, and it was not stopped in order",
            "it was killed, or the machine went down; nothing that was acknowledged is lost",
            f"tail -n 20 {scene.data}/logs/supervisor.log; {start}",
        )


def _one(scene: Scene, seen: Seen) -> Iterator[Finding]:
    log = f"tail -n 20 {scene.data}/logs/{seen.name}.log"
    if seen.pid is None:
        yield problem(
            CHECK,
            f"{seen.name} does not run",
            "the supervisor starts it again, ever more slowly while it keeps dying; its log says why it ended",
            log,
        )
        return
    if seen.stopped:
        yield problem(
            CHECK,
            f"{seen.name} (process {seen.pid}) is stopped by a signal (SIGSTOP or a debugger)",
            "it does nothing until it is woken; a supervisor kills and restarts a service after some seconds",
            f"kill -CONT {seen.pid}",
        )
        return
    if not seen.answers:
        yield problem(
            CHECK,
            f"{seen.name} (process {seen.pid}) does not answer",
            "it is starting or hangs; a supervisor kills and restarts a service that hangs",
            f"sleep 15; jianbao doctor --data {scene.data}; {log}",
        )
        return
    if seen.waits_for:
        yield problem(
            CHECK,
            f"{seen.name} waits: {seen.waits_for}",
            "it tries again by itself, and nothing is lost; it goes on once the cause is gone",
            log,
        )
    if seen.older_program:
        yield problem(
            CHECK,
            f"{seen.name} (process {seen.pid}) was started before this program was installed",
            "it still runs the version from before the upgrade",
            f"stop `jianbao up` (Ctrl-C, or kill {scene.supervisor.pid}), then: jianbao up --data {scene.data}",
        )
    yield ok(CHECK, _well(seen, scene.restarts.get(seen.name, 0)))


def _well(seen: Seen, restarts: int) -> str:
    facts = [f"process {seen.pid}"]
    if seen.up_s is not None:
        facts.append(f"up {span(seen.up_s)}")
    if seen.memory is not None:
        facts.append(size(seen.memory))
    if restarts:
        facts.append(f"restarted {restarts} times")
    return f"{seen.name} answers ({', '.join(facts)})"
