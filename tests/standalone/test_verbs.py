"""The command line answers at once, and its help says what it means to say."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.text import Text

from jianbao_standalone.cli.verbs import TABLE, load

HEAVY = {"httpx", "fastapi", "tantivy", "opencc", "numpy", "apsw", "uvicorn", "jieba"}

OF_TYPER = {"pydantic"}
"""Imported by typer for the options of a verb, never for the list of verbs."""

SHOW_MODULES = """
import sys
from jianbao_standalone.cli.app import app
try:
    app(sys.argv[1:], prog_name="jianbao")
finally:
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["topics", "--help"], []], ids=" ".join)
def test_help_comes_at_once_and_imports_nothing_heavy(arguments: list[str]) -> None:
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", SHOW_MODULES, *arguments], capture_output=True, text=True, timeout=60)
    took = time.monotonic() - began
    assert "Usage: jianbao" in done.stdout
    unwanted = HEAVY if "topics" in arguments else HEAVY | OF_TYPER
    assert not unwanted & set(done.stderr.split())
    assert took < 3.0  # 0.2 to 0.3 s on two idle cores; what is imported is what takes long


def told(verb: str) -> str:
    """What the verb's own docstring, or that of its group, says first."""
    module, _, name = TABLE[verb][0].partition(":")
    found = getattr(import_module(module), name)
    help_text = found.info.help if isinstance(found, typer.Typer) else inspect.getdoc(found)
    return " ".join(help_text.split("\n\n")[0].split())


@pytest.mark.parametrize("verb", sorted(TABLE))
def test_the_line_in_the_table_is_what_the_verb_says_of_itself(verb: str) -> None:
    assert TABLE[verb][1] == told(verb)


def commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{path} {name}")


@pytest.mark.parametrize("verb", sorted(TABLE))
def test_no_help_text_loses_its_brackets_to_markup(verb: str) -> None:
    for path, command in commands(load(verb), verb):
        for text in (command.help, *(getattr(parameter, "help", None) for parameter in command.params)):
            assert text is None or Text.from_markup(text).plain == text, path


def test_ports_that_follow_from_what_is_free_are_told() -> None:
    line = [sys.executable, "-m", "jianbao_standalone", "up", "--help"]
    wide = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, env=wide)
    assert "8400, or any free one" in " ".join(done.stdout.split())


@pytest.mark.parametrize("option", ["--ingest-port", "--search-port"])
@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_is_none_is_wrong_usage(option: str, port: str) -> None:
    line = [sys.executable, "-m", "jianbao_standalone", "up", option, port]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert option in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_in_the_place_of_the_data_folder_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    line = [sys.executable, "-m", "jianbao_standalone", "up", "--data", str(tmp_path / "file")]
    line += ["--ingest-port", "0", "--search-port", "0"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "is a file and no folder; give the path of a folder" in done.stderr


def test_a_mistyped_verb_is_answered_with_the_nearest_one() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jianbao_standalone", "topcs"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "Did you mean 'topics'?" in done.stderr
