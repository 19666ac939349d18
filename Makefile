# `make feeds` builds the example into dist/, `make test` runs the tests, `make lint` checks style and types.
# Each sets up .venv by itself, with the exact versions of constraints.txt.

PYTHON ?= python3
BIN := .venv/bin

# The example has an article without a date, which gets the time of its first sighting, and one that cannot be
# read, which is reported with exit code 1. The fixed clock gives the same bytes everywhere.
EXAMPLE_NOW := 2022-06-01T00:00:00Z

.PHONY: feeds test lint clean

feeds: .venv/installed
	@$(BIN)/python -m feedpub build -c config/feedpub.toml --now $(EXAMPLE_NOW) || [ $$? -eq 1 ]

test: .venv/installed
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest
	$(BIN)/python -m coverage combine -q
	$(BIN)/python -m coverage report

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all,test,lint]'
	@touch $@

clean:
	rm -rf .venv .feedpub .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
