# make run   the window on a training counter; without a display the same job headless
# make test  everything that is checked, outside judges included
# make bench how fast, and how much memory; beside the peers where they are installed
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
.PHONY: run test bench types ui packages test-packages test-tools samples

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
export SAOY_HOME ?= $(HOME)/.local/share/saoy-training
export SAOY_PIN ?= 2468
SAMPLES := $(SAOY_HOME)-scans

RUN_PACKAGES := build-essential pkg-config libwebkit2gtk-4.1-dev libgtk-3-dev librsvg2-dev libsoup-3.0-dev \
  libdbus-1-dev dbus-x11 sane-utils
TEST_PACKAGES := python3-venv poppler-utils qpdf zbar-tools jpeginfo strace openssl softhsm2 opensc default-jdk-headless \
  libbcprov-java libbcpkix-java libbcutil-java libjaxb-java xvfb xdotool xclip webkit2gtk-driver
PEER_PACKAGES := fonts-noto-core time

# $(call install,PACKAGES): installs what is missing and says so; quiet when nothing is.
define install
@missing=$$(for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
if [ -n "$$missing" ]; then \
  echo "Installing system packages / Cài gói hệ thống:" $$missing; \
  $(SUDO) apt-get update -qq; \
  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
fi
endef

packages:
	$(call install,$(RUN_PACKAGES))

test-packages: packages
	$(call install,$(TEST_PACKAGES))

test-tools: test-packages .tools/venv/ready

.tools/venv/ready: tests/oracles/requirements.txt
	@echo "Installing the outside judges into .tools/venv"
	[ -L .tools/venv ] && rm .tools/venv || true
	/usr/bin/python3 -m venv .tools/venv
	.tools/venv/bin/pip install --quiet --disable-pip-version-check -r tests/oracles/requirements.txt
	touch $@

ui/node_modules/.package-lock.json: ui/package-lock.json
	cd ui && npm ci --no-audit --no-fund
	touch $@

ui: ui/node_modules/.package-lock.json
	cd ui && npm run build

samples: packages
	cargo build -q -p saoy-tests --bin draw-scans
	target/debug/draw-scans "$(SAMPLES)" 6

run: packages ui samples
	cargo build -p saoy-cli -p saoy-desktop
	@if [ ! -f "$(SAOY_HOME)/counter.db" ]; then \
	  target/debug/saoy init --office H00.00 --office-name "UBND xã Luyện Tập" --clerk "Nguyễn Thị Lan" --training >/dev/null; \
	fi
	@echo "Training counter / Quầy luyện tập: $(SAOY_HOME) · PIN 2468"
	@echo "Sample scans / Bản quét mẫu:       $(SAMPLES)"
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	  env -u SAOY_PIN target/debug/saoy-desktop; \
	else \
	  echo "No display: the same job without the window / Không có màn hình: làm việc đó bằng lệnh saoy"; \
	  made=$$(target/debug/saoy digitize --json --owner 001087000001 --type KQ.G15.000031 --name "Giấy khai sinh" --permanent \
	    --accept-findings "$(SAMPLES)"/giay-to-0[1-3].jpg); \
	  pdf=$$(sed 's/.*"pdf":"\([^"]*\)".*/\1/' <<<"$$made"); \
	  verdict=$$(target/debug/saoy verify --json --home "$(SAOY_HOME)" "$$pdf"); \
	  echo "PDF:     $$pdf"; \
	  echo "Verdict: $$(sed 's/.*"verdict":"\([^"]*\)".*/\1/' <<<"$$verdict")"; \
	fi

# Third-party inputs are walked where they lie beside the project or SAOY_INPUTS names them.
test: export SAOY_INPUTS ?= $(wildcard $(CURDIR)/../shared/inputs)
test: test-tools ui
	cargo fmt --all --check
	cd ui && npm run check && npm test
	cargo build -p saoy-cli -p saoy-desktop
	cargo clippy --workspace --all-targets -- -D warnings
	cargo test --workspace --no-fail-fast
	$(if $(SAOY_INPUTS),cargo test --workspace --test stories -- --ignored)

# The peers' scripts run beside ours where they lie beside the project or SAOY_PEERS names them.
bench: export SAOY_PEERS ?= $(wildcard $(CURDIR)/../shared/peers)
bench: test-tools
	$(if $(SAOY_PEERS),$(call install,$(PEER_PACKAGES)))
	$(if $(SAOY_PEERS),.tools/venv/bin/pip install --quiet --disable-pip-version-check reportlab segno)
	cargo build --release -p saoy-cli
	cargo build -p saoy-tests --bin draw-scans
	target/debug/draw-scans target/bench-scans 20 200 42
	cargo bench -p saoy-core --bench copy --bench catalogue --bench judge --bench sign -- --noplot
	cargo bench -p saoy-tests --bench import
	.tools/venv/bin/python tests/bench/digitize.py target/release/saoy target/bench-scans $(SAOY_PEERS)

types:
	SAOY_WRITE_TYPES=1 cargo test -p saoy-core the_windows_types_are_fresh
