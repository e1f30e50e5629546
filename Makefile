# make demo   install into .venv and start the app     make test   install and run all tests
# make graph  rebuild the default graph                make train  train the default checkpoint again
# make lint   style and types                          make unit   the tests that need no browser
# make hold   the long tests of damage and fuzzing
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check

.PHONY: demo test hold unit lint graph train evaluate screenshots browser clean help

help:
	@sed -n '1,4p' Makefile

demo: $(VENV)/app.stamp
	$(BIN)/python app.py --port $(PORT)

test: lint browser
	$(BIN)/python -m pytest --durations=10

hold: $(VENV)/test.stamp
	nice $(BIN)/python -m pytest -m hold --durations=10 tests

unit: $(VENV)/test.stamp
	$(BIN)/python -m pytest --durations=10 --ignore tests/browser

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

graph: $(VENV)/train.stamp
	$(BIN)/python -m kgqa graph build --out checkpoints/films/graph

train: $(VENV)/train.stamp
	$(BIN)/python -m kgqa train --graph checkpoints/films/graph --out runs/films/first --epochs 2
	cp runs/films/first/explanations.jsonl runs/films/
	$(BIN)/python -m kgqa train --graph checkpoints/films/graph --data runs/films/first/data \
	  --start runs/films/first --epochs 1 --out runs/films --name films

evaluate: $(VENV)/app.stamp
	$(BIN)/python -m kgqa evaluate --split test --ablations

screenshots: browser
	$(BIN)/python -m kgqa.ui.screenshots

clean:
	rm -rf $(VENV) runs

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; set PYTHON, as in: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/app.stamp: requirements.txt | $(BIN)/python
	@echo "Installing the app's packages into $(VENV): about 2.5 GB, mostly torch."
	$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/train.stamp: requirements-train.txt $(VENV)/app.stamp
	$(INSTALL) -r requirements-train.txt
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/app.stamp
	$(INSTALL) -r requirements-test.txt
	@touch $@

# The browser tests drive Chromium: the system's, else by apt (as root), else Playwright's own.
browser: $(VENV)/test.stamp
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || { \
	  echo "Installing Chromium for the browser tests."; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium; \
	  else \
	    $(BIN)/python -m playwright install chromium; \
	  fi; \
	} || { echo "No browser: install chromium (Debian: apt-get install chromium), or run 'make unit'."; exit 1; }
