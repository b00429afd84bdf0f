# SPDX-License-Identifier: Apache-2.0
#
# Every command of this project. Go and make are all that a fresh machine needs; contract needs npm.

GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT    := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
GORELEASER    := github.com/goreleaser/goreleaser/v2@v2.16.0 --config .github/goreleaser.yaml

# GitHub's own descriptions of its APIs, of which the newest Enterprise Server that we know is 3.19.
DESCRIPTIONS := @octokit/openapi@23.0.2 @octokit/graphql-schema@15.26.1

# Programs of others that read and write workbooks.
OPENERS := exceljs@4.4.0 read-excel-file@9.3.17

# Empty without git: the binary then tells the version of its module.
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null)
FUZZTIME := 30s

# Where there are goroutines or several processes. Go's race detector needs a C compiler; all else
# needs Go alone.
CONCURRENT := ./audit ./audit/github/... ./audit/history ./cmd/pataudit/...
PROPERTIES := ExpirySet|Gained|Model|NoRunIsIts|OnlyReadNever|TablesChanged|TakenBack|Turns
ALONE      := ActionBuild|DeployedWeek|FilesDisk|FilesStandard|HintsRepro|SBOM|Successors
STORED     := Changed$$|FewStatements|Hostile$$|ManyRows

# The same for all but race, so that packages are compiled once: what .github/action/install.sh
# builds with, which a test runs.
export CGO_ENABLED := 0
export GOFLAGS     := $(GOFLAGS) -trimpath
race: export CGO_ENABLED := 1

.DEFAULT_GOAL := help
.PHONY: help build demo test race contract lint format bench fuzz golden pictures permissions archives \
	release tidy check descriptions openers

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/pataudit
	go build -ldflags "-X main.version=$(VERSION)" -o bin/pataudit ./cmd/pataudit

demo: build ## audit a sample organization through a GitHub API of our own
	bin/pataudit demo

# Tests are short and have memory: collecting their garbage less often saves a tenth of the time.
test: export GOGC := $(or $(GOGC),400)
test: ## run all tests
	go test -timeout 20m ./...

# With -short, exhaustive tests run every tenth case, and of the scripts those of several processes.
# The tests left out take long, and have one process and no goroutine of their own.
race: ## run the tests of what is concurrent with the race detector, which wants a C compiler
	go test -race -short -timeout 20m -skip '^Test($(PROPERTIES)|$(ALONE)|$(STORED))' $(CONCURRENT)

contract: descriptions ## hold requests and answers against GitHub's own descriptions, which npm brings
	go test -count 1 -run '^TestContract' ./audit/github

descriptions:
	npm install --loglevel error --no-audit --no-fund --no-save --ignore-scripts \
		--prefix "$(PATAUDIT_CONTRACT)" $(DESCRIPTIONS)

# The full tests skip nothing: they read the descriptions, too.
PATAUDIT_CONTRACT ?= $(CURDIR)/bin/contract
contract: export PATAUDIT_CONTRACT := $(PATAUDIT_CONTRACT)
openers: ## install the programs that the workbook is opened with, which npm brings
	npm install --loglevel error --no-audit --no-fund --no-save --ignore-scripts \
		--prefix "$(PATAUDIT_OPENERS)" $(OPENERS)

# The full tests open the workbook, too. A benchmark is held beside exceljs, if it is there.
PATAUDIT_OPENERS ?= $(CURDIR)/bin/openers
bench: export PATAUDIT_OPENERS := $(wildcard $(PATAUDIT_OPENERS))

ifdef PATAUDIT_TEST_FULL
test: openers
test: export PATAUDIT_OPENERS := $(PATAUDIT_OPENERS)
test race: descriptions
test race: export PATAUDIT_CONTRACT := $(PATAUDIT_CONTRACT)
endif

# Where there is a shellcheck, actionlint asks it, too.
lint: ## golangci-lint with go vet and gofumpt, actionlint, shellcheck if there is one
	go run $(GOLANGCI_LINT) run ./...
	go run $(ACTIONLINT) .github/workflows/*.yml .github/examples/*.yml
	command -v shellcheck >/dev/null || exit 0; shellcheck -x .ci/run .github/action/*.sh

format: ## format all Go files
	go run $(GOLANGCI_LINT) fmt ./...

bench: ## run all benchmarks
	go test -run '^$$' -bench . -benchmem -timeout 60m ./...

fuzz: ## fuzz each target for FUZZTIME (30s)
	@grep -rHoE --include='*_test.go' '^func Fuzz\w+' . | sed 's|/[^/]*:func | |' | sort | \
	while read -r room target; do \
		echo "$$room $$target"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x \
			"$$room" || exit 1; \
	done

golden: ## rewrite the golden files, and show what changed
	go test $$(grep -rlE --include='*_test.go' 'flag.Bool\("update"|reporttest\.Golden' . | \
		xargs -n 1 dirname | sort -u) -update
	git diff --stat

pictures: ## take the README's pictures of the demo, with Chromium, LibreOffice and Poppler
	go test ./cmd/pataudit -count 1 -v -run '^TestTakePictures$$' -pictures
	git diff --stat .github

# FILE is src/github-apps/data/…/fine-grained-pat-permissions.json of github/docs.
permissions: ## merge GitHub's published FILE into the table of permissions
	@test -f "$(FILE)" || { echo "make permissions FILE=fine-grained-pat-permissions.json"; exit 2; }
	go test ./audit -count 1 -run '^TestMergePermissionsFile$$' \
		-merge-permissions "$(abspath $(FILE))"
	git diff audit/permissions.csv

archives: ## build a release's archives in bin/release, without releasing anything
	go run $(GORELEASER) check
	go run $(GORELEASER) release --snapshot --clean

release: ## release the tag that is checked out: for the release workflow
	go run $(GORELEASER) release --clean

tidy:
	go mod tidy -diff

check: tidy lint test ## what a commit has to pass; .ci/run adds race, contract and the full tests
