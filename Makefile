# make run: the window on a training counter.  make test: everything that is checked.
SHELL := /bin/bash
RUN_PACKAGES := build-essential pkg-config libwebkit2gtk-4.1-dev libgtk-3-dev librsvg2-dev libsoup-3.0-dev libdbus-1-dev dbus-x11
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
export SAOY_HOME ?= $(HOME)/.local/share/saoy-training

.PHONY: run test packages window types

packages:
	@missing=$$(for p in $(RUN_PACKAGES); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then echo "Installing:" $$missing; $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; fi

window: packages
	cd ui && npm ci --no-audit --no-fund && npm run build

run: window
	cargo build -p saoy-cli -p saoy-desktop
	@[ -f "$(SAOY_HOME)/counter.db" ] || SAOY_PIN=2468 target/debug/saoy init --office H00.00 --office-name "UBND xã Luyện Tập" --clerk "Nguyễn Thị Lan" --training
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then target/debug/saoy-desktop; else echo "Không có màn hình / no display: dùng target/debug/saoy digitize (PIN 2468)."; fi

test: window
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cd ui && npm run check && npm test
	cargo build -p saoy-cli -p saoy-desktop
	cargo test -p saoy-core -p saoy-cli

types:
	SAOY_WRITE_TYPES=1 cargo test -p saoy-core the_windows_types_are_fresh
