// Command gen writes the assembly of package kernel with avo. It is a module of its own,
// so that the program does not depend on avo. "go generate" in the folder above runs it.
//
// One file holds one family of kernels: add its function to families, and the files
// NAME_amd64.s and NAME_amd64.go (the declarations) appear.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

// families lists what is generated, by the stem of the file's name.
var families = []struct {
	name string
	emit func(*build.Context)
}{
	{"gemm_avx2", gemmAVX2},
	{"gemm_avx512", gemmAVX512},
	{"depthwise_avx2", depthwiseAVX2},
	{"depthwise_avx512", depthwiseAVX512},
	{"maps_avx2", elementwise},
	{"signs_avx2", signBits},
	{"blend_avx2", blends},
	{"pack_avx2", packing},
	{"reduce_avx2", reductions},
	{"int_gemm_avx2", intGemmAVX2},
	{"int_gemm_avx512", intGemmAVX512},
	{"int_maps_avx2", intMapsAVX2},
	{"int_maps_avx512", intMapsAVX512},
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run . FOLDER")
		os.Exit(2)
	}
	for _, f := range families {
		if err := generate(os.Args[1], f.name, f.emit); err != nil {
			fmt.Fprintf(os.Stderr, "gen: %s: %v\n", f.name, err)
			os.Exit(1)
		}
	}
}

// generate writes one family's assembly and declarations.
func generate(folder, name string, emit func(*build.Context)) error {
	c := build.NewContext()
	c.ConstraintExpr("amd64,!purego")
	emit(c)
	file, err := c.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	config := printer.Config{Argv: []string{"go", "generate"}, Pkg: "kernel"}
	for suffix, p := range map[string]printer.Printer{".s": printer.NewGoAsm(config), ".go": printer.NewStubs(config)} {
		text, err := p.Print(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name+"_amd64"+suffix), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
