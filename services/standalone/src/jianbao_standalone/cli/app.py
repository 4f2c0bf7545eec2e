"""All verbs of the `jianbao` command."""

from __future__ import annotations

import typer

from jianbao_standalone.cli import dlq, offices, topics
from jianbao_standalone.cli.demo import demo
from jianbao_standalone.cli.documents import analyze, normalize, process
from jianbao_standalone.cli.push import push
from jianbao_standalone.cli.search import search
from jianbao_standalone.cli.up import up

app = typer.Typer(
    help="Jianbao (简报): official bulletins in, clean, structured, searchable documents out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for verb in (up, push, search, normalize, process, analyze, demo):
    app.command()(verb)
app.add_typer(offices.app, name="offices")
app.add_typer(topics.app, name="topics")
app.add_typer(dlq.app, name="dlq")
