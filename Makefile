# Every command of this project. `make` alone lists them.
#
# A machine needs Rust, a C compiler and Python 3.10 or newer, and `make check` valgrind as well; the rest (SAM CLI,
# cargo-lambda, the local cloud, the linters) is installed into .venv, pinned by tools/requirements.txt, when first needed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The functions are built once, in order: two builds of one target/ would only wait for each other.
.NOTPARALLEL:

PYTHON ?= python3
VENV := .venv
INSTALLED := $(VENV)/installed
INSTALLED_FOR_CHECK := $(VENV)/installed-for-check

# What a person may say on the command line, for the programs in tools/.
export API TEST_BROWSER GOAL GOALS VERBOSE CHANGES ONCE GATEWAY_PORT COUNT TIME TARGET KEEP FLIP_SECONDS FROZEN_SECONDS LOAD_SECONDS SEED STORE QUICK EVENT FUNCTION
# SAM's and cfn-lint's only question about where we are.
export AWS_DEFAULT_REGION ?= us-east-1
export SAM_CLI_TELEMETRY := 0
# No __pycache__ in the tree.
export PYTHONDONTWRITEBYTECODE := 1

PROCESSOR := $(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x86_64)
ON_PATH := PATH="$(CURDIR)/$(VENV)/bin:$$PATH"
# Amazon's emulator of Lambda: a program of this machine's processor, whatever the functions are built for.
WITH_RIE = AWS_LAMBDA_RIE="$$(echo "$(CURDIR)"/$(VENV)/lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-$(PROCESSOR))"
# The binaries under test are the package's own: the very files that a deployment uploads.
WITH_PACKAGE = FUNCTIONS_BIN_DIR="$(CURDIR)/.aws-sam/build" $(WITH_RIE)
# A build for arm64 has a folder of its own: it replaces nothing that this machine's processor runs.
ARM64 = $${CARGO_TARGET_DIR:-target}/arm64
# nextest where it is installed: it runs the tests of all crates side by side. `cargo test` runs the same tests.
RUN_TESTS = $$(cargo nextest --version >/dev/null 2>&1 && echo "cargo nextest run --test-threads $$((2 * $$(nproc)))" \
	|| echo "cargo test --lib --bins --tests --examples")

.PHONY: help
help: ## this list
	@echo "make run      from a goal to an agent, in a cloud on this machine; stays up until Ctrl-C"
	@echo "                GOAL=\"...\"         another goal          CHANGES=\"...\"   another wish for the second version"
	@echo "                ONCE=1             end after showing it  GATEWAY_PORT=n  where the local cloud listens (4566)"
	@echo "make test     every test: crates, programs under Amazon's emulator, the deployed system"
	@echo "make test-browser   the page in Chromium, against the stack in a local cloud;  make pictures   those of the documentation"
	@echo "make check    formatting, lints, licences, the template, every test, then the guard: what CI runs"
	@echo "make faults   every fault with production's deadlines and ten minutes frozen; writes docs/FAULTS.md (15 minutes)"
	@echo "make fuzz     whatever comes in from outside, for TIME seconds each (60); TARGET=event for one, KEEP=1 writes docs/FUZZING.md"
	@echo "make load     the binaries under load, faults and outages; writes docs/LOAD.md (20 minutes)"
	@echo "                COUNT=100000  FLIP_SECONDS=60  FROZEN_SECONDS=600  LOAD_SECONDS=60"
	@echo "make limits   the largest legal request of every hostile shape: processor time and memory; writes docs/HOSTILE.md (3 minutes)"
	@echo "make models   plays how language models really answer; writes the list in docs/MODELS.md"
	@echo "make models-live  a real model server with a tiny model answers the functions (its first build takes ten minutes)"
	@echo "make eval     how good the planner is (PLANNER=... for another): goals and changes answered right, lost words, silent successes; writes docs/QUALITY.md"
	@echo "                GOALS=goals.jsonl  other goals           WISHES=wishes.jsonl  other wishes for changes     VERBOSE=1  and what went wrong"
	@echo "make read GOAL=\"...\"  what is understood of a goal, before any block is chosen;  CHANGES=\"...\"  of a wish for a change"
	@echo "make bench    what an invocation costs, compared with an empty function, a forwarder and a Python peer; writes docs/COST.md (5 minutes, and a build)"
	@echo "make guard    compares instructions and bytes with the stored ones (STORE=1 stores them)"
	@echo "make scale    how far it goes: simulates 1 to 10,000 requests a second, writes docs/SCALE.md (SEED=n)"
	@echo "make bench-operations   how fast operations are accepted and ended in the local cloud (COUNT=200)"
	@echo "make build    the SAM package for this machine's processor, in .aws-sam/build, and what is linked, in .aws-sam/sbom"
	@echo "make arm64    every function for arm64, sent every file of events/, in an emulator on another processor (QUICK=1: compiled in the shortest time)"
	@echo "make web      the page that the function \`page\` serves, in web/dist"
	@echo "make web-dev  the page on http://127.0.0.1:8000 before a running stack, reloaded at every change (API=http://127.0.0.1:4567/v1)"
	@echo "make local    the functions without a gateway on http://localhost:9000, built again at every edit (cargo lambda watch)"
	@echo "make local-invoke EVENT=events/decompose-rest.json   an event through \`sam local invoke\`, in a container (Docker or podman)"
	@echo "make fmt      formats the Rust code"
	@echo "make clean    removes what was built, the virtual environment and the local cloud's files"
	@echo "make deploy-help   how to deploy into an AWS account"

# Not `run: $(INSTALLED)`: the functions are compiled while pip installs the tools.
.PHONY: run
run: can-python
	@"$(PYTHON)" tools/start.py $(VENV) tools/requirements.txt $(INSTALLED)

.PHONY: build
build: $(INSTALLED)
	@$(VENV)/bin/python tools/preflight.py build
	@$(VENV)/bin/python tools/build.py

# `sam build` compiles it into the function `page`, so it comes first.
.PHONY: web
web: $(INSTALLED)
	@$(VENV)/bin/python tools/web.py

.PHONY: web-dev
web-dev: $(INSTALLED)
	@$(VENV)/bin/python tools/web.py dev

.PHONY: test
test: test-page test-crates test-system test-browser

.PHONY: test-page
test-page: $(INSTALLED)
	@$(VENV)/bin/python tools/web.py check

.PHONY: test-browser
test-browser: $(INSTALLED)
	@$(VENV)/bin/python tools/preflight.py run
	@$(VENV)/bin/python tools/browser.py

.PHONY: pictures
pictures: $(INSTALLED)
	@$(VENV)/bin/python tools/preflight.py run
	@$(VENV)/bin/python tools/browser.py write

.PHONY: test-crates
test-crates: build
	@$(VENV)/bin/python tools/preflight.py run
	$(WITH_PACKAGE) $(VENV)/bin/python tools/with_local_cloud.py $(RUN_TESTS) --workspace

# The remote generator of these tests comes with the crates' tests: built alone it would have other features, and no crate of
# theirs could be used again.
.PHONY: test-system
test-system: build $(INSTALLED_FOR_CHECK)
	@$(VENV)/bin/python tools/preflight.py run
	@$(VENV)/bin/python tools/ai_sdk.py
	@$(VENV)/bin/python tools/assistants.py
	cargo test --workspace --tests --no-run --quiet
	@$(VENV)/bin/python tools/run_tests.py tools/tests tests/system bench/tests

# `cargo test`, for nextest ends a test after three minutes. The document is written from what every process noted.
.PHONY: faults
faults: build
	@$(VENV)/bin/python tools/preflight.py run
	rm -rf "$${CARGO_TARGET_DIR:-target}/tmp/faults"
	FAULTS_LONG=1 FAULTS_FROZEN_SECONDS=$${FROZEN_SECONDS:-600} $(WITH_PACKAGE) $(VENV)/bin/python tools/with_local_cloud.py \
		cargo test --package fault-tests -- --test-threads 32 --skip document::
	FAULTS_WRITE=1 cargo test --package fault-tests document::

.PHONY: fuzz
fuzz: $(INSTALLED)
	@$(VENV)/bin/python tools/preflight.py build
	@$(VENV)/bin/python tools/fuzz.py

.PHONY: load
load: $(INSTALLED)
	@$(VENV)/bin/python tools/preflight.py run
	@$(VENV)/bin/python tools/load.py

.PHONY: limits
limits: $(INSTALLED)
	@$(VENV)/bin/python tools/preflight.py build
	@$(VENV)/bin/python tools/limits.py

.PHONY: arm64
arm64: web
	@$(VENV)/bin/python tools/preflight.py run
	@$(VENV)/bin/python tools/arm64.py "$(ARM64)"
	FUNCTIONS_BIN_DIR="$(ARM64)/functions" $(WITH_RIE) $(VENV)/bin/python tools/with_local_cloud.py \
		cargo test --workspace --test service -- event_files:: authorizer::

.PHONY: models
models: ## plays how language models answer, and lists it in docs/MODELS.md
	WRITE=1 cargo test --quiet --package generator --test quirks

.PHONY: models-live
models-live: $(INSTALLED)
	@$(VENV)/bin/python tools/models_live.py

.PHONY: eval
eval: ## how good the planner is, in figures
	cargo run --release --quiet --package generator --example eval

.PHONY: read
read: ## what is understood of GOAL, or of the wish CHANGES
	@cargo run --quiet --package generator --example read

.PHONY: bench-operations
bench-operations: $(INSTALLED) ## operations per second, and none lost
	@$(VENV)/bin/python tools/preflight.py run
	@$(VENV)/bin/python tools/bench_operations.py

.PHONY: bench
bench: $(INSTALLED)
	@$(VENV)/bin/python tools/preflight.py build
	@$(VENV)/bin/python tools/cost.py measure

.PHONY: guard
guard: can-guard $(INSTALLED)
	@$(VENV)/bin/python tools/cost.py guard

.PHONY: scale
scale:
	@"$(PYTHON)" bench/scale.py

# What the last step needs is asked for before the first.
.PHONY: check
check: can-guard lint test guard

.PHONY: can-guard
can-guard:
	@"$(PYTHON)" tools/preflight.py guard

.PHONY: lint
lint: lint-rust lint-licences lint-template

.PHONY: lint-rust
lint-rust:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --quiet

# Known advisories are looked up in a database on GitHub: `make advisories`, where that can be reached.
.PHONY: lint-licences
lint-licences: $(INSTALLED_FOR_CHECK)
	$(ON_PATH) cargo deny --workspace check bans licenses sources

.PHONY: advisories
advisories: $(INSTALLED_FOR_CHECK)
	$(ON_PATH) cargo deny --workspace check advisories

.PHONY: lint-template
lint-template: $(INSTALLED)
	$(ON_PATH) cfn-lint template.yaml
	$(ON_PATH) sam validate --lint

.PHONY: local
local: $(INSTALLED)
	@$(VENV)/bin/python tools/preflight.py build
	@echo "POST http://localhost:9000/lambda-url/decompose, .../generate, .../patch; GET .../catalog/blocks. Ctrl-C ends it."
	$(ON_PATH) AGENT_GENERATOR_URL="$${AGENT_GENERATOR_URL-builtin}" cargo lambda watch

.PHONY: local-invoke
local-invoke: $(INSTALLED)
	@$(VENV)/bin/python tools/preflight.py build
	@$(VENV)/bin/python tools/local_invoke.py check
	@$(VENV)/bin/python tools/build.py >&2
	@$(VENV)/bin/python tools/local_invoke.py

.PHONY: fmt
fmt: ## formats
	cargo fmt --all

.PHONY: clean
clean:
	rm -rf .aws-sam .local $(VENV) target web/dist web/node_modules tests/browser/node_modules

.PHONY: deploy-help
deploy-help:
	@echo "With credentials of the account in the environment or in a profile, and the aarch64 target for the default Architecture:"
	@echo "  rustup target add aarch64-unknown-linux-gnu"
	@echo "  PATH=\"$(VENV)/bin:\$$PATH\" sam build"
	@echo "  PATH=\"$(VENV)/bin:\$$PATH\" sam deploy --parameter-overrides AgentGeneratorUrl=builtin"
	@echo "The parameters are in template.yaml, each with what it means. The outputs name the API's address and its key."

.PHONY: can-python
can-python:
	@command -v "$(PYTHON)" >/dev/null || { echo "error: Python 3.10 or newer is needed and there is no $(PYTHON): install it, or name it with PYTHON=..." >&2; exit 1; }

# Once, and again when the pinned versions change. A half-made environment has no stamp and is made anew.
$(INSTALLED): tools/requirements.txt | can-python
	@"$(PYTHON)" tools/install.py $(VENV) tools/requirements.txt $@

$(INSTALLED_FOR_CHECK): tools/requirements-check.txt $(INSTALLED)
	@"$(PYTHON)" tools/install.py $(VENV) tools/requirements-check.txt $@ --add
