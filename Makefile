# Collector. `make run` starts it, `make test` tests it; `make help` lists the rest.

PORT ?= 8000
HOST ?= 127.0.0.1
export PORT HOST
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test test-quick test-engine test-rest test-sqlite test-postgresql test-fill test-phones test-screens test-faults soak fuzz audit check bench gallery clean

help: ## List these targets.
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/'

.venv/installed: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

PO := $(wildcard collector/translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)

%.mo: %.po .venv/installed
	$(BIN)/pybabel --quiet compile -i $< -o $@

node_modules/installed: package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	touch $@

run: .venv/installed $(MO) ## Set up what is missing and start the server on PORT.
	@$(BIN)/flask --app wsgi collector init
	@exec $(BIN)/gunicorn --config python:collector.serving wsgi:app

test: .venv/installed-dev $(MO) ## Run everything, on SQLite and PostgreSQL, in Node and in Chromium.
	$(MAKE) test-engine
	$(TWO) test-postgresql test-phones test-sqlite test-fill test-screens test-rest
	$(MAKE) test-faults

test-quick: .venv/installed-dev $(MO) ## For every day: Node, the server on SQLite, the main job in Chromium.
	$(TWO) test-engine test-rest test-sqlite
	$(BIN)/pytest tests/browser/test_main_job.py --db sqlite

# Two at a time, the longest first, each one's output in one piece: most of them keep one core busy.
TWO := $(MAKE) --jobs=2 --output-sync=target

test-engine:
	node --test tests/engine/ tests/field/

test-rest: .venv/installed-dev $(MO)
	$(BIN)/pytest --ignore tests/browser --ignore tests/faults --part rest

test-sqlite test-postgresql: test-%: .venv/installed-dev $(MO)
	$(BIN)/pytest --ignore tests/browser --ignore tests/faults --part database --db $*

test-fill: .venv/installed-dev $(MO)
	$(BIN)/pytest tests/browser/fill

test-screens: .venv/installed-dev node_modules/installed $(MO)
	$(BIN)/pytest tests/browser/test_screens.py --db sqlite

test-phones: .venv/installed-dev $(MO)
	$(BIN)/pytest tests/browser --ignore tests/browser/fill --ignore tests/browser/test_screens.py --db sqlite
	$(BIN)/pytest tests/browser/test_main_job.py tests/browser/test_real_server.py --db postgresql

test-faults: .venv/installed-dev $(MO) ## The short run of what breaks: everything on SQLite, the protocol machine on PostgreSQL.
	$(BIN)/pytest tests/faults --db sqlite
	$(BIN)/pytest tests/faults/test_machine.py tests/faults/test_harness.py --db postgresql

soak: .venv/installed-dev $(MO) ## The long run: RESPONSES, PHONES, BROWSER_RESPONSES, BROWSERS, SEED, DB; BREAK=1 breaks the receipt rule.
	@$(BIN)/python -m tests.faults.soak $(if $(RESPONSES),--responses $(RESPONSES)) $(if $(PHONES),--phones $(PHONES)) \
		$(if $(BROWSER_RESPONSES),--browser-responses $(BROWSER_RESPONSES)) $(if $(BROWSERS),--browsers $(BROWSERS)) \
		$(if $(SEED),--seed $(SEED)) $(if $(DB),--db $(DB)) $(if $(BREAK),--break-receipt-rule)

fuzz: .venv/installed-dev $(MO) ## Spoiled bodies at every public endpoint, spoiled workbooks: BODIES, WORKBOOKS, SEED, DB.
	@$(BIN)/python -m tests.fuzz $(if $(BODIES),--bodies $(BODIES)) $(if $(WORKBOOKS),--workbooks $(WORKBOOKS)) \
		$(if $(SEED),--seed $(SEED)) $(if $(DB),--db $(DB))

audit: .venv/installed-dev node_modules/installed ## Ask for known weaknesses of the packages; red for one that docs/security.md does not list.
	@$(BIN)/python -m tests.audit

check: .venv/installed-dev node_modules/installed ## Lint, and check types of Python and JavaScript.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npx tsc --project tsconfig.json

bench: .venv/installed-dev node_modules/installed $(MO) ## Measure; ONLY=name,… for some, also ONLY=walks and ONLY=lighthouse.
	@$(BIN)/python -m tests.bench $(ONLY)

gallery: .venv/installed-dev $(MO) ## Pictures of every screen in every look, in FOLDER; ONLY=tour,… and LOOKS=zh-360-light-100,… for some.
	@$(BIN)/python -m tests.browser.gallery $(if $(FOLDER),--folder $(FOLDER)) $(if $(ONLY),--only $(ONLY)) $(if $(LOOKS),--looks $(LOOKS))

clean: ## Remove what was installed and built; the data folder stays.
	rm -rf .venv node_modules $(MO)
