# Estran. `make run` starts everything; `make test check bench` depend on their own set-up.
HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
VENDOR := src/estran/web/static/vendor
CATALOGUES := $(wildcard src/estran/locale/*/LC_MESSAGES/*.po)

.PHONY: install install-dev run test check bench accuracy format messages lock wheel clean

install: .venv/.run $(VENDOR)/manifest.json .venv/.messages

install-dev: install .venv/.dev

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "On Debian: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	@echo "$(CURDIR)/src" > "$$($@ -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/estran-src.pth"
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -m estran "$$@"\n' > $(BIN)/estran
	@chmod +x $(BIN)/estran

# uv, where the machine has it, installs the same hash-pinned locks in a third of the time.
define pip_sync
	@if command -v uv >/dev/null 2>&1; then uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
endef

.venv/.run: .venv/bin/python requirements.lock
	@echo "Installing Estran's libraries..."
	$(call pip_sync,requirements.lock)
	@$(BIN)/python -m compileall -q src/estran
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	@echo "Installing the tools of development..."
	$(call pip_sync,requirements-dev.lock)
	@touch $@

.venv/.bench: .venv/.dev requirements-bench.lock
	$(call pip_sync,requirements-bench.lock)
	@touch $@

$(VENDOR)/manifest.json: package-lock.json tools/vendor.py | .venv/bin/python
	@command -v npm >/dev/null || { echo "npm is needed for the pages' files. On Debian: apt-get install npm"; exit 1; }
	@echo "Fetching the pages' third-party files..."
	@npm ci --ignore-scripts --silent
	@$(BIN)/python tools/vendor.py

.venv/.messages: .venv/.run $(CATALOGUES)
	@[ -z "$(CATALOGUES)" ] || $(BIN)/pybabel -q compile -f -D django -d src/estran/locale
	@touch $@

run: install
	@$(BIN)/estran run --host $(HOST) --port $(PORT)

test: install-dev
	@tools/chromium.sh
	@tools/mosquitto.sh
	$(BIN)/pytest -n auto

check: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --verbose 2>/dev/null >.venv/imports.log || { cat .venv/imports.log; $(BIN)/lint-imports; exit 1; }
	$(BIN)/mypy

bench: install-dev .venv/.bench
	$(BIN)/python -m bench
	$(BIN)/python -m bench.formats
	$(BIN)/python -m bench.vault
	$(BIN)/python -m bench.ingest

accuracy: install-dev
	$(BIN)/python -m bench.accuracy

format: install-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Developers: collect the texts to translate.
messages: install-dev
	$(BIN)/python tools/messages.py

lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --extra postgresql -o requirements-postgresql.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev --group bench -o requirements-bench.lock

wheel: install-dev
	$(BIN)/python -m pip wheel --quiet --no-deps -w dist .

clean:
	rm -rf .venv node_modules $(VENDOR) dist build .mypy_cache .ruff_cache .pytest_cache
