# The verbs of this project; bare `make` lists them. Needs Python >= 3.11 and make; everything else goes into .venv.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
MEMBERS := $(patsubst %/pyproject.toml,%,$(wildcard libs/*/pyproject.toml services/*/pyproject.toml))
PACKAGES := $(addprefix -p jianbao_,$(notdir $(MEMBERS)))
DATA ?= data
ONCE ?=
SEED ?= 1
BENCH_DATA ?= data-bench
bench-growth: N ?= 10000
ENGINE ?= sqlite
OUTAGE ?= 60
PAIRS ?= 200
chaos: N ?= 3000

.PHONY: help setup run test lint types arch schemas lock ci clean bench-growth bench-start bench-path bench-paired chaos chaos-pairs

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1	/' | expand -t 14

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
	@$(BIN)/python -m mypy $(PACKAGES) -p bench

arch: setup ## directions of dependencies
	@$(BIN)/lint-imports

schemas: setup ## write the JSON Schemas anew from the models
	@$(BIN)/python -m jianbao_contracts.schemas

lock: setup ## pin the newest versions that fit, with hashes, in requirements.txt
	@$(BIN)/uv lock --quiet --upgrade
	@$(BIN)/uv export --quiet --all-packages --no-emit-workspace --no-annotate --no-header --format requirements.txt -o requirements.txt
	@rm -f uv.lock

chaos: setup ## pushes and faults at random, judged by an oracle of its own (ENGINE=sqlite SEED=1 N=3000 OUTAGE=60)
	@PYTHONPATH=tests/chaos $(BIN)/python -m chaos run --engine $(ENGINE) --seed $(SEED) --n $(N) --outage $(OUTAGE)

chaos-pairs: setup ## near copies pushed at one moment while normalize is killed (ENGINE=sqlite SEED=1 PAIRS=200)
	@PYTHONPATH=tests/chaos $(BIN)/python -m chaos pairs --engine $(ENGINE) --seed $(SEED) --pairs $(PAIRS)

ci: ## what decides whether a change lands
	@bash .ci/run

bench-growth: setup ## does a bulletin cost the same however many are stored? (N=10000 SEED=1 BENCH_DATA=folder, kept)
	@$(BIN)/python -m bench.growth --bulletins $(N) --seed $(SEED) --data "$(BENCH_DATA)"

bench-paired: setup ## cost of a bulletin beside few stored and beside many, in turns (after bench-growth, over its BENCH_DATA)
	@$(BIN)/python -m bench.paired --few "$(BENCH_DATA)-few" --many "$(BENCH_DATA)"

bench-start: setup ## how long until `jianbao up` is ready and commands answer (BENCH_DATA: a folder that bench-growth filled)
	@$(BIN)/python -m bench.start $(if $(wildcard $(BENCH_DATA)),--data "$(BENCH_DATA)")

bench-path: setup ## from a push to searchable when idle, and bulletins a second at full speed
	@$(BIN)/python -m bench.path --seed $(SEED)

clean: ## remove .venv; bulletins and keys in data/ stay
	@rm -rf .venv
