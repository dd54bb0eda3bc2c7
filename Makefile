# Codec Workbench. Two commands do everything on a fresh machine: make run, make test.

GO      ?= go
OUT     := out/codecworkbench
SHARED  ?= ../shared
PYTHON  ?= python3

.PHONY: help run build nogui static test full bench emulate lint generate clean

help:
	@echo 'make run     set up what is missing, build, and open the window (or write a demo plot where there is no display)'
	@echo 'make test    run all tests'
	@echo 'make full    the long tests: all of Kodak, every kernel'
	@echo 'make bench   benchmarks; beside OpenBLAS, PyTorch, ONNX Runtime, CompressAI and the reference tools of metrics, where they are installed'
	@echo 'make emulate the kernels for AVX-512 on an emulated processor, where the own one lacks it'
	@echo 'make lint    gofmt, go vet and golangci-lint'
	@echo 'make nogui   the command line alone, without X or OpenGL; make static: as one static binary'

run:
	@.ci/setup window
	@.ci/demo

build:
	$(GO) build -o $(OUT) ./app

nogui:
	$(GO) build -tags nogui -o $(OUT)-nogui ./app

static:
	$(GO) build -tags nogui,netgo,osusergo -ldflags '-linkmode external -extldflags -static' -o $(OUT)-static ./app

test:
	@.ci/setup test
	$(GO) vet ./...
	$(GO) test ./...

full:
	CODECWORKBENCH_FULL=1 $(GO) test -timeout 60m ./...
	$(GO) test -tags purego ./codecs/nn/... ./codecs/quantize ./codecs/klt ./codecs/vq ./codecs/hyperprior ./codecs/factorized ./codecs/walloc ./codecs/mlic ./codecs/roi

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./codecs/... ./metrics/... ./views/viewport/... ./app/sweep/... ./app/workbench/...
	$(GO) run ./codecs/nn/kernel/bench
	$(GO) run ./codecs/nn/bench -python $(PYTHON)
	$(GO) run ./codecs/latent/bench -python $(PYTHON)
	$(GO) run ./metrics/bench -python $(PYTHON)
	$(GO) build -o $(OUT) ./app
	$(GO) run ./views/bench -program $(OUT)
	$(PYTHON) codecs/nn/grad/bench/step.py

emulate:
	.ci/emulate

lint:
	@.ci/lint

generate:
	$(GO) generate ./...

clean:
	rm -rf out
