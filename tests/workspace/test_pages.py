"""The pages for those who change something: everything they name is there, and the index names every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jianbao_standalone.cli.verbs import TABLE

TEXTS = ("CONTRIBUTING.md", "docs/recipes/new-stage.md")
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
TOP_FOLDERS = ("libs", "services", "tests", "docs", "seeds", "bench", "deploy")
FILE = re.compile(r"[\w/.-]+\.(?:py|tsv|txt|json|md|toml|jsonl)")
MADE_BY_COMMANDS = ("BulletinDigest.json", "after.jsonl", "score_extraction.py")
"""Named in commands, and not of this repository: what a command writes, and what scores against the gold files."""
MADE = re.compile(r"<!-- file: (\S+) -->")


def text(root: Path, name: str) -> str:
    return (root / name).read_text("utf-8")


def named_paths(words: str) -> Iterator[str]:
    """What in backquotes looks like a path from the root: not a placeholder such as libs/<member>."""
    for code in CODE.findall(FENCE.sub("", words)):
        for word in code.split():
            if word.split("/")[0] in TOP_FOLDERS and "/" in word and not re.search(r"[<…{]", word):
                yield word.split("::")[0].rstrip(",;")


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_that_is_named_exists(root: Path, name: str) -> None:
    words = text(root, name)
    made = {path for path in MADE.findall(words) if not (root / path).exists()}
    missing = [path for path in named_paths(words) if path not in made and not list(root.glob(path))]
    assert missing == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_file_that_is_named_without_its_folder_exists(root: Path, name: str) -> None:
    there = {path.name for folder in TOP_FOLDERS for path in (root / folder).rglob("*.*")} | set(MADE_BY_COMMANDS)
    words = [word for code in CODE.findall(FENCE.sub("", text(root, name))) for word in code.split()]
    named = {word.rstrip(",;").split("/")[-1] for word in words if FILE.fullmatch(word.rstrip(",;"))}
    made = {Path(path).name for path in MADE.findall(text(root, name))}
    assert named - there - made == set()


@pytest.mark.parametrize("name", [*TEXTS, "docs/README.md"])
def test_every_link_leads_somewhere(root: Path, name: str) -> None:
    linked = [link for link in LINK.findall(FENCE.sub("", text(root, name))) if "://" not in link]
    assert linked
    assert [link for link in linked if not ((root / name).parent / link).exists()] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_that_is_named_exists(root: Path, name: str) -> None:
    words = text(root, name)
    verbs_of_make = set(re.findall(r"^([a-z-]+):.*## ", text(root, "Makefile"), re.MULTILINE))
    told_make = {verb for run in re.findall(r"`make ([a-z -]+)", words) for verb in run.split()}
    told = set(re.findall(r"^jianbao ([a-z]+)|`(?:\.venv/bin/)?jianbao ([a-z]+)", words, re.MULTILINE))
    verbs = {one or other for one, other in told}
    assert told_make
    assert told_make <= verbs_of_make
    assert verbs <= set(TABLE)
    modules = re.findall(r"python -m (jianbao_[a-z_.]+)", FENCE.sub("", words))
    assert [module for module in modules if not found(root, module)] == []


def found(root: Path, module: str) -> bool:
    path = module.replace(".", "/")
    made = set(MADE.findall(text(root, TEXTS[1])))
    places = [*root.glob(f"*/*/src/{path}.py"), *root.glob(f"*/*/src/{path}/__main__.py")]
    return bool(places) or any(f"src/{path}/__main__.py" in one for one in made)


def test_the_index_of_pages_names_each_page_once(root: Path) -> None:
    docs = root / "docs"
    pages = {str(path.relative_to(docs)) for path in docs.rglob("*.md")} - {"README.md"}
    rows = re.findall(r"^\| \[[^\]]+\]\(([^)]+)\) \| \S.*\|$", text(root, "docs/README.md"), re.MULTILINE)
    assert sorted(row for row in rows if not row.startswith("../")) == sorted(pages)
