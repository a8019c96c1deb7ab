# Two commands matter: `make run` and `make test`. Everything they need goes into .venv and data/.

PYTHON ?= python3
PORT ?= 8501
BIN = .venv/bin
READY = .venv/ready
READY_DEV = .venv/ready-dev

# Where a shell forbids it, Python would compile everything anew at each start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo test test-fast webkit check backup restore drill bench browser clean

run: $(READY)
	$(BIN)/streamlit run dashboard/app.py --server.port $(PORT)

demo: $(READY)
	SO_GIAM_SAT_DATA=demo-data SO_GIAM_SAT_SAMPLE=1 SO_GIAM_SAT_TODAY=2024-11-15 DATABASE_URL= $(BIN)/python -m seed.sample
	SO_GIAM_SAT_DATA=demo-data SO_GIAM_SAT_SAMPLE=1 SO_GIAM_SAT_TODAY=2024-11-15 DATABASE_URL= \
		$(BIN)/streamlit run dashboard/app.py --server.port $(PORT)

test: $(READY_DEV) browser
	$(BIN)/python -m pytest

# Without a browser: what one runs after every change.
test-fast: $(READY_DEV)
	$(BIN)/python -m pytest tests/data_model tests/seed tests/dashboard

# The tablet's page in WebKit, an iPad's engine: Debian's, where apt can install it. Not a part of `make test`.
webkit: $(READY_DEV)
	@which WebKitWebDriver xvfb-run >/dev/null || apt-get install -y -qq --no-install-recommends webkit2gtk-driver xvfb
	xvfb-run -a $(BIN)/python -m pytest -n 0 tests/browser/webkit_tablet.py

# How the code is written, laid out and typed.
check: $(READY_DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# The whole database as one file in data/backups, proved; the newest 30 stay.
backup: $(READY)
	$(BIN)/python -m dashboard.server.backup make

# FILE=... or the newest; only into an empty place.
restore: $(READY)
	$(BIN)/python -m dashboard.server.backup restore $(FILE)

drill: $(READY)
	$(BIN)/python -m dashboard.server.backup drill $(FILE)

bench: $(READY_DEV) browser
	$(BIN)/python -m benchmarks

# The distribution's Chromium where apt can install it, otherwise Playwright's own; tests say plainly when there is none.
browser: $(READY_DEV)
	@$(BIN)/python tests/browser/find_browser.py --install

.venv/bin/python:
	$(PYTHON) -m venv .venv

$(READY): .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $(READY)

# What the tests never import need not be compiled.
$(READY_DEV): .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --no-compile --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(READY) $(READY_DEV)

clean:
	rm -rf .venv
