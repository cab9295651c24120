# Every command of the project. `make` alone prints this list; what follows `##` is the help.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
RUN := .venv/Scripts/python
else
RUN := .venv/bin/python
endif
DITY := $(RUN) -m portal.cli
PYTEST := $(RUN) -m pytest
# Tests write thousands of small databases: in memory where there is room for them, else on the disk.
ROOM := $(shell test -w /dev/shm && df -Pk /dev/shm | awk 'NR == 2 && $$4 > 3000000 { print "/dev/shm" }')

.PHONY: help
help:
	@echo "DITY, the self-service portal. Say make and one of:"
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '  %-12s %s\n' "$$name" "$$text"; done

.PHONY: demo demo-check demo-reset run
demo: assets ## fill a believable organisation and show the portal (Ctrl-C ends it, what you did stays)
	@$(DITY) demo
demo-check: assets ## start the demo on a free port, look at it, stop it again, twice
	@$(RUN) tools/demo_check.py
demo-reset: assets ## forget what was done in the demo and start over
	@$(DITY) demo --reset
run: assets ## start your own, empty portal
	@$(DITY) serve

.PHONY: check quick test torture soak bench faults
check: install-dev ## style, types, imports, templates, articles, references: everything but the tests
	@$(RUN) tools/check.py
quick: install-dev ## the fast tests, in under two minutes
	@$(if $(ROOM),TMPDIR=$(ROOM)) $(PYTEST) -q -n 2 --dist loadgroup -m "not slow and not browser and not torture"
test: install-dev browser check ## everything, in a real browser and on a real PostgreSQL too
	@$(if $(ROOM),TMPDIR=$(ROOM)) $(PYTEST) -q -n 2 --dist loadgroup
torture: install-dev browser ## the long forms: hundreds of kills, full disks, gigabytes (an hour and more)
	@TORTURE=1 $(PYTEST) -m torture -p no:randomly
soak: install-dev ## two hours of work at half of what it can do: memory, files, times (MINUTES=5 for a look)
	@$(RUN) -m benchmarks.soak --minutes $(or $(MINUTES),120)
bench: install-dev ## measure what benchmarks/ claims, each figure against a reference of the same run
	@for claim in benchmarks/[a-z]*.py; do name=$$(basename $$claim .py); echo "== $$name"; $(RUN) -m benchmarks.$$name || exit 1; done
faults: install-dev ## plant every known fault once and see a test catch it
	@$(RUN) tools/faults.py

.PHONY: shots kb-check docs translations assets
shots: install-dev browser assets ## a contact sheet of every page: light, dark, phone, without script
	@$(RUN) -m tools.shots
kb-check: install ## check kb_articles/: owners, dates, links, reading ease
	@$(DITY) kb check
docs: install ## write the generated references in docs/ anew
	@$(RUN) -m tools.docs
translations: install ## keep the languages in step with the sentences in the code
	@$(RUN) -m tools.translations
assets: install ## compress style sheets, scripts and icons for the wire
	@$(RUN) -m tools.assets

.PHONY: install install-dev browser lock release clean
install: ## bring the locked packages the portal needs (nothing when they are there)
	@$(PYTHON) tools/bootstrap.py run
	@$(RUN) -m compileall -q config.py analytics surveys portal
install-dev: ## bring also what the tests need
	@$(PYTHON) tools/bootstrap.py dev
browser: install-dev ## find a Chromium for the browser tests, or fetch one
	@$(PYTHON) tools/bootstrap.py browser
lock: ## compile requirements*.in into hashed locks (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt
release: test ## check version and changelog, pack the sources with a list of what is inside
	@$(RUN) -m tools.release
clean: ## throw away what tools made; keeps the environment and every installation
	@rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
