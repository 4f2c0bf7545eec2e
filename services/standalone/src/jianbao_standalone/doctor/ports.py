"""Looking whether the addresses that people know belong to Jianbao."""

from __future__ import annotations

from collections.abc import Iterator

from jianbao_standalone.addresses import is_free, is_ours, last_address
from jianbao_standalone.doctor.examination import Patient
from jianbao_standalone.doctor.findings import Finding, note, ok, problem
from jianbao_standalone.doctor.processes import is_served
from jianbao_standalone.supervisor.port_owner import owner_of
from jianbao_standalone.supervisor.processes import INGEST_API, SEARCH_API


def check_ports(patient: Patient) -> Iterator[Finding]:
    """Look who listens where offices push and readers search."""
    served = is_served(patient.data)
    for name in (INGEST_API, SEARCH_API):
        address = last_address(patient.data, name)
        if address is None:
            continue
        if is_ours(address.pid):
            yield ok("ports", f"{name} listens on {address.url}")
        elif not is_free(address.port):
            yield _taken(name, address.port, served=served, data=str(patient.data))


def _taken(name: str, port: int, *, served: bool, data: str) -> Finding:
    owner = owner_of(port)
    if served:
        return problem(
            "ports",
            f"port {port} of {name} was taken by {owner}",
            f"{name} starts by itself once that program has ended; until then offices or readers reach the wrong one",
            f"end {owner}, or stop Jianbao and start it with other ports: jianbao up --data {data} --ingest-port 0",
        )
    return note(
        "ports",
        f"port {port}, where {name} was last, belongs to {owner} now",
        "the next start takes another port, and tells which",
        f"jianbao up --data {data}",
    )
