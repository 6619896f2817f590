# Everything a contributor or CI does has its one command here.
# Nothing but Python 3.13, Node 20+ and make is presumed.
SHELL := /bin/bash
PYTHON ?= python3.13
BIN := .venv/bin
SETUP := .setup

.PHONY: help setup demo up test check lint types imports format lock bench-coldstart bench-operations bench-memory clean reliability infra-scan doctor package

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

setup: $(SETUP)/python $(SETUP)/node ## Install everything into this folder (.venv, node_modules)

$(SETUP)/python: requirements-dev.lock
	@$(PYTHON) -c 'import sys; raise SystemExit(sys.version_info[:2] != (3, 13))' 2>/dev/null || \
	  { echo "Python 3.13 is needed: 'uv python install 3.13' or 'pyenv install 3.13', then make PYTHON=/path/to/python3.13"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@mkdir -p $(SETUP) && touch $@

$(SETUP)/node: package-lock.json
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null || \
	  { echo "Node 20 or newer is needed (Azurite runs on it): https://nodejs.org"; exit 1; }
	@npm ci --silent --no-fund --no-audit
	@mkdir -p $(SETUP) && touch $@

demo: setup ## The main job for real: upload an example, watch it become the live model (ARGS=--json)
	@$(BIN)/python -m devstack demo $(ARGS)

up: setup ## Start Azurite and the studio for 'func start' (HOST=1 also runs the trigger host)
	@$(BIN)/python -m devstack up $(if $(HOST),--host) $(ARGS)

test: setup ## All tests
	@$(BIN)/python -m pytest -n auto $(ARGS)

reliability: setup ## The ten promises under faults, a table of what held: under 20 minutes (ARGS="crashes load" for some)
	@$(BIN)/python -m tests.reliability $(ARGS)

check: lint types imports ## Lint, types, arrows between the rooms, pure tests: under a minute
	@$(BIN)/python -m pytest -q -n auto -m "not azurite and not stack and not search and not processes" \
	  --ignore tests/devstack --ignore tests/reliability $(ARGS)

infra-scan: setup $(SETUP)/checkov/ready ## checkov over infra/, in an environment of its own; what it skips and why: infra/scan/checkov.yaml
	@$(SETUP)/checkov/bin/checkov --config-file infra/scan/checkov.yaml && echo "checkov has nothing to say."

$(SETUP)/checkov/ready: infra/scan/requirements.lock
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(SETUP)/checkov
	@$(BIN)/uv pip install --quiet --no-deps --require-hashes --python $(SETUP)/checkov -r $<
	@touch $@

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy

imports: setup
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

format: setup ## Format and fix what can be fixed
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: setup ## Resolve pyproject.toml anew into requirements-dev.lock and requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --group devstack --group checks --group infra --python-version 3.13 --universal \
	  --generate-hashes --no-header --no-annotate --quiet -o requirements-dev.lock
	@$(BIN)/uv pip compile pyproject.toml --constraint requirements-dev.lock --python-version 3.13 \
	  --python-platform linux --no-header --no-annotate --quiet -o requirements.txt
	@$(BIN)/uv pip compile infra/scan/requirements.in --override infra/scan/overrides.txt --python-version 3.13 --universal \
	  --generate-hashes --no-header --no-annotate --quiet -o infra/scan/requirements.lock

bench-coldstart: setup ## import function_app against import azure.functions
	@$(BIN)/python -m benchmarks.coldstart

bench-operations: setup ## The requests and storage operations of one run, beside their budget
	@$(BIN)/python -m benchmarks.operations

bench-memory: setup ## The host's peak memory while a 1 GB example is trained on by reference
	@$(BIN)/python -m benchmarks.memory

doctor: package ## All that is wrong with app, settings, storage, services and events, and what to do (ARGS="--settings FILE")
	@$(BIN)/python -m functions.retraining.check --deployed $(ARGS)

package: setup ## The zip that a deployment uploads: relearner.zip, looked over by azure-functions-doctor
	@$(BIN)/python -m devstack.package relearner.zip
	@rm -rf .devstack/package && $(BIN)/python -m zipfile -e relearner.zip .devstack/package
	@$(BIN)/azure-functions-doctor doctor --path .devstack/package --profile deploy --hosting-plan flex-consumption

clean: ## Remove what the local stack left behind
	@rm -rf .devstack local.settings.json relearner.zip
