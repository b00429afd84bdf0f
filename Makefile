# SPDX-License-Identifier: Apache-2.0
#
# Every command of this project. Go and make are all that a fresh machine needs.

GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT    := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

# Empty without git: the binary then tells the version of its module.
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null)
FUZZTIME := 30s

# Go's race detector needs a C compiler; the tests themselves need Go alone.
RACE := $(shell command -v "$$(go env CC)" >/dev/null 2>&1 && echo -race)

.DEFAULT_GOAL := help
.PHONY: help build demo test lint format bench fuzz golden tidy check

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/pataudit
	go build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/pataudit ./cmd/pataudit

demo: build ## audit a sample organization through a GitHub API of our own
	bin/pataudit demo

test: ## run all tests, with the race detector where there is a C compiler for it
	go test $(RACE) ./...

lint: ## go vet, golangci-lint with gofumpt, actionlint
	go vet ./...
	go run $(GOLANGCI_LINT) run ./...
	go run $(ACTIONLINT)

format: ## format all Go files
	go run $(GOLANGCI_LINT) fmt ./...

bench: ## run all benchmarks
	go test -run '^$$' -bench . -benchmem ./...

fuzz: ## fuzz each target for FUZZTIME (30s)
	@grep -rHoE --include='*_test.go' '^func Fuzz\w+' . | sed 's|/[^/]*:func | |' | sort | \
	while read -r room target; do \
		echo "$$room $$target"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x \
			"$$room" || exit 1; \
	done

golden: ## rewrite the golden files, and show what changed
	go test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | \
		xargs -n 1 dirname | sort -u) -update
	git diff --stat

tidy:
	go mod tidy -diff

check: tidy lint test ## what CI runs
