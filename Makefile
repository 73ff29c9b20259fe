# The few commands a person needs. Each sets up what it lacks; a second run needs no network.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev setup-npm demo demo-real test test-all check bench exam accuracy clean

TOHUMAN := .venv/bin/tohuman
PY := .venv/bin/python
# Two files of tests at a time, in the order of their names (the longest stand first): half of the time is waiting.
LANES := -n 2 --dist loadfile --no-loadscope-reorder

help:
	@echo "make setup      install what tohuman needs to run, into .venv"
	@echo "make demo       walk the practice platforms and build the dashboard"
	@echo "make demo-real  the same against a help centre and chat of software nobody here wrote"
	@echo "make test       the tests, without the long ones"
	@echo "make test-all   the long ones too"
	@echo "make check      ruff, and mypy in strict mode"
	@echo "make bench      what a run costs beside a bare script"
	@echo "make accuracy   how well messages and controls are read, on labelled texts"
	@echo "make exam       every practice platform twenty times against its ground truth"

setup:
	@scripts/setup run

setup-dev:
	@scripts/setup run dev

setup-npm:
	@scripts/setup run dev npm

demo: setup
	@$(TOHUMAN) demo

demo-real: setup-dev
	@$(TOHUMAN) demo --real

test: setup-npm
	@$(PY) -m pytest -m "not long" $(LANES)

test-all: setup-npm
	@$(PY) -m pytest

check: setup-dev
	@$(PY) -m ruff check .
	@scripts/types

bench: setup
	@$(TOHUMAN) bench

exam: setup-npm
	@$(TOHUMAN) exam

accuracy: setup-dev
	@$(PY) -m tests.labelled.score

clean:
	rm -rf .typing .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
