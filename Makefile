# Everything a person does with this repository. The scripts are in .ci.

.DEFAULT_GOAL := help
SHELL := /bin/bash

FUZZTIME ?= 20s
BENCH    ?= .
IMAGE    ?= slotfinder

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## the whole product on this machine, with a simulated Bitrix24
	go run . demo

.PHONY: setup
setup: ## install what the tests need, from Debian's packages
	@.ci/setup.sh

.PHONY: check
check: ## what is fast and needs no installation: the linters and most tests of units
	@.ci/check.sh

.PHONY: test
test: ## every test, installing what is missing; with FRESH=1 as root on a bare Debian made for it
	@$(if $(FRESH),.ci/fresh.sh,.ci/test.sh)

.PHONY: lint
lint: ## the format and the linters, as .golangci.yml has them
	@.ci/lint.sh

.PHONY: audit
audit: ## known vulnerabilities of the libraries, where their database can be reached
	@.ci/audit.sh

.PHONY: fmt
fmt: ## format the code
	go tool -modfile=.ci/lint/go.mod golangci-lint fmt
	go tool templ fmt -log-level warn .

.PHONY: generate
generate: ## make the generated files anew: pages, texts, the README's table
	@.ci/generate.sh

.PHONY: verify
verify: ## generated files, vendored files and the image's build are as committed
	@.ci/verify.sh

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (20s)
	@.ci/fuzz.sh $(FUZZTIME)

.PHONY: bench
bench: ## the benchmarks whose name matches BENCH (all)
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

.PHONY: attack
attack: ## attack the product on this machine; whether each attack held, and its figures; WORD=links: only those
	@.ci/attack.sh '$(WORD)'

.PHONY: shots
shots: ## make the README's pictures anew
	SLOTFINDER_SHOTS=1 go test -count=1 -run '^TestShots$$' ./internal/e2e/browser

.PHONY: lighthouse
lighthouse: ## Lighthouse's scores on a phone; takes some minutes, needs Node and the network
	SLOTFINDER_LIGHTHOUSE=1 go test -count=1 -v -timeout 20m -run '^TestLighthouse$$' ./internal/e2e/browser

.PHONY: build
build: ## the program as it is shipped, in bin/
	.ci/build.sh bin/slotfinder

.PHONY: docker
docker: ## the container image
	docker build --build-arg COMMIT="$$(git rev-parse --short=12 HEAD)" --tag $(IMAGE) .

.PHONY: vendor
vendor: ## fetch the vendored scripts and icons from npm and compare their checksums
	sh static/vendor.sh

.PHONY: tzdata
tzdata: ## renew the program's own time zone data from Debian's package
	@.ci/tzdata.sh
