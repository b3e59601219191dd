# `make` lists what there is to do.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# nginx is the door of a federation; where the system has none, Debian's own is unpacked into .venv.
NGINX := command -v nginx >/dev/null || test -x /usr/sbin/nginx
# A machine without a GPU that would download CUDA builds of torch names its own index:
#   make demo TORCH_INDEX=...
TORCH_INDEX ?=

.PHONY: help setup demo ui lint types layers browser postgres unit test benchmark benchmark-federation benchmark-accuracy benchmark-startup benchmark-intake benchmark-scale benchmark-rivals benchmark-speed benchmark-quick fuzz clean clean-demo

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-21s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv with everything pinned in constraints.txt

demo: $(READY) ## Do the main job: five factories train one print-defect model on real data
	@$(BIN)/pumasi demo

ui: $(READY) ## Open MLflow on what the demo made
	@$(BIN)/pumasi ui

test: browser postgres lint types layers unit ## Run lint, types, layers and tests: what CI runs

lint: $(READY) ## Run ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## Run mypy --strict
	$(BIN)/mypy

layers: $(READY) ## Check the layers with import-linter
	$(BIN)/lint-imports

browser: ## Make sure of a Chromium that the tests can look at pages with
	@infra/install-debian.sh chromium chromium fonts-noto-cjk >/dev/null

postgres: ## Make sure of a PostgreSQL for the tests of database queries
	@infra/install-debian.sh /usr/lib/postgresql/15/bin/initdb postgresql-15 >/dev/null

unit: $(READY) browser postgres ## Run pytest, two files at a time
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

benchmark: benchmark-speed benchmark-scale benchmark-rivals benchmark-federation ## Measure speed, scale, rivals and the federation (forty minutes); writes RESULTS.md

benchmark-federation: $(READY) ## Measure the federation beside stock Flower and NVIDIA FLARE (fifteen minutes); writes RESULTS.md
	$(BIN)/python tests/benchmarks/federation.py --all

benchmark-accuracy: $(READY) ## Measure how good the shared model is (`dvc repro`); writes RESULTS.md
	DVC_NO_ANALYTICS=1 DO_NOT_TRACK=1 $(BIN)/dvc repro

benchmark-startup: $(READY) ## Measure what starting a Prefect flow costs, beside Prefect's own way
	$(BIN)/python tests/benchmarks/startup.py

benchmark-intake: $(READY) ## Measure how well and how fast files are understood (some minutes); writes INTAKE.md
	PYTHONPATH=. $(BIN)/python tests/benchmarks/intake.py

benchmark-scale: $(READY) ## Measure 5 to 500 members, 10^3 to 10^6 rows, 25 kB to 100 MB in one process (eight minutes)
	$(BIN)/python tests/benchmarks/scale.py

benchmark-rivals: $(READY) ## Measure one process beside Flower's and FLARE's simulators, POC and OpenFL (ten minutes)
	$(BIN)/python tests/benchmarks/side_by_side.py

benchmark-speed: $(READY) ## Measure a round in one process beside a loop by hand (five minutes); writes RESULTS.md
	$(BIN)/python tests/benchmarks/speed.py

benchmark-quick: $(READY) ## Hold a few ratios against the stored ones (two minutes); fails when one slips by a quarter
	PYTHONPATH=. $(BIN)/python tests/benchmarks/quick.py

fuzz: $(READY) ## Mutate files of every format for five minutes and read them: no crash, no hang (FUZZ='--seconds 60 --seed 7')
	PYTHONPATH=. $(BIN)/python tests/fuzz/readers.py $(or $(FUZZ),--seconds 300)

clean: ## Remove .venv and the caches of the tools; no data, no model
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -path ./.pumasi -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

clean-demo: ## Remove .pumasi with all its members, runs and models: says what and asks first
	@test -d .pumasi || { echo "There is no .pumasi here."; exit 1; }
	@echo "This removes $(CURDIR)/.pumasi for good:"; du -sh .pumasi/* | sed 's/^/  /'
	@echo "Members whose data are in it:"; ls .pumasi/members 2>/dev/null | sed 's/^/  /'
	@read -r -p "Type yes to remove it: " answer; test "$$answer" = yes || { echo "Nothing was removed."; exit 1; }
	rm -rf .pumasi

$(READY): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Pumasi needs Python 3.11 as '$(PYTHON)'; elsewhere: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (some minutes the first time)"
	$(if $(TORCH_INDEX),@$(BIN)/python -m pip install --quiet -c constraints.txt --index-url $(TORCH_INDEX) torch)
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[association,dev]'
	@$(NGINX) || infra/nginx/fetch-debian.sh $(VENV)/nginx >/dev/null || echo "No nginx: all but 'pumasi federation' and 'pumasi sandbox' works; install nginx for them."
	@touch $(READY)
