# The entry points; `make` without a target lists them.
.DEFAULT_GOAL := help
.PHONY: help setup build base python demo test sanitize guard kills faults fuzz site docs bench kernels sweep format lint install uninstall dist clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1  \2/p' Makefile | awk '{printf "  make %-9s", $$2; $$1 = $$2 = ""; print $$0}'

# The options of optimized builds; evaluated when a recipe runs, after setup.
FLAGS = $(shell Scripts/flags.sh)

setup: ## install the system packages that are missing (Debian)
	@Scripts/setup.sh

build: setup ## build the program: .build/release/graft
	@echo "Build: .build/release/graft"
	@swift build -c release $(FLAGS) --product graft

base: build ## fetch the base all-MiniLM-L6-v2 into the cache
	@.build/release/graft get base all-MiniLM-L6-v2

demo: base ## train LoRA on SST-2, evaluate and verify it, and compare the methods
	@Scripts/demo.sh

python: ## install the Python packages that some tests compare Graft with
	@Scripts/python.sh

# The product with the tests, because `--build-tests` would also build the programs of other packages, such as protoc.
test: setup python ## build and run all tests, optimized
	@echo "Tests: building, then running all of them"
	@swift build -c release $(FLAGS) --product GraftPackageTests
	@.build/release/graft get base all-MiniLM-L6-v2 || echo "Tests: those that need the real base are skipped."
	@swift test -c release $(FLAGS) --skip-build

# Tests that use threads and unsafe memory. XCTest has no tests here, but leaks memory.
SANITIZED = ^(SupportTests|CoreTests|MethodTests|InferenceTests)\.

sanitize: setup ## run the tests of Support, tensors, methods, and predictions under ThreadSanitizer and AddressSanitizer
	@echo "Sanitize: building with ThreadSanitizer"
	@swift build --sanitize=thread --scratch-path .build-tsan --product GraftPackageTests
	@swift test --sanitize=thread --scratch-path .build-tsan --skip-build --disable-xctest --filter '$(SANITIZED)'
	@echo "Sanitize: building with AddressSanitizer"
	@swift build --sanitize=address --scratch-path .build-asan --product GraftPackageTests
	@LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/Robustness/leaks.txt \
	  swift test --sanitize=address --scratch-path .build-asan --skip-build --disable-xctest --filter '$(SANITIZED)'

guard: build ## count the instructions of a training step, and compare them with the recorded counts
	@Scripts/guard.sh

kills: build ## kill the program 500 times, and check that no file is lost or damaged (needs strace)
	@python3 Tests/Robustness/kills.py .build/release/graft

faults: build ## make each system call of five commands fail, and check the results (needs strace)
	@python3 Tests/Robustness/faults.py .build/release/graft

fuzz: setup ## pass damaged inputs to every reader, under AddressSanitizer
	@echo "Fuzz: building with AddressSanitizer"
	@swift build -c release --sanitize=address --scratch-path .build-asan --product fuzz-readers
	@python3 Tests/Robustness/fuzz.py .build-asan/release/fuzz-readers

site: setup ## build the documentation site: .build/site (below SITE_BASE, if it is not at the root of a domain)
	@SITE_BASE=$(SITE_BASE) Scripts/site.sh

docs: site ## check the documentation by building the site: warnings and broken links are errors

bench: base ## benchmark against peft, adapters, and transformers (needs GLUE_DIR)
	@python3 Benchmarks/run.py

kernels: setup ## benchmark the individual kernels
	@mkdir -p runs/bench
	@swift run -c release $(FLAGS) kernel-benchmark | tee runs/bench/kernels.txt

sweep: base ## measure how the cost grows with batch size, length, workers, layers, and rank
	@python3 Benchmarks/sweep.py

format: ## format all Swift code
	@swift format format --in-place --recursive Sources Tests Examples Benchmarks Package.swift

# The targets whose sources are divided into folders.
LAYERED = $(filter-out Sources/Adapters,$(sort $(patsubst %/,%,$(dir $(patsubst %/,%,$(dir $(wildcard Sources/*/*/*.swift)))))))

lint: ## check the format of all Swift code, and that folders form layers
	@swift format lint --strict --recursive Sources Tests Examples Benchmarks Package.swift
	@python3 Scripts/layers.py $(LAYERED)

# Where `make install` puts the program. DESTDIR is a folder to use in place of the root, for packages.
PREFIX ?= /usr/local

# Builds only if there is no program, so that `sudo make install` does not build as root.
.build/release/graft:
	@$(MAKE) build

install: .build/release/graft ## install the program, its manual page, and shell completions (PREFIX, DESTDIR)
	@Scripts/install.sh .build/release/graft "$(DESTDIR)$(PREFIX)"

uninstall: ## remove what `make install` has installed
	@Scripts/install.sh --remove "$(DESTDIR)$(PREFIX)"

dist: ## build a release tarball and a Debian package in dist
	@Scripts/setup.sh dist
	@Scripts/dist.sh

clean: ## remove the build products, the release files, and the training runs
	@rm -rf .build .build-asan .build-tsan dist runs
