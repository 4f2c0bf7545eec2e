# The verbs of this project; bare `make` lists them. Needs Python >= 3.11 and make; everything else goes into .venv.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
MEMBERS := $(patsubst %/pyproject.toml,%,$(wildcard libs/*/pyproject.toml services/*/pyproject.toml))
PACKAGES := $(addprefix -p jianbao_,$(notdir $(MEMBERS)))
DATA ?= data
ONCE ?=

.PHONY: help setup run test lint types arch schemas lock ci clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1	/' | expand -t 12

setup: .venv/.ready ## install what is missing into .venv

.venv/.ready: requirements.txt pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS))
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; give another one: make PYTHON=python3.12")'
	@echo "setting up .venv (once, about a minute)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation $(addprefix -e ,$(MEMBERS))
	@touch .venv/.ready

run: setup ## start everything, push seeds/, show what became of it, serve until Ctrl-C (ONCE=1: stop after the report)
	@$(BIN)/python -m jianbao_standalone demo seeds/manifest.json --data "$(DATA)" $(if $(ONCE),--once)

test: setup ## run all tests
	@$(BIN)/python -m pytest

lint: setup ## style of the code
	@$(BIN)/python -m ruff check --output-format concise .
	@$(BIN)/python -m ruff format --check --quiet .

types: setup ## types, strict
	@$(BIN)/python -m mypy $(PACKAGES)

arch: setup ## directions of dependencies
	@$(BIN)/lint-imports

schemas: setup ## write the JSON Schemas anew from the models
	@$(BIN)/python -m jianbao_contracts.schemas

lock: setup ## pin the newest versions that fit, with hashes, in requirements.txt
	@$(BIN)/uv lock --quiet --upgrade
	@$(BIN)/uv export --quiet --all-packages --no-emit-workspace --no-annotate --no-header --format requirements.txt -o requirements.txt
	@rm -f uv.lock

ci: ## what decides whether a change lands
	@bash .ci/run

clean: ## remove .venv; bulletins and keys in data/ stay
	@rm -rf .venv
