# Each target makes its own environment first; the second call finds it ready.
.DEFAULT_GOAL := run
.PHONY: run test dev bench mutate fuzz chaos check coverage docs dbt-docs lock test-duckdb2 clean

VENV := .venv
BIN := $(VENV)/bin
PIP := -m pip install -qq --disable-pip-version-check
RUNTIME := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
DUCKDB2 := .venv-duckdb2
UV ?= uv

# The main job: submissions and public statistics to an audited release.
run: $(RUNTIME)
	@$(BIN)/corridor run

# Browser tests need a Chromium and SFTP tests an sshd; all others need nothing else. Each file runs in one process, so
# that its fixtures are made once, and the longest files start first.
test: $(DEV)
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

# Dagster's UI on http://127.0.0.1:3000, with its state under data/dagster.
dev: $(RUNTIME)
	@mkdir -p data/dagster && DAGSTER_HOME="$(CURDIR)" $(BIN)/dagster dev

bench: $(DEV)
	@$(BIN)/python -m tests.benchmarks.bench

# Does every seeded mistake in the SQL make a test fail?
mutate: $(DEV)
	@$(BIN)/python -m tests.mutation.mutate

# Does every mutated file get a receipt, in time, with all its rows accounted for?
fuzz: $(DEV)
	@$(BIN)/python -m tests.fuzz.fuzz

# Does every run that is killed leave whole releases behind, and does the next one finish?
# A killed run leaves semaphores for Python to take down at the end, which it would remark on.
chaos: $(DEV)
	@$(BIN)/python -W "ignore:resource_tracker" -m tests.chaos.chaos

check: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@home=$$(mktemp -d) && mkdir "$$home/warehouse" && export CORRIDOR_HOME="$$home" && \
		$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/tests && \
		$(BIN)/dbt parse --quiet --project-dir dbt_project --profiles-dir dbt_project
	@$(BIN)/dbt-bouncer run
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/mypy

# The lines and branches that unit and integration tests run.
coverage: $(DEV)
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile --cov --cov-report=term tests/unit tests/integration

# A static site of docs/ in site/.
docs: $(DEV)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet && echo "Wrote site/index.html"

# One page of all models, columns and tests, linked from the next release's internal/ folder.
dbt-docs: $(RUNTIME)
	@$(BIN)/python -m orchestration.warehouse.dbt_docs

# The pipeline tests on the next DuckDB, in an environment of their own.
test-duckdb2: $(DUCKDB2)/.installed
	@$(DUCKDB2)/bin/python -m pytest tests/pipeline

# Writes both locks from pyproject.toml: every platform, Python 3.11 to 3.13, hashes, no addresses. Needs uv.
# `make lock UPGRADE=--upgrade` takes newer versions; without it only what pyproject.toml asks for moves.
COMPILE := $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)
lock:
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group build --group dev --constraints requirements.lock --output-file requirements-dev.lock

# Remove everything that runs have made, and the environments.
clean:
	rm -rf $(VENV) $(DUCKDB2) data/lake data/warehouse data/releases data/outbox data/dagster

# $(1): the environment. Makes it with the first Python that fits.
define make_venv
	@python=; for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
		then python="$$candidate"; break; fi; done; \
	if [ -z "$$python" ]; then \
		echo "Corridor needs Python 3.11, 3.12 or 3.13; none is on the PATH. Install one, or: make PYTHON=/path/to/python3" >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$python has no venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; fi; \
	echo "Making $(1) with $$("$$python" --version)"; "$$python" -m venv --clear $(1)
endef

# $(1): the environment, $(2): the lock. The package itself is installed in place, built by the locked setuptools.
define install
	@echo "Installing $(2) into $(1)"
	@$(1)/bin/python $(PIP) --no-deps --require-hashes -r $(2)
	@$(1)/bin/python $(PIP) --no-deps --no-build-isolation --editable .
endef

$(VENV)/bin/python:
	$(call make_venv,$(VENV))

$(DUCKDB2)/bin/python:
	$(call make_venv,$(DUCKDB2))

$(RUNTIME): requirements.lock pyproject.toml | $(VENV)/bin/python
	$(call install,$(VENV),requirements.lock)
	@touch $@

# The oldest DuckDB that must open published files is installed in a folder of its own, for the test that opens them.
$(DEV): requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(call install,$(VENV),requirements-dev.lock)
	@rm -rf $(VENV)/duckdb-oldest
	@$(BIN)/python $(PIP) --no-deps --target $(VENV)/duckdb-oldest duckdb==1.1.3
	@touch $(RUNTIME) $@

$(DUCKDB2)/.installed: requirements-dev.lock pyproject.toml | $(DUCKDB2)/bin/python
	$(call install,$(DUCKDB2),requirements-dev.lock)
	@$(DUCKDB2)/bin/python $(PIP) --no-deps duckdb==2.0.0
	@touch $@
