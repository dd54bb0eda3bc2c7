package klt

import (
	"context"

	"codecworkbench/codecs/nn/kernel"
)

// inParallel calls f(0..n-1) from all cores: kernel.Parallel without scratch memory.
func inParallel(ctx context.Context, n int, f func(i int)) error {
	return kernel.Parallel(ctx, n, func() func(int) { return f })
}
