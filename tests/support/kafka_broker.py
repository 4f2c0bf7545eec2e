"""A real Kafka broker for tests: the one named in the environment, else one from Maven's artifacts, else a container.

Start by hand: `python tests/support/kafka_broker.py` serves until Ctrl-C and prints its address.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fetched import fetched

POM = Path(__file__).parent / "servers" / "kafka-pom.xml"
ADDRESS = "JIANBAO_TEST_KAFKA"
"""Environment variable: use the broker at this address and start none."""

CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg"
START_S = 60.0
STOP_S = 15.0
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)

PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=2
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
group.consumer.min.session.timeout.ms=3000
group.consumer.session.timeout.ms=6000
group.consumer.min.heartbeat.interval.ms=500
group.consumer.heartbeat.interval.ms=500
transaction.abort.timed.out.transaction.cleanup.interval.ms=500
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
message.max.bytes=8388608
replica.fetch.max.bytes=8388608
log.cleaner.dedupe.buffer.size=2097152
log.cleaner.backoff.ms=1000
log.index.size.max.bytes=1048576
"""
"""Production keeps Kafka's default timeouts; these let a test see a failure within seconds."""


@dataclass
class Broker:
    """A broker that runs over `folder`; it can be killed and started again on its data."""

    folder: Path
    jars: Path
    port: int
    controller: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the broker and return once it accepts connections."""
        properties = self.folder / "server.properties"
        if not properties.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            told = PROPERTIES.format(port=self.port, controller=self.controller, data=self.folder / "data")
            properties.write_text(told, encoding="utf-8")
            tool = ["kafka.tools.StorageTool", "format", "--ignore-formatted", "-t", CLUSTER_ID, "-c", str(properties)]
            subprocess.run([*self._java("128m"), *tool], check=True, capture_output=True)
        with (self.folder / "server.log").open("ab") as output:
            self.process = subprocess.Popen(
                [*self._java("384m"), "kafka.Kafka", str(properties)],
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        _until(self._answers, f"Kafka to answer on {self.address}; see {self.folder / 'server.log'}")

    def kill(self) -> None:
        """As a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        if not self.process:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _java(self, heap: str) -> list[str]:
        log = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
        return ["java", f"-Xmx{heap}", "-XX:+UseSerialGC", log, "-cp", f"{self.jars}/*"]

    def _answers(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError(f"Kafka ended while it started; see {self.folder / 'server.log'}")
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


USED: list[str] = []
"""What a run used, for its summary."""


@contextmanager
def kafka(folder: Path) -> Iterator[tuple[str, Broker | None]]:
    """Yield the address of a broker, and the broker where it is ours to kill. Raises RuntimeError where none can be had."""
    if address := os.environ.get(ADDRESS):
        USED.append(f"Kafka at {address}, from {ADDRESS}")
        yield address, None
        return
    if shutil.which("java") and shutil.which("mvn"):
        broker = Broker(folder, kafka_jars(), *free_ports(2))
        atexit.register(broker.stop)
        broker.start()
        USED.append(f"Kafka 4.3.1 from Maven's artifacts, on {broker.address}")
        try:
            yield broker.address, broker
        finally:
            broker.stop()
        return
    if subprocess.run(["docker", "info"], capture_output=True).returncode == 0:
        from testcontainers.kafka import KafkaContainer

        with KafkaContainer("apache/kafka:4.3.1") as container:
            USED.append("Kafka 4.3.1 in a container")
            yield container.get_bootstrap_server(), None
        return
    raise RuntimeError(f"no Kafka to test with: set {ADDRESS}, or install java and mvn, or start a Docker engine")


def kafka_jars() -> Path:
    """Return the folder of a broker's jars, fetched once for a pom."""

    def fetch(into: Path) -> None:
        goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
        options = ["-DincludeScope=runtime", f"-DoutputDirectory={into}"]
        subprocess.run(["mvn", "-B", "-ntp", "-q", "-f", str(POM), goal, *options], check=True)

    return fetched("kafka", POM.read_bytes(), fetch)


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _until(look: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_S
    while not look():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {START_S:.0f} s for {what}")
        time.sleep(0.05)


def _die_with_parent() -> None:
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    with kafka(Path(sys.argv[1] if len(sys.argv) > 1 else "data-kafka").resolve()) as (where, _):
        print(where, flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
