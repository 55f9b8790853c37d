# Every task of this project; people, hooks and CI call the same ones. `make` lists them.
#
# Nothing but Python and make needs to be there: `.venv` is made when it is missing, brought up to date when one of the
# files it is made from has changed, and left alone otherwise.

PYTHON ?= python3
PORT ?= 8000
# Processes that run the tests; each takes a Chromium, a torch, and a processor.
WORKERS ?= 2
# More arguments for the program behind a target: make test ARGS="-k calendar", make verify ARGS=--check
ARGS ?=
# For pip, when it installs torch: an index of smaller wheels, say. See CONTRIBUTING.md.
TORCH_FLAGS ?=
# For `make lock`: --upgrade takes the newest versions; otherwise what is pinned stays where it can.
LOCK_FLAGS ?=

# The oldest Python we support, as `requires-python` in pyproject.toml has it.
OLDEST := 3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Made last, so that an interrupted installation is taken up again. It holds the folder in which the environment was
# made: its scripts do not survive a move.
READY := $(VENV)/.ready
made_in := $(shell $(BIN)/python -c "" 2>/dev/null && cat $(READY) 2>/dev/null)

# The tests start hundreds of processes: our modules are compiled by the first that reads them, not by each.
export PYTHONDONTWRITEBYTECODE :=

# Material prints a notice about MkDocs 2 into every build; it is not about us, who pin MkDocs 1.
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: bench clean help lint lock serve site test verify

serve: $(READY) ## Show the library at http://127.0.0.1:8000 (PORT=8001), and show it anew when a file changes
	$(BIN)/threepass serve --port $(PORT) $(ARGS)

site: $(READY) ## Check the library and build its site into site/
	$(BIN)/threepass build $(ARGS)

test: $(READY) ## Run all tests (ARGS="-k name" for some); gets a Chromium where there is none
	$(BIN)/python tests/site/find_browser.py --install
	$(BIN)/pytest --numprocesses=$(WORKERS) --dist=worksteal $(ARGS)

lint: $(READY) ## Check style, types and the directions of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

verify: $(READY) ## Measure what the papers' claims say and write papers/results/ (ARGS=--check only compares)
	$(BIN)/threepass verify $(ARGS)

bench: $(READY) ## Run every benchmark, one after the other
	@set -e; for script in benchmarks/*.py; do \
	  test -f "$$script" || { echo "benchmarks/ holds no script" >&2; exit 1; }; \
	  echo "== $$script"; $(BIN)/python "$$script" $(ARGS); \
	done

# The pins are resolved with the oldest Python, since what runs there runs on the newer ones too. Left out is what
# would tie the file to one machine: the build of torch (+cpu) and the GPU packages that some builds ask for.
lock: ## Pin every dependency anew in requirements.lock (LOCK_FLAGS=--upgrade: the newest versions)
	@$(make_venv)
	@$(BIN)/python -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(OLDEST)")' || { \
	  echo "requirements.lock is resolved with Python $(OLDEST): make lock VENV=/tmp/lock PYTHON=python$(OLDEST)" >&2; exit 1; }
	$(PIP) install --quiet pip-tools
	@if test -f requirements.lock; then cp requirements.lock requirements.new; fi
	$(BIN)/python -m piptools compile --quiet $(LOCK_FLAGS) --extra reproductions --extra cluster --extra dev \
	  --unsafe-package pip --strip-extras --no-header --annotation-style line \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	  --output-file requirements.new pyproject.toml
	@{ echo "# Made by \`make lock\` from pyproject.toml. pip installs from it, once torch is there: see the Makefile."; \
	  sed -e '/^#/d' -e '/^$$/d' -e '/^nvidia-/d' -e '/^cuda-/d' -e '/^triton==/d' \
	    -e 's/^\(torch==[0-9.]*\)+[a-z0-9.]*/\1/' requirements.new; } > requirements.lock
	@rm requirements.new

help: ## Show this list
	@echo "make TARGET, where TARGET is one of:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

clean: ## Delete what was built and cached; .venv stays
	rm -rf site build dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find code tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} +

# A moved repository, or a Python that is gone, makes the environment useless however new its stamp is.
ifneq ($(made_in),$(CURDIR))
.PHONY: $(READY)
endif

$(READY): pyproject.toml requirements.lock Makefile
	@$(make_venv)
	@echo "Installing into $(VENV): this takes minutes the first time"
# torch comes first: a requirement of it among others can make pip fetch every GPU package there is.
	$(PIP) install $(TORCH_FLAGS) --constraint requirements.lock torch
	$(PIP) install --quiet --requirement requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@echo "$(CURDIR)" > $@

# An environment that has a working pip, and was made here or carries no stamp, is kept.
define make_venv
if $(BIN)/python -m pip --version >/dev/null 2>&1 && { ! test -f $(READY) || test "$(made_in)" = "$(CURDIR)"; }; then exit 0; fi; \
if ! command -v "$(PYTHON)" >/dev/null; then \
  echo "No $(PYTHON) here: install Python $(OLDEST) or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; \
fi; \
if ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < tuple(map(int, "$(OLDEST)".split("."))))'; then \
  echo "$$("$(PYTHON)" --version) is too old: Python $(OLDEST) or newer is needed. Name one: make PYTHON=python$(OLDEST)" >&2; exit 1; \
fi; \
if ! "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then \
  echo "$(PYTHON) cannot make virtual environments (on Debian and Ubuntu: apt-get install python3-venv)" >&2; exit 1; \
fi; \
echo "Making $(VENV) with $$("$(PYTHON)" --version)"; \
"$(PYTHON)" -m venv --clear $(VENV)
endef
