# `make help` lists the targets. Needs Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST ?= $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help run setup test test-full lint bench bench-full screenshots docs lock clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Start Breather (the sandbox when no DISCORD_TOKEN is set)
	@$(BIN)/python -m bot start

setup: $(VENV)/dev.stamp ## Install everything for development, start nothing

test: $(VENV)/dev.stamp ## Run every test on SQLite and PostgreSQL
	@$(PYTEST) -n 3 --dist worksteal -m "not alone" && $(PYTEST) -m alone

test-full: $(VENV)/dev.stamp ## The same with the full sizes of the crash and load tests
	@BREATHER_TEST_SIZE=full $(PYTEST) -n 3 --dist worksteal -m "not alone" && BREATHER_TEST_SIZE=full $(PYTEST) -m alone -s

lint: $(VENV)/dev.stamp ## Style, types and architecture
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: $(VENV)/dev.stamp ## Print each bar beside its floor, measured in one run
	@$(BIN)/python -m tests.benchmarks

bench-full: $(VENV)/dev.stamp ## The same with 10,000 posts
	@$(BIN)/python -m tests.benchmarks --full

screenshots: $(VENV)/dev.stamp ## Drive the sandbox in Chromium and renew the pictures in docs/images
	@$(BIN)/python -m tests.screenshots

docs: $(VENV)/dev.stamp ## Renew the generated tables in the documents
	@$(BIN)/python -m tests.generate_docs

lock: ## Renew the lock files (needs uv)
	@set -e; for name in base run dev; do \
	  case $$name in base) extras="--extra postgres";; run) extras="--extra postgres --extra sandbox";; dev) extras="--all-extras";; esac; \
	  uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url $$extras pyproject.toml -o requirements/$$name.txt; done

clean: ## Remove the virtual environment and caches (never var/)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Breather needs Python 3.11, 3.12 or 3.13; make PYTHON=python3.12 ... names another one.")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt | $(BIN)/python
	@test -f $(VENV)/dev.stamp && test $(VENV)/dev.stamp -nt requirements/run.txt || \
	  { echo "Installing what Breather needs into $(VENV) (once)."; \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt; }
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(BIN)/python
	@echo "Installing the development tools into $(VENV) (once)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@
