# dawbridge: make install, make demo, make test, make soak, make docs, make bench, make clean
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
given = $(filter command line,$(origin $(1)))

.PHONY: help demo test soak docs bench install dev clean

help:
	@echo 'make install                                  install into $(VENV), and nothing else'
	@echo 'make demo                                     install, run the daemon on a recording, show what happens'
	@echo 'make demo FILE=my.wav WORDS="warmer, -16 LUFS"   the same with your own'
	@echo 'make test                                     everything that must hold: style, types, layers, docs, tests'
	@echo 'make soak                                     the long runs: kills, hostile input, whole hours'
	@echo 'make bench                                    the figures, each beside its limit'
	@echo 'make docs                                     write the generated parts of docs/'
	@echo 'make clean                                    remove the environment and caches'

$(VENV)/.installed: pyproject.toml
	@.ci/venv

$(VENV)/.installed-dev: pyproject.toml
	@.ci/venv dev

install: $(VENV)/.installed
	@echo 'dawbridge is in $(BIN): $(BIN)/dawbridge --help, or source $(BIN)/activate and say dawbridge'

dev: $(VENV)/.installed-dev

demo: $(VENV)/.installed
	@$(BIN)/dawbridge demo $(if $(call given,FILE),"$$FILE") $(if $(call given,WORDS),--words "$$WORDS")

test: $(VENV)/.installed-dev
	@.ci/debian
	@.ci/check

soak: $(VENV)/.installed-dev
	@.ci/debian
	$(BIN)/pytest -n 2 -m slow

bench: $(VENV)/.installed-dev
	@status=0; for file in tests/benchmarks/[a-z]*.py; do \
	  name=$$(basename "$$file" .py); printf '\n== %s\n' "$$name"; \
	  $(BIN)/python -m "tests.benchmarks.$$name" || status=1; \
	done; exit $$status

docs: $(VENV)/.installed-dev
	@.ci/cog

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
