# Every task of the house. `make` alone lists them; nothing needs to be set up first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow test-postgres test-duckdb15 test-spark check fix bench docs screenshots lock clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.dev ## install what development needs into .venv

demo: $(VENV)/.run ## a running zone with real figures: verdict table, then the portal
	@$(BIN)/qiantang demo $(ARGS)

test: $(VENV)/.dev ## run the tests, the slow ones apart (what a missing component skips is named)
	@$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow" $(ARGS)

test-slow: $(VENV)/.dev ## run the slow tests: killed processes, full disks, hostile files, every address of the API
	@$(BIN)/python -m pytest -n auto --dist loadfile -m slow $(ARGS)

test-postgres: $(VENV)/.dev ## run what knows a database on a PostgreSQL that the tests start themselves
	@QIANTANG_TEST_POSTGRES=1 $(BIN)/python -m pytest -n auto --dist loadfile -m "not browser and not slow" src/qiantang/rooms src/qiantang/doors src/qiantang/site src/qiantang/engine/lake tests $(ARGS)

test-duckdb15: ## run the engine's tests on DuckDB 1.5, the older one that it supports
	@$(MAKE) --no-print-directory VENV=build/duckdb15 build/duckdb15/.duckdb15
	@build/duckdb15/bin/python -c 'import duckdb; v = duckdb.__version__; print("DuckDB", v); assert v.startswith("1.5.")'
	@build/duckdb15/bin/python -m pytest -n auto --dist loadfile src/qiantang/engine/lake src/qiantang/engine/sql src/qiantang/engine/compute src/qiantang/engine/measures src/qiantang/engine/quality/tests $(ARGS)

test-spark: $(VENV)/.dev build/spark/.spark ## run the engines' tests on real Spark, a driver and two executors (needs Java 17)
	@QIANTANG_TEST_SPARK=build/spark $(BIN)/python -m pytest -k "not sail" src/qiantang/engine/compute $(ARGS)

test-ckan: $(VENV)/.dev ## let CKAN's own parser read the catalogue's feed and compare
	@$(MAKE) --no-print-directory VENV=build/ckan build/ckan/.ckan
	@QIANTANG_CKAN=build/ckan/bin/python $(BIN)/python -m pytest src/qiantang/doors/protocols/tests/read_by_ckan.py $(ARGS)

check: $(VENV)/.dev ## format, lint, types, architecture, packs, generated documents
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy src/qiantang bench
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m qiantang.doors.cli.main pack check
	@env -u QIANTANG_ZONE $(BIN)/python -m django makemigrations --check --dry-run --settings qiantang.site.settings
	@$(BIN)/python docs/generate.py --check

fix: $(VENV)/.dev ## format the code and mend what the linter can mend
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

bench: $(VENV)/.dev ## measure speed and memory, beside a named peer where there is one
	@$(BIN)/python -m bench $(ARGS)

docs: $(VENV)/.dev ## write the generated reference pages
	@$(BIN)/python docs/generate.py

screenshots: $(VENV)/.dev ## take the README's pictures anew (needs Chromium)
	@$(BIN)/python docs/screenshots.py

lock: $(VENV)/.dev ## resolve the dependencies again
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade pyproject.toml --extra postgres --extra mysql -o requirements/run.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade pyproject.toml --extra postgres --extra mysql --extra spark --group dev -c requirements/run.txt -o requirements/dev.txt
	@echo 'duckdb~=1.5.0' | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade - -o requirements/duckdb15.txt
	@sed -n 's/^pyspark-client==\([0-9.]*\).*/pyspark==\1/p' requirements/dev.txt | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header - -o requirements/spark.txt
	@mkdir -p build && printf 'ckan[requirements]==2.12.0\nckanext-dcat==2.4.4\n' > build/ckan.in && echo "psycopg2 ; sys_platform == 'never'" > build/ckan.out
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade --override build/ckan.out build/ckan.in -o requirements/ckan.txt

clean: ## remove everything that make created, zones apart
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The virtual environment. uv installs when it is on the machine, else pip does; the set is the
# same, hashes checked.
$(BIN)/python: | setup/venv.sh
	@sh setup/venv.sh $(PYTHON) $(VENV)

INSTALL_INTO = if command -v uv >/dev/null; then uv pip install --quiet --python $(1)/bin/python $(2); else \
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2); fi
INSTALL = $(call INSTALL_INTO,$(VENV),$(1))

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "正在安装依赖… / installing dependencies ..."
	@$(call INSTALL,--require-hashes -r requirements/run.txt)
	@$(call INSTALL,--no-deps -e .)
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@$(call INSTALL,--require-hashes -r requirements/dev.txt)
	@touch $@

$(VENV)/.duckdb15: requirements/duckdb15.txt $(VENV)/.dev
	@$(call INSTALL,--require-hashes -r requirements/duckdb15.txt)
	@touch $@

# Spark itself, of the client's version. It stands apart: pyspark and pyspark-client share files.
build/spark/.spark: requirements/spark.txt
	@$(MAKE) --no-print-directory VENV=build/spark build/spark/bin/python
	@$(call INSTALL_INTO,build/spark,--require-hashes -r requirements/spark.txt)
	@touch $@

$(VENV)/.ckan: requirements/ckan.txt | $(BIN)/python
	@$(call INSTALL,--require-hashes -r requirements/ckan.txt)
	@touch $@
