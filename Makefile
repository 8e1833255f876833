# The two commands that do everything are `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Modules are compiled when they are first imported, which most never are: a minute less to wait.
INSTALL := $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-compile

.DEFAULT_GOAL := help
.PHONY: help run test test-fast lint docs quality pictures bench lock clean

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*## /\t/' | expand -t 12

run: $(VENV)/.run ## set up, refresh from the sample rosters, say where the report is
	@$(BIN)/squaremile refresh

test: $(VENV)/.dev ## run every test
	@# Files start in the order that tests/conftest.py gives them, not those with most tests first.
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-fast: $(VENV)/.dev ## run the unit tests only, in seconds
	$(BIN)/python -m pytest -n 2 -m "not flow"

lint: $(VENV)/.dev ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.run ## generate the data dictionary and the strategy's coverage from the declared tables
	$(BIN)/python -m reports.dictionary
	$(BIN)/python -m reports.strategy_coverage

quality: $(VENV)/.dev ## score reading and matching against the labelled cases, into docs/quality.md
	$(BIN)/python tests/quality_page.py

pictures: $(VENV)/.dev ## take the pictures in docs/images of the current snapshot (needs chromium and libreoffice-calc)
	$(BIN)/python tests/pictures.py

bench: $(VENV)/.bench ## measure how fast places are found, beside what others offer
	$(BIN)/python benchmarks/geocode.py

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q \
	  pyproject.toml --group build -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q \
	  pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q \
	  pyproject.toml --group build --group bench -c requirements.lock -o requirements-bench.lock

clean: ## remove what was set up; rosters, snapshots and the archive stay
	rm -rf $(VENV) .prefect *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# A stamp for each set of packages: made once, made again when its lock changes.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "squaremile needs Python 3.11, 3.12 or 3.13; name one with make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up a virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/.python
	@echo "Installing packages, each checked against its hash. The first time takes a minute or two …"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.bench: requirements-bench.lock $(VENV)/.run
	@$(INSTALL) --require-hashes -r requirements-bench.lock
	@touch $@
