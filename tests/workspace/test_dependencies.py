"""Each member lists exactly what it imports."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = sorted(path.parent for path in [*ROOT.glob("libs/*/pyproject.toml"), *ROOT.glob("services/*/pyproject.toml")])
USED_OTHERWISE = {"text": {"jieba"}}
"""Used without an import: jieba for its word list."""

OPENTELEMETRY = {
    "opentelemetry.sdk": "opentelemetry-sdk",
    "opentelemetry.exporter.otlp": "opentelemetry-exporter-otlp-proto-http",
    "opentelemetry": "opentelemetry-api",
}


def listed(member: Path) -> set[str]:
    project = tomllib.loads((member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [dependency for extra in project.get("optional-dependencies", {}).values() for dependency in extra]
    return {re.split(r"[<>=!~ \[]", dependency)[0].lower() for dependency in [*project["dependencies"], *extras]}


def of_namespace(module: str) -> str:
    """Several distributions fill the package opentelemetry."""
    return next(name for start, name in OPENTELEMETRY.items() if module.startswith(start))


def imported(member: Path) -> set[str]:
    distributions = packages_distributions()
    found: set[str] = set()
    for path in member.rglob("src/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    names = {module.split(".")[0] for module in found} - {"opentelemetry"}
    shared = {of_namespace(module) for module in found if module.split(".")[0] == "opentelemetry"}
    own = f"jianbao_{member.name}"
    foreign = names - set(sys.stdlib_module_names) - {own, "__future__"}
    return shared | {
        (name if name.startswith("jianbao_") else distributions[name][0].lower()).replace("_", "-") for name in foreign
    }


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_a_member_lists_exactly_what_it_imports(member: Path) -> None:
    assert listed(member) - USED_OTHERWISE.get(member.name, set()) == imported(member)


def test_requirements_are_pinned_and_hashed_and_name_no_registry() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    requirements = [block for block in re.split(r"\n(?=[a-z])", text) if block.strip() and not block.startswith("#")]
    assert all("==" in block and "--hash=sha256:" in block for block in requirements)
    assert "://" not in text
    pinned = {block.split("==")[0].strip().lower() for block in requirements}
    wanted = {name for member in MEMBERS for name in listed(member) if not name.startswith("jianbao-")}
    assert wanted <= pinned
