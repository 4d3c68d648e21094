SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
DEMO := var/demo
TRAINING := var/training
PIXELS := scan,degraded,photo,tiff,fax
samples = test -f $(TRAINING)/$(1)/truth.jsonl || $(BIN)/python -m samples.generate $(TRAINING)/$(1) $(2) --workers 2
CUT_OFF := truncated-fr.pdf
MINUTES := 10
# Three on two cores: a third of the time a test waits, for a disk, a clock or a browser.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder

export OMP_THREAD_LIMIT := 1

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1#\2/p' $(MAKEFILE_LIST) | column -t -s '#'

.PHONY: setup
setup: .venv/.installed ## Install all that is missing: Debian packages and a Python environment in .venv

.venv/.system: .ci/system-packages
	.ci/system-packages
	@mkdir -p $(@D) && touch $@

.venv/.installed: .venv/.system requirements.lock pyproject.toml
	test -x $(BIN)/python || "$$(.ci/find-python)" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: demo
demo: setup ## Run a drop folder of sample invoices through the flow, show the summary and write the HTML report
	rm -rf $(DEMO) && mkdir -p $(DEMO)/inbox
	find samples/set -type f ! -name '*.jsonl' -exec cp {} $(DEMO)/inbox/ \;
	@# One sample is cut off on purpose: that one is rejected and nothing else, and so exit code 1 is expected.
	status=0; BACKOFFICE_SETTLE_SECONDS=1 BACKOFFICE_INCOMPLETE_AFTER_SECONDS=2 \
		$(BIN)/backoffice batch --home $(DEMO) --out $(DEMO)/invoices.jsonl || status=$$?; \
	rejected="$$(sed -n 's/^{"file": "\([^"]*\)", "decision": "rejected".*/\1/p' $(DEMO)/invoices.jsonl)"; \
	failed="$$(sed -n '/"code": "reader-/s/^{"file": "\([^"]*\)".*/\1/p' $(DEMO)/invoices.jsonl)"; \
	[ "$$status:$$rejected:$$failed" = "1:$(CUT_OFF):" ] \
		|| { echo "Exit code $$status, rejected: $$rejected, not read: $$failed" >&2; exit 1; }
	$(BIN)/backoffice report --home $(DEMO) --html $(DEMO)/report.html

.PHONY: test
test: setup ## Run the tests
	$(PYTEST) -m "not real"

.PHONY: test-all
test-all: test ## Run the tests, then those that need heavy real targets
	$(PYTEST) -m real

.PHONY: check
check: setup ## Lint, types, import directions, schemas and lock up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m schemas.export --check
	$(BIN)/python -m pytest tests/test_lock.py

.PHONY: fix
fix: setup ## Mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: setup ## Measure CPU time against bare Tesseract
	$(BIN)/python -m tests.bench

.PHONY: fuzz
fuzz: setup ## Fuzz the parsers, coverage-guided, and the web application, each for MINUTES=10
	status=0; for name in amounts dates labels xml; do \
		$(BIN)/python -m tests.fuzz $$name --minutes $(MINUTES) || status=1; done; \
	$(BIN)/python -m tests.fuzz.web --minutes $(MINUTES) || status=1; exit $$status

.PHONY: hostile
hostile: setup ## Write the hostile files to var/hostile, put all of them through, and show what became of them
	$(BIN)/python -m tests.hostile.generate var/hostile
	$(BIN)/python -m tests.hostile var/hostile/files --fates var/hostile/fates.jsonl --minutes 600
	$(BIN)/python -m tests.hostile var/hostile/files --fates var/hostile/fates.jsonl --table

.PHONY: tryton
tryton: setup ## Bring Tryton up with a demo company, a real accounting system to post into (some minutes the first time)
	$(BIN)/python -m tests.tryton up

.PHONY: tryton-stop
tryton-stop: setup ## Stop Tryton and its database
	$(BIN)/python -m tests.tryton stop

.PHONY: tryton-lock
tryton-lock: setup ## Bring Tryton's own locks in line with tests/tryton/requirements.in and package.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	$(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --output-file tests/tryton/requirements.txt tests/tryton/requirements.in
	cd tests/tryton && npm install --package-lock-only --omit=dev --ignore-scripts --no-audit --no-fund

.PHONY: train
train: setup ## Make the scorer and its calibration anew from generated invoices (an hour or two; DATA="DIR..." adds labelled folders)
	$(call samples,native,--count 640 --seed 31001 --kinds native)
	$(call samples,second,--count 240 --seed 81001 --kinds native --split test)
	$(call samples,worn,--count 230 --seed 31003 --kinds $(PIXELS))
	$(call samples,second-worn,--count 20 --seed 81002 --kinds $(PIXELS) --split test)
	$(BIN)/backoffice train $(foreach folder,$(addprefix $(TRAINING)/,native second worn second-worn) $(DATA),--data $(folder)) \
		--work $(TRAINING)/work --out pipeline/models

.PHONY: pictures
pictures: setup ## Make the pictures of the web application for the documentation anew
	$(BIN)/python -m pytest tests/browser/pictures*.py

.PHONY: schemas
schemas: setup ## Write the JSON Schemas to schemas/json
	$(BIN)/python -m schemas.export

.PHONY: lock
lock: setup ## Bring requirements.lock in line with pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	$(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --extra dev --output-file requirements.lock pyproject.toml

.PHONY: clean
clean: ## Remove caches, builds and the demo's home
	rm -rf build *.egg-info $(DEMO) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
