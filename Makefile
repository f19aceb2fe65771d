# The one door. `make` alone lists what can be made.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
# One thread for each process: the press runs several notebooks at once.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The name of this file says which environment is complete: what was installed, from
# which lock, in which folder. It is written last, so a broken-off install has none.
digest = $(shell { pwd; cat $(1); } | cksum | tr ' ' '-')
ENVIRONMENT := $(VENV)/complete-$(call digest,requirements.txt pyproject.toml)

# What looks after the repository has its own, which readers and the book do without.
CARE := $(VENV)/care
CARE_ENVIRONMENT := $(CARE)/complete-$(call digest,.github/requirements.txt)

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: book
book: $(ENVIRONMENT) ## run the notebooks and compile the book (only what changed)
	@$(PY) -m edition book

.PHONY: figures
figures: $(ENVIRONMENT) ## make only the figures, with their data
	@$(PY) -m edition figures

.PHONY: pdf
pdf: book ## the whole book as one PDF, printed by Chromium
	@$(PY) -m edition pdf

.PHONY: baseline
baseline: $(ENVIRONMENT) ## compare the figures with those accepted, and show what changed
	@$(PY) -m edition baseline

.PHONY: accept
accept: $(ENVIRONMENT) ## accept changed figures after a look at them: [FIGURE=fig05]
	@$(PY) -m edition accept $(call given,,FIGURE)

.PHONY: ledger
ledger: $(ENVIRONMENT) ## tell what was found about every equation and claim
	@$(PY) -m edition ledger

# What a person gives, as the shell shall see it: one word, whatever is in it.
quoted = '$(subst ','\'',$(1))'
given = $(if $($(2)),$(1) $(call quoted,$($(2))))
NOTEBOOK_OR_HINT = $(if $(NOTEBOOK),$(call quoted,$(NOTEBOOK)),$(error say which notebook: make $@ NOTEBOOK=05))

.PHONY: params
params: $(ENVIRONMENT) ## list what can be changed: NOTEBOOK=05
	@$(PY) -m edition params $(NOTEBOOK_OR_HINT)

.PHONY: rerun
rerun: $(ENVIRONMENT) ## run with other parameters: NOTEBOOK=05 P="n=50 s=3/2" [O=folder]
	@$(PY) -m edition rerun $(NOTEBOOK_OR_HINT) $(call given,-p,P) $(call given,-o,O)

.PHONY: sweep
sweep: $(ENVIRONMENT) ## run at many points: NOTEBOOK=05 GRID=grid.yml [O=folder]
	@$(PY) -m edition sweep $(NOTEBOOK_OR_HINT) $(call quoted,$(GRID)) $(call given,-o,O)

# A file of tests stays in one process: its tests share what is built for them. In the
# browser they share a page at most, and whichever process is free takes the next.
SPREAD := --numprocesses logical --maxprocesses 4

.PHONY: test
test: $(ENVIRONMENT) ## run all tests but those in a browser
	@$(PY) -m pytest --ignore tests/browser $(SPREAD) --dist loadfile --no-loadscope-reorder

.PHONY: mutants
mutants: $(ENVIRONMENT) ## change the formulas, one place at a time, and see that tests fail
	@$(PY) -m tests.mutants

.PHONY: browser
browser: book ## read the built site in Chromium, as its readers do
	@$(PY) -m pytest tests/browser $(SPREAD) --dist worksteal

.PHONY: reproduce
reproduce: book ## build again elsewhere and compare every byte
	@$(PY) -m edition reproduce

.PHONY: check
check: $(ENVIRONMENT) ## lint, format, notebooks and types
	@$(PY) -m ruff check --quiet
	@$(PY) -m ruff format --check --quiet || { echo "make: run 'ruff format' on the files above" >&2; exit 1; }
	@$(PY) -m edition lint
	@$(PY) -m mypy

.PHONY: workflows
workflows: $(CARE_ENVIRONMENT) ## check what GitHub runs: syntax, shell and security
	@$(CARE)/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(CARE)/bin/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	@PATH="$(CURDIR)/$(CARE)/bin:$$PATH" actionlint
	@$(CARE)/bin/shellcheck .ci/run postBuild
	@$(CARE)/bin/zizmor --offline --quiet --pedantic .github

.PHONY: links
links: book $(CARE_ENVIRONMENT) ## ask every address that the book and the README link to
	@$(CARE)/bin/lychee --config .github/lychee.toml _build/html *.md CITATION.cff

.PHONY: audit
audit: $(CARE_ENVIRONMENT) ## look for known vulnerabilities in what the lock installs
	@$(CARE)/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.txt

.PHONY: release
release: pdf ## pack what was built for a release: [TAG=v1.0]
	@$(PY) -m edition release $(call given,--tag,TAG)

.PHONY: bench
bench: $(ENVIRONMENT) ## measure speed and memory
	@$(PY) -m benchmarks

# A lock serves every Python and system at once. Before it takes the place of the old one
# it is tried on each of these: all that it names must be there, built, with the same hash.
# pip, which installs it, wants more than uv: a pin for each extra, too.
PYTHONS := 3.11 3.12 3.13
SYSTEMS := x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin
COMPILE = $(PY) -m uv pip compile --quiet --universal --python-version $(firstword $(PYTHONS)) \
    --fork-strategy fewest --no-strip-extras --generate-hashes \
    $(if $(KEEP),,--upgrade) --custom-compile-command "make lock"
TRY := $(PY) -m uv pip install --quiet --dry-run --target _build/locks/nowhere --only-binary :all: --require-hashes

.PHONY: lock
lock: | $(PY) ## renew the locks from pyproject.toml: [KEEP=yes] only adds and drops
	@$(PY) -m ensurepip >/dev/null
	@$(PY) -m pip install --quiet uv
	@rm -rf _build/locks && mkdir -p _build/locks
	@cp requirements.txt _build/locks/book.txt && cp .github/requirements.txt _build/locks/care.txt
	@$(COMPILE) --all-extras --output-file _build/locks/book.txt pyproject.toml
	@$(COMPILE) --group care --output-file _build/locks/care.txt
	@for python in $(PYTHONS); do for system in $(SYSTEMS); do \
	    $(TRY) --python-version $$python --python-platform $$system --requirement _build/locks/book.txt \
	        || { echo "make: the new lock fails for Python $$python on $$system; the old one stays" >&2; exit 1; }; \
	    echo "The lock serves Python $$python on $$system"; \
	done; done
	@$(PY) -m pip install --quiet --dry-run --ignore-installed --require-hashes --requirement _build/locks/book.txt
	@mv _build/locks/book.txt requirements.txt && mv _build/locks/care.txt .github/requirements.txt

.PHONY: clean
clean: ## remove all that was built (not the environment)
	@rm -rf _build
	@find lib tests benchmarks -name __pycache__ -exec rm -rf {} + 2>/dev/null || true

# The interpreter of the environment: the first that will do, or `make PYTHON=...`.
USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
CANDIDATES := $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11)

# Only the one of this folder is ever made: PY may name another, but never replaces it.
$(VENV)/bin/python:
	@rm -rf $(VENV)
	@for python in $(CANDIDATES); do \
	    if "$$python" -c '$(USABLE)' 2>/dev/null; then exec "$$python" -m venv $(VENV); fi; \
	done; \
	echo "make: needs Python 3.11 or newer with venv (on Debian: apt install python3-venv); found" >&2; \
	for python in $(CANDIDATES); do echo "  $$python: $$("$$python" -V 2>&1)" >&2; done; \
	echo "make: name another with: make PYTHON=/path/to/python" >&2; exit 1

$(ENVIRONMENT): | $(PY)
	@echo "Installing the locked environment in $(VENV): once, a minute or two ..."
	@rm -f $(VENV)/complete-*
	@$(PY) -m ensurepip >/dev/null
	@$(PY) -m pip install --quiet --require-hashes --requirement requirements.txt
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(CARE_ENVIRONMENT): | $(PY)
	@echo "Installing the tools that look after the repository in $(CARE) ..."
	@rm -rf $(CARE)
	@$(PY) -m venv $(CARE)
	@$(CARE)/bin/python -m pip install --quiet --require-hashes --requirement .github/requirements.txt
	@touch $@
