package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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
		Long: `Decode a .cwb file, or a picture file (PNG, JPEG, WebP, GIF, BMP, TIFF, PNM), to a PNG
file. Files of learned codecs need the model that coded them: one that this program
ships, one in the user's models folder, or one in a folder named with --models.`,
		Example: `  codecworkbench decode photo.cwb -o decoded.png
  codecworkbench decode mine.cwb --models my-models/ -o decoded.png`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.decode(cmd.Context(), args[0], out) },
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
	if err := differ(in, out); err != nil {
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
	switch {
	case err != nil:
		return nil, fileError(path, err)
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder; give a file", path)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is neither a file nor a folder; give a file", path)
	case info.Size() > maxFileBytes:
		return nil, fmt.Errorf("%s: its %d MiB are too large, at most %d MiB are read", path, info.Size()>>20, maxFileBytes>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	return data, nil
}

// fileError names the file, not the system call that failed.
func fileError(path string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("%s: %w", path, err)
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
			return nil, nil, a.outsideContainer(path, err)
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

// outsideContainer adds what to do with a file that a codec here writes but that no
// reader of pictures here knows, such as .avif.
func (a *app) outsideContainer(path string, err error) error {
	c, ok := a.tools().Codecs.ByNative(filepath.Ext(path))
	if ok && errors.Is(err, picture.ErrFormat) {
		return fmt.Errorf("%s: %s files are decoded from inside a .cwb file only: encode to .cwb", path, c.Info().Native)
	}
	return err
}
