# make run     simulate the park's year and print the tables       make run REPLICATIONS=2 ARGS="experiment.seed=7"
# make test    run the tests                                       make test ARGS="-k solar"
# make cluster run the tests that need a Ray cluster of two nodes, which they start, and Slurm, where it is
# make bench   time the kernel against bare SimPy events
# make coverage run the tests and tell the lines and branches that none reaches
# make lint    ruff and mypy, as CI does
# make clean   remove .venv and caches; results stay
#
# PYTHON=/path/to/python3.12 chooses another Python than the newest that works.

.DEFAULT_GOAL := run
.PHONY: run test cluster bench coverage lint clean FORCE
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11)

# "yes" if the venv's Python runs, is one of ours and is the one asked for; a broken or foreign venv is made anew
VENV_FITS := $(shell $(PY) -c "import sys, pip; print('yes' if (3, 11) <= sys.version_info[:2] <= (3, 13) else 'no')" 2>/dev/null)
ifneq ($(PYTHON),)
VENV_VERSION := $(shell $(PY) -c "import sys; print(*sys.version_info[:2])" 2>/dev/null)
ASKED_VERSION := $(shell $(PYTHON) -c "import sys; print(*sys.version_info[:2])" 2>/dev/null)
ifneq ($(VENV_VERSION),$(ASKED_VERSION))
VENV_FITS := no
endif
endif

run: $(VENV)/.run
	@$(PY) -m eipsim run $(if $(REPLICATIONS),experiment.replications=$(REPLICATIONS)) $(ARGS)

test: $(VENV)/.test
	@$(PY) -m pytest --numprocesses auto --quiet $(ARGS)

cluster: $(VENV)/.cluster
	@EIPSIM_CLUSTER=1 $(if $(shell command -v sbatch),EIPSIM_SLURM=1) $(PY) -m pytest tests/engines --quiet $(ARGS)

bench: $(VENV)/.test
	@$(PY) -m pytest tests/performance --benchmark-columns=min,median,max,rounds $(ARGS)

coverage: $(VENV)/.lint
	@$(PY) -m pytest --numprocesses auto --quiet --cov --cov-report=term $(ARGS)

lint: $(VENV)/.lint
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

clean:
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .coverage dist build
	@find eipsim tests experiments -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

FORCE:

# the Python is tried, not only looked up: a shim on the PATH may stand for nothing
$(VENV)/.made: $(if $(filter yes,$(VENV_FITS)),,FORCE)
	@chosen=; runs=; \
	for python in $(PYTHONS); do \
	  version=$$($$python -c "import sys; v = sys.version_info[:2]; print('%d.%d' % v if (3, 11) <= v <= (3, 13) else '')" 2>/dev/null) || continue; \
	  [ -n "$$version" ] || continue; \
	  runs=$${runs:-$$version}; \
	  if $$python -c "import venv, ensurepip" 2>/dev/null; then chosen=$$python; break; fi; \
	done; \
	if [ -z "$$chosen" ] && [ -n "$$runs" ]; then \
	  echo "Python $$runs is here, but without venv. On Debian and Ubuntu: apt install python$$runs-venv" >&2; exit 1; \
	elif [ -z "$$chosen" ]; then \
	  echo "eipsim needs Python 3.11, 3.12 or 3.13; none of these runs: $(PYTHONS). On Debian and Ubuntu: apt install python3 python3-venv" >&2; exit 1; \
	fi; \
	echo "Setting up $(VENV) with Python $$version (once) ..."; \
	$$chosen -m venv --clear $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing what eipsim needs (once) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@echo "Installing what the tests need (once) ..."
	@$(PIP) --editable ".[test]"
	@touch $@

$(VENV)/.cluster: $(VENV)/.test
	@echo "Installing what clusters need (once) ..."
	@$(PIP) --editable ".[test,cluster]"
	@touch $@

$(VENV)/.lint: $(VENV)/.test
	@echo "Installing what the checks need (once) ..."
	@$(PIP) --editable ".[test,lint]"
	@touch $@
