//go:build !amd64 || purego

package kernel

func vectorImplementations() []implementation { return nil }
