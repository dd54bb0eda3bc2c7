//go:build !amd64 || purego

package kernel

func vectorIntImplementations() []intImplementation { return nil }
