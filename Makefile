# SPDX-License-Identifier: GPL-2.0
# For people. The kernel's build system reads Kbuild, next to this file.

SUITE ?= bookworm
# Further options for "make demo", "make check" and "make shell".
ARGS ?=

TESTBED := tests/testbed
IN_ROOT := $(TESTBED) exec --suite $(SUITE) --

.DEFAULT_GOAL := help
.PHONY: help install install-sources uninstall deb compat demo check matrix soak bench static unit fuzz shell \
	modules clean distclean machine

help: ## list all targets
	@echo 'xenmod: Xen drivers for stock Debian kernels'
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*## */\1|/p' $(firstword $(MAKEFILE_LIST)) | \
		while IFS='|' read -r name text; do \
			printf '  make %-10s %s\n' "$$name" "$$text"; done
	@echo
	@echo 'SUITE=bullseye|bookworm|trixie|sid chooses the Debian suite that'
	@echo 'modules are built against and that "make shell" boots (now: $(SUITE)).'
	@echo 'ARGS=... hands options on: make check ARGS="--only unit", ARGS=--help.'
	@echo 'XENMOD_CACHE=DIR keeps the built test systems elsewhere than build/cache.'

demo: machine ## boot Xen in QEMU, serve guests' disk and network with our modules, show it
	@tests/demo --suite $(SUITE) $(ARGS)

check: machine ## run every test
	@tests/check $(ARGS)

matrix: machine ## run what has to work on each Debian release, by its own packages
	@tests/matrix $(ARGS)

bench: machine ## measure the in-tree drivers and ours, one after the other
	@tests/bench/run --suite $(SUITE) $(ARGS)

soak: machine ## run the tests that take hours
	@tests/soak $(ARGS)

static: machine ## check the sources: style, sparse, warnings
	@$(IN_ROOT) tests/static/check

unit: machine ## run the unit tests
	@$(IN_ROOT) $(MAKE) -C tests/host check

fuzz: machine ## fuzz the backends, e.g. ARGS="--seconds 3600"
	@$(IN_ROOT) tests/fuzz/run $(ARGS)

shell: machine ## a console in dom0, with our modules installed
	@$(TESTBED) shell --suite $(SUITE) $(ARGS)

modules: machine ## build the modules in this tree, against the suite's kernel
	@$(IN_ROOT) sh -c '$(MAKE) -C /lib/modules/*/build M=/src modules'

deb: machine ## build the Debian packages for SUITE, into build/deb/SUITE
	@$(TESTBED) deb --suite $(SUITE) $(ARGS)

compat: machine ## ask all suites' kernels, and write the answers into docs/compat.md
	@tests/compat/document

clean: ## remove what was built in this tree
	@find . -path ./build -prune -o -path ./.git -prune -o -type f \
		\( -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
		-o -name '*.a' -o -name '.*.cmd' -o -name '.*.d' \
		-o -name modules.order -o -name Module.symvers \) -exec rm -f {} +
	@[ ! -e tools/Makefile ] || $(MAKE) -s -C tools clean

distclean: clean ## also remove the test systems and the logs of all runs
	@[ ! -d build ] || $(TESTBED) clean
	@rm -rf build

# Installing: what dkms needs of the tree, under the name dkms wants.
KERNEL ?= $(shell uname -r)
PREFIX ?= /usr
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"$$/\1/p' dkms.conf)
SOURCES := $(DESTDIR)/usr/src/xenmod-$(VERSION)
# Folders with modules: dkms.conf lists them.
MODULES := $(shell sed -n 's/^BUILT_MODULE_LOCATION.*="\(.*\)"$$/\1/p' dkms.conf)

# What a package owns is not to be overwritten or removed behind its back.
.PHONY: no-package
no-package:
	@! dpkg-query -S '/usr/src/xenmod-*/dkms.conf' >/dev/null 2>&1 || { \
		echo 'xenmod: the package is installed: apt remove xenmod-dkms xenmod' >&2; \
		exit 1; }

install: no-package ## install the modules with dkms, for KERNEL=release, and the command
	@command -v dkms >/dev/null || { \
		echo 'xenmod: dkms is missing: apt install dkms' >&2; exit 1; }
	@[ -e /lib/modules/$(KERNEL)/build ] || { \
		echo 'xenmod: the headers of kernel $(KERNEL) are missing: apt install linux-headers-$(KERNEL)' >&2; \
		exit 1; }
	@[ -z "$$(dkms status xenmod/$(VERSION) -k $(KERNEL))" ] || \
		dkms remove xenmod/$(VERSION) -k $(KERNEL)
	rm -rf $(SOURCES)
	$(MAKE) -s install-sources
	@[ -n "$$(dkms status xenmod/$(VERSION))" ] || dkms add xenmod/$(VERSION)
	dkms install xenmod/$(VERSION) -k $(KERNEL)
	$(MAKE) -C tools install PREFIX=$(PREFIX)

install-sources:
	install -d $(SOURCES)
	cp -r Kbuild dkms.conf COPYING include compat $(MODULES) $(SOURCES)

uninstall: no-package ## remove what "make install" installed
	@[ -z "$$(dkms status xenmod/$(VERSION))" ] || dkms remove xenmod/$(VERSION) --all
	rm -rf $(SOURCES)
	@$(MAKE) -s -C tools uninstall PREFIX=$(PREFIX)

machine:
	@[ -e /etc/debian_version ] && command -v apt-get >/dev/null || { \
		echo 'xenmod: this is not a Debian machine; the tests need Debian 12 or newer' >&2; \
		exit 1; }
	@[ "$$(id -u)" = 0 ] || { \
		echo 'xenmod: the tests mount images: run make as root' >&2; exit 1; }
	@[ -x /usr/bin/python3 ] || { \
		echo 'xenmod: installing python3'; \
		apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3 >/dev/null || { \
			echo 'xenmod: python3 could not be installed: is there a network?' >&2; \
			exit 1; }; }
