# make demo   install into .venv and start the app     make test   install and run all tests
# make graph  rebuild the default graph                make train  train the default checkpoint again
# make lint   style and types                          make unit   the tests that need no browser
# make hold   the long tests of damage, load and fuzzing: about an hour on two cores, with the trained checkpoint, on Linux
# make fuzz   the readers of files under atheris for SECONDS=3600    make audit  look packages up among known advisories
# make constraints, make licences   pin what is installed, list its licences: tests/README.md says when
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check

.PHONY: demo test hold fuzz unit lint graph train evaluate screenshots browser clean help constraints licences audit

help:
	@sed -n '1,6p' Makefile

demo: $(VENV)/app.stamp
	$(BIN)/python app.py --port $(PORT)

# Each file's tests run together, in one of two processes.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --durations=10

test: lint browser
	$(PYTEST)

hold: $(VENV)/test.stamp
	nice $(BIN)/python -m pytest -m hold --durations=10 tests

# In an environment of its own, which sees the packages of $(VENV): these have no atheris (tests/test_constraints.py).
ATHERIS := build/fuzz
SECONDS ?= 3600
fuzz: $(VENV)/test.stamp
	@test -x $(ATHERIS)/bin/pip && $(ATHERIS)/bin/python -c 'import atheris' 2>/dev/null || { \
	  $(BIN)/python -m venv $(ATHERIS) && $(ATHERIS)/bin/python -m pip install -q --disable-pip-version-check atheris==3.0.0; }
	PYTHONPATH="$$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')" \
	  nice $(ATHERIS)/bin/python -m tests.hold.fuzz_readers --seconds $(SECONDS) $(FUZZ)

unit: $(VENV)/test.stamp
	$(PYTEST) --ignore tests/browser

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

graph: $(VENV)/train.stamp
	$(BIN)/python -m kgqa graph build --out checkpoints/films/graph

train: $(VENV)/train.stamp
	$(BIN)/python -m kgqa data --graph checkpoints/films/graph --seed 2 --per-kind 40 \
	  --per-kind-held-out 8 --out runs/films/data
	$(BIN)/python -m kgqa domains --graphs 210 --per-relation 3 --seed 3 --out runs/domains
	cp kgqa/films/synonyms.tsv runs/domains/
	$(BIN)/python -m kgqa train --graph checkpoints/films/graph --data runs/films/data \
	  --others runs/domains --epochs 4 --out runs/films/first --name films
	$(BIN)/python -m kgqa data --graph checkpoints/films/graph --seed 5 --per-kind 48 \
	  --per-kind-held-out 8 --out runs/films/more
	$(BIN)/python -m kgqa train --graph checkpoints/films/graph --data runs/films/more \
	  --others runs/domains --start runs/films/first --epochs 0 --follow-epochs 1.6 --bfloat16 \
	  --out runs/films/second --name films
	$(BIN)/python -m kgqa domains --graphs 252 --per-relation 2 --fewest 130 --seed 41 --cuts 4 \
	  --out runs/plain
	cp kgqa/films/synonyms.tsv runs/plain/
	$(BIN)/python -m kgqa data --graph checkpoints/films/graph --seed 41 --per-kind 36 \
	  --per-kind-held-out 8 --out runs/films/third
	$(BIN)/python -m kgqa train --graph checkpoints/films/graph --data runs/films/third \
	  --others runs/plain --start runs/films/second --epochs 0 --follow-epochs 1.2 --bfloat16 \
	  --out runs/films --name films

evaluate: $(VENV)/app.stamp
	$(BIN)/python -m kgqa evaluate --split test --ablations

screenshots: browser
	$(BIN)/python -m kgqa.ui.screenshots

clean:
	rm -rf $(VENV) runs build

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; set PYTHON, as in: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/app.stamp: requirements.txt constraints.txt | $(BIN)/python
	@echo "Installing the app's packages into $(VENV): about 2.5 GB, mostly torch."
	$(INSTALL) -c constraints.txt -r requirements.txt
	@touch $@

$(VENV)/train.stamp: requirements-train.txt constraints-test.txt $(VENV)/app.stamp
	$(INSTALL) -r requirements-train.txt
	@touch $@

$(VENV)/test.stamp: requirements-test.txt constraints-test.txt $(VENV)/app.stamp
	$(INSTALL) -r requirements-test.txt
	@touch $@

# The browser tests drive Chromium: its headless shell, which is faster, by apt (as root), else the
# system's, else Playwright's own.
browser: $(VENV)/test.stamp
	@command -v chromium-headless-shell >/dev/null 2>&1 || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	  echo "Installing Chromium's headless shell." && apt-get update -q && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium-headless-shell; \
	} || command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium; \
	  else \
	    $(BIN)/python -m playwright install chromium; \
	  fi; \
	} || { echo "No browser: install chromium (Debian: apt-get install chromium)," \
	  "or run 'make unit'."; exit 1; }

# Versions of everything that a fresh installation brings. Torch has no build tag here, and what its CUDA
# build brings is left out: torch pins that itself, and it differs from machine to machine.
FRESH := build/constraints
PINS = $(FRESH)/bin/python -m pip freeze --all | \
  sed -E '/ @ |^-e |^\#|^(nvidia|cuda|triton)|^(pip|wheel)==/d; s/\+[^ ]*$$//'
constraints:
	rm -rf $(FRESH) && $(PYTHON) -m venv $(FRESH)
	grep -hE '^[^#-].*==' requirements*.txt | sort -u > $(FRESH)/direct.txt
	$(FRESH)/bin/python -m pip install -q --disable-pip-version-check -c $(FRESH)/direct.txt \
	  -r requirements.txt "mcp>=1.21,<2"
	{ echo "# Written by make constraints: all that the app installs, with --mcp."; $(PINS); } > constraints.txt
	echo "-c constraints.txt" > constraints-test.txt
	$(FRESH)/bin/python -m pip install -q --disable-pip-version-check -r requirements-test.txt -r requirements-train.txt
	{ echo "# Written by make constraints: what tests and training install on top."; echo "-c constraints.txt"; \
	  $(PINS) | grep -vxFf constraints.txt; } > $(FRESH)/test.txt && cp $(FRESH)/test.txt constraints-test.txt

licences: $(VENV)/app.stamp
	$(BIN)/python -m kgqa.ui.tabs.licences requirements.txt

# Not a part of make test: advisories come from outside, and appear without a change here.
AUDIT := build/audit
audit:
	@test -x $(AUDIT)/bin/pip-audit || { $(PYTHON) -m venv $(AUDIT) && \
	  $(AUDIT)/bin/python -m pip install -q --disable-pip-version-check pip-audit==2.10.1; }
	@sed '/^-c/d' constraints.txt constraints-test.txt > $(AUDIT)/all.txt
	@$(AUDIT)/bin/pip-audit --strict --progress-spinner off --disable-pip --no-deps -r $(AUDIT)/all.txt \
	  > $(AUDIT)/report 2> $(AUDIT)/log; status=$$?; \
	if grep -qiE 'not found on PyPI|connection|timed out|http error|resolve' $(AUDIT)/log; then \
	  echo "Nothing was audited: pypi.org did not answer with advisories. What pip-audit said is in $(AUDIT)/log." >&2; \
	  exit 2; \
	fi; cat $(AUDIT)/log $(AUDIT)/report; exit $$status
