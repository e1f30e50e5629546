# make demo   install into .venv and start the app     make test   install and run all tests
# make graph  rebuild the default graph                make train  train the default checkpoint again
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860

.PHONY: demo test unit lint graph train evaluate screenshots clean help

help:
	@sed -n '1,2p' Makefile

demo: $(VENV)/app.stamp
	$(BIN)/python app.py --port $(PORT)

test: $(VENV)/test.stamp browser lint
	$(BIN)/python -m pytest

unit: $(VENV)/test.stamp
	$(BIN)/python -m pytest --ignore tests/browser

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .

graph: $(VENV)/train.stamp
	$(BIN)/python -m kgqa graph build --out checkpoints/films/graph

train: $(VENV)/train.stamp
	$(BIN)/python -m kgqa train --graph checkpoints/films/graph --out runs/films/first --epochs 2
	cp runs/films/first/explanations.jsonl runs/films/
	$(BIN)/python -m kgqa train --graph checkpoints/films/graph --data runs/films/first/data --out runs/films --start runs/films/first --epochs 1 --name films

evaluate: $(VENV)/app.stamp
	$(BIN)/python -m kgqa evaluate --split test --ablations

screenshots: $(VENV)/test.stamp browser
	$(BIN)/python -m kgqa.ui.screenshots

clean:
	rm -rf $(VENV) runs

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; set PYTHON, as in: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/app.stamp: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/train.stamp: requirements-train.txt requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-train.txt
	@touch $@

$(VENV)/test.stamp: requirements-test.txt requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@

# The browser test drives a real Chromium: the system's if there is one, else by apt (as root), else Playwright's own.
.PHONY: browser
browser: $(VENV)/test.stamp
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing chromium"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else \
	  $(BIN)/python -m playwright install chromium; \
	fi || { echo "No browser: install chromium (Debian: apt-get install chromium), or run 'make unit' for the other tests."; exit 1; }
