# Everything that one does with this repository. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONPATH := site:.

.DEFAULT_GOAL := help
.PHONY: help run password demo test lint screenshots bench format translations messages clean

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 12

run: $(VENV)/installed ## Start the portal on port 8000 (PORT=9000 make run: on another one); Ctrl-C stops it
	@exec $(BIN)/python -m config.run

password: $(VENV)/installed ## Set a new password for the administrator "admin" (USER_NAME=… for somebody else)
	@$(BIN)/python manage.py changepassword $(or $(USER_NAME),admin)

demo: $(VENV)/installed ## Load the portal's own manual, or bring it up to date
	@$(BIN)/python manage.py load_demo

test: $(VENV)/installed-dev translations ## Run every test (ARGS="-k name" chooses)
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

lint: $(VENV)/installed-dev translations ## Look for mistakes without running the portal
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --check --target-version 5.2
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -q tests/architecture

format: $(VENV)/installed-dev ## Format Python and templates
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2

screenshots: $(VENV)/installed-dev ## Take the pictures of docs/images from the running portal (PORT=9000 as for run)
	@$(BIN)/python docs/screenshots.py --url http://localhost:$(or $(PORT),8000)

bench: $(VENV)/installed-dev translations ## Measure speed and memory, each beside its reference
	@$(BIN)/python -m bench

translations: $(VENV)/installed
	@$(BIN)/python manage.py compile_translations

messages: $(VENV)/installed ## Bring locale/ up to the texts of the source (ARGS=--check only says what is wrong)
	@$(BIN)/python manage.py update_messages $(ARGS)

clean: ## Remove what was installed and built; var/, which holds the data, stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find locale -name '*.mo' -delete

# --- Installation -------------------------------------------------------------------------------
# The stamp is written last: an interrupted installation is taken up again.

$(VENV)/installed: requirements.txt
	@$(MAKE) --no-print-directory $(BIN)/python
	@echo "Installing what the portal runs on …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing what tests and lint need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "The portal needs Python 3.11 or newer; '$(PYTHON)' is not. Name another one: make PYTHON=python3.12 run" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
