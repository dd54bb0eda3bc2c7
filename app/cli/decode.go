package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
)

func (a *app) decodeCmd() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "decode IN.cwb -o OUT.png",
		Short: "Decode a .cwb file, or any picture file, to PNG",
		Args:  exactArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.decode(cmd.Context(), args[0], out) },
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "the PNG `FILE` to write")
	required(cmd, "output")
	return cmd
}

func (a *app) decode(ctx context.Context, in, out string) error {
	if ext := strings.ToLower(filepath.Ext(out)); ext != ".png" {
		return fmt.Errorf("decoded pictures are written as PNG; name the output with the extension .png")
	}
	if err := writable(out); err != nil {
		return err
	}
	p, notes, err := a.load(ctx, in)
	if err != nil {
		return err
	}
	png, err := p.EncodePNG()
	if err != nil {
		return err
	}
	if err := picture.WriteFile(out, png); err != nil {
		return err
	}
	for _, n := range notes {
		fmt.Fprintln(a.Stderr, "note: "+n)
	}
	fmt.Fprintf(a.Stdout, "%s: %d x %d pixels\n", out, p.Width(), p.Height())
	return nil
}

// maxFileBytes bounds what is read as a compressed file.
const maxFileBytes = 1 << 30

// readFile reads a compressed file whole.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	switch {
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a file", path)
	case info.Size() > maxFileBytes:
		return nil, fmt.Errorf("%s: %d bytes is too large", path, info.Size())
	}
	return os.ReadFile(path)
}

// load decodes a .cwb file or opens a picture.
func (a *app) load(ctx context.Context, path string) (*picture.Picture, []string, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, nil, err
	}
	if !container.Is(data) {
		p, err := picture.Open(path)
		if err != nil {
			return nil, nil, err
		}
		return p, p.Source().Notes, nil
	}
	stream, c, err := a.tools().Codecs.Parse(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	if why := c.Info().Unavailable; why != "" {
		return nil, nil, fmt.Errorf("%s: %s is %w: %s", path, c.Info().ID, codecs.ErrUnavailable, why)
	}
	result, err := c.Decode(ctx, stream, codecs.DecodeOptions{})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: decode %s: %w", path, stream.Codec, err)
	}
	return result.Picture, result.Warnings, nil
}
