"""Every metric of every process. To add one: declare it here, make it where it is counted, and print the page anew:
`python -m jianbao_streaming.metrics > docs/operators/metrics.md`.
"""

from __future__ import annotations

from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from jianbao_streaming.metrics.metric import Metric

STAGES = ("normalize", "extract", "search-indexer", "ingest-receipts")
INGEST = ("ingest-api",)
SEARCH = ("search-api",)
SUPERVISOR = ("supervisor",)
APIS = (*INGEST, *SEARCH)

RECORDS = Metric(
    kind=Counter,
    name="jianbao_records",
    unit="records",
    labels=("stage", "outcome"),
    processes=STAGES,
    tells="Records by what became of them: emitted, skipped, dead_letter.",
    act="Dead letters rising: look at jianbao_reasons_total for the code, then at `jianbao dlq list`.",
)
REASONS = Metric(
    kind=Counter,
    name="jianbao_reasons",
    unit="records",
    labels=("stage", "reason"),
    processes=STAGES,
    tells="Skips and dead letters by reason: what offices send us.",
    act="internal_error is a bug: mend it, then `jianbao dlq replay`. Other codes: tell the office that sends so much of it.",
)
TRANSIENT_ERRORS = Metric(
    kind=Counter,
    name="jianbao_transient_errors",
    unit="tries",
    labels=("stage",),
    processes=STAGES,
    tells="Batches tried again in place because a disk or server was away; nothing is lost meanwhile.",
    act="Rising for more than a minute: `jianbao topics status` tells the error; free the disk or bring the server back.",
)
BATCH_SECONDS = Metric(
    kind=Histogram,
    name="jianbao_batch_seconds",
    unit="seconds",
    labels=("stage",),
    processes=STAGES,
    tells="Time from the first record of a batch in hand to its commit: what a bulletin waits here at least.",
    act="Growing while records per batch do not: the disk or the processor is short; see process_cpu_seconds_total.",
)
LAG_RECORDS = Metric(
    kind=Gauge,
    name="jianbao_lag_records",
    unit="records",
    labels=("stage",),
    processes=STAGES,
    tells="Records waiting before this stage: grows while it is too slow or down.",
    act="Growing for minutes: look at jianbao_transient_errors_total and the stage's log, then at the load of the machine.",
)
LAG_SECONDS = Metric(
    kind=Gauge,
    name="jianbao_lag_seconds",
    unit="seconds",
    labels=("stage",),
    processes=STAGES,
    tells="For how long the oldest record before this stage has been waiting; 0 when nothing waits.",
    act="The one to alert on: beyond a minute offices wait for their receipts. Act as for jianbao_lag_records.",
)
ACTIVE = Metric(
    kind=Gauge,
    name="jianbao_active",
    unit="0 or 1",
    labels=("stage",),
    processes=STAGES,
    tells="1 where this process handles records, 0 where it stands by for another one.",
    act="0 on all processes of a stage: nobody handles its records; `jianbao topics status` tells whether one runs.",
)

INGEST_ACCEPTED = Metric(
    kind=Counter,
    name="jianbao_ingest_accepted",
    unit="pushes",
    labels=("operation", "lane"),
    processes=INGEST,
    tells="Pushes that the log holds and that were answered so, by operation and lane.",
    act="Silent on a working day: ask whether offices still reach the address.",
)
INGEST_REFUSED = Metric(
    kind=Counter,
    name="jianbao_ingest_refused",
    unit="answers",
    labels=("code",),
    processes=INGEST,
    tells="Requests and batch items answered with a problem, by its code.",
    act="log_unavailable: the disk is full or stuck, see the log of ingest-api. Other codes are a client's mistakes.",
)
INGEST_PAYLOADS = Metric(
    kind=Counter,
    name="jianbao_ingest_payloads",
    unit="pushes",
    processes=INGEST,
    tells="Pushes whose content went to the payload store because their event would be too large for the log.",
    act="Plan the disk by it: these are the large files.",
)
INGEST_APPEND_SECONDS = Metric(
    kind=Histogram,
    name="jianbao_ingest_append_seconds",
    unit="seconds",
    processes=INGEST,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
    tells="Time of one append to the log, its sync included.",
    act="Above 0.25: the disk is slow or shared; above 5 pushes are answered 503.",
)
INGEST_APPEND_RECORDS = Metric(
    kind=Histogram,
    name="jianbao_ingest_append_records",
    unit="records",
    processes=INGEST,
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
    tells="Records that shared one append.",
    act="Large groups mean many offices at once or a slow disk; compare with jianbao_ingest_append_seconds.",
)

SEARCH_REQUESTS = Metric(
    kind=Counter,
    name="jianbao_search_requests",
    unit="requests",
    labels=("route", "status"),
    processes=SEARCH,
    tells="Requests by route and status: 503 while the index is rebuilt, 400 where a client builds bad queries.",
    act="500 is a bug: the log of search-api has its traceback. 503 for minutes: look at the log of search-indexer.",
)
SEARCH_SECONDS = Metric(
    kind=Histogram,
    name="jianbao_search_seconds",
    unit="seconds",
    labels=("route",),
    processes=SEARCH,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    tells="Time to answer, by route: what a reader waits.",
    act="Growing with the number of bulletins: give the machine memory enough to keep the index in its page cache.",
)

HTTP_CONNECTIONS = Metric(
    kind=Gauge,
    name="jianbao_http_connections",
    unit="connections",
    processes=APIS,
    tells="Connections that clients hold open now.",
    act="Near JIANBAO_MOST_CONNECTIONS: raise that (and ulimit -n), or find the client that opens so many.",
)
HTTP_REFUSED = Metric(
    kind=Counter,
    name="jianbao_http_refused",
    unit="connections",
    labels=("code",),
    processes=APIS,
    tells="Requests that the HTTP server ended by itself, before the application saw them as a whole, by code.",
    act="too_many_connections, slow_head: somebody holds connections and sends nothing. bad_request: a scanner or TLS.",
)

SUPERVISOR_ENDS = Metric(
    kind=Counter,
    name="jianbao_process_ends",
    unit="ends",
    labels=("process", "cause"),
    processes=SUPERVISOR,
    tells="Ends of processes that were started again, by cause: exit, signal, system (out of memory), and killed by the "
    "supervisor as silent, stopped or memory.",
    act="Rising: DATA/logs/supervisor.log says why each ended. memory or system: look for a record that is too much.",
)
SUPERVISOR_MEMORY = Metric(
    kind=Gauge,
    name="jianbao_process_memory_bytes",
    unit="bytes",
    labels=("process",),
    processes=SUPERVISOR,
    tells="Memory that a process holds for itself, without pages of files.",
    act="Near the limit (`jianbao up --memory-limit`) the process is killed and started again.",
)
SUPERVISOR_FREE = Metric(
    kind=Gauge,
    name="jianbao_disk_free_bytes",
    unit="bytes",
    processes=SUPERVISOR,
    tells="Room left on the disk of the data folder.",
    act="Below 1 GiB: free some, or move the folder. At 0 pushes are answered 503 and everything waits.",
)
SUPERVISOR_CLOCK_JUMPS = Metric(
    kind=Counter,
    name="jianbao_clock_jumps",
    unit="jumps",
    labels=("way",),
    processes=SUPERVISOR,
    tells="Jumps of the machine's clock by more than a minute, forward or back.",
    act="Any: let a time service set the clock. Receipts show what it showed.",
)

AUDIT_DIFFERENCE = Metric(
    kind=Gauge,
    name="jianbao_audit_difference",
    unit="pushes",
    labels=("office",),
    processes=SUPERVISOR,
    tells="Accepted pushes that the last audit found in none of the ten states (or in two), by office. 0 is right.",
    act="Not 0: `jianbao audit --office NAME` names them, `--repair` has them handled again.",
)
AUDIT_DRIFT = Metric(
    kind=Gauge,
    name="jianbao_audit_drift",
    unit="differences",
    labels=("kind",),
    processes=SUPERVISOR,
    tells="What differed at the last audit, by kind: missing, stale, incomplete, ghost, lost, twice, missing_receipt, "
    "wrong_receipt.",
    act="Not 0: `jianbao audit` says what, `jianbao audit --repair` has it mended; if it comes back, look for the cause.",
)
AUDIT_FINISHED = Metric(
    kind=Gauge,
    name="jianbao_audit_finished_seconds",
    unit="seconds",
    processes=SUPERVISOR,
    tells="When the last audit was finished, in seconds since 1970.",
    act="Older than two periods (JIANBAO_AUDIT_PERIOD): DATA/logs/supervisor.log says why audits could not be made.",
)

DECLARED: tuple[Metric[Any], ...] = tuple(found for found in list(globals().values()) if isinstance(found, Metric))
"""All of them, in the order of this module."""
