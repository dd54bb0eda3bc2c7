package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"codecworkbench/app/report"
	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
)

func (a *app) inspectCmd() *cobra.Command {
	var asJSON bool
	var panels string
	cmd := &cobra.Command{
		Use:   "inspect IN.cwb",
		Short: "Account for every byte of a .cwb file, by section",
		Long: `List the sections of a .cwb file with their bytes; container is the file's own head.
--panels writes what the codec shows of its inside (maps, histograms, codebooks, tables)
as PNG and CSV files; the CSV of a map has a row of values for each row of the map.`,
		Example: `  codecworkbench encode --codec klt photo.png -o photo.cwb
  codecworkbench inspect photo.cwb --panels inside/`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.inspect(cmd.Context(), args[0], asJSON, panels)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&panels, "panels", "", "write the inside as PNG and CSV into this `DIR`")
	return cmd
}

type sectionJSON struct {
	Name    string `json:"name"`
	Part    uint64 `json:"part"`
	Offset  int    `json:"offset"`
	Bytes   int    `json:"bytes"`
	Damaged bool   `json:"damaged"`
}

func (a *app) inspect(ctx context.Context, in string, asJSON bool, panels string) error {
	data, err := readFile(in)
	if err != nil {
		return err
	}
	if !container.Is(data) {
		return fmt.Errorf("%s: not a .cwb file; make one with: codecworkbench encode --codec ID PICTURE -o FILE.cwb", in)
	}
	stream, c, err := a.tools().Codecs.Inspect(data)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	info := c.Info()
	// The container's own bytes come first, so that the sections add up to the file.
	head := len(data)
	if len(stream.Sections) > 0 {
		head = stream.Sections[0].Offset
	}
	sections := []sectionJSON{{Name: "container", Bytes: head}}
	for _, s := range stream.Sections {
		if info.Native == "" || s.Damaged {
			sections = append(sections, sectionJSON{info.SectionName(s.Kind), s.Part, s.Offset, s.Length, s.Damaged})
			continue
		}
		at := s.Offset
		for _, p := range codecs.PartsOf(c, s.Payload) {
			sections = append(sections, sectionJSON{Name: p.Name, Offset: at, Bytes: p.Bytes})
			at += p.Bytes
		}
	}
	if asJSON {
		err = a.printJSON(map[string]any{"codec": stream.Codec, "width": stream.Width, "height": stream.Height,
			"bytes": len(data), "sections": sections})
	} else {
		err = a.printSections(in, info, stream, sections, len(data))
	}
	if err != nil || panels == "" {
		return err
	}
	return a.panels(ctx, c, stream, panels)
}

func (a *app) printSections(in string, info codecs.Info, s *codecs.Stream, sections []sectionJSON, total int) error {
	rate, note := total, ""
	if file, err := s.Native(); info.Native != "" && err == nil {
		rate, note = len(file), fmt.Sprintf(" (of the %s file inside, %d bytes)", info.Native, len(file))
	}
	fmt.Fprintf(a.Stdout, "%s: %s, %d x %d pixels, %d bytes, %.4f bpp%s\n", in, s.Codec, s.Width, s.Height, total,
		8*float64(rate)/(float64(s.Width)*float64(s.Height)), note)
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "section\tpart\toffset\tbytes\tshare\t")
	for _, sec := range sections {
		note := ""
		if sec.Damaged {
			note = "damaged"
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.1f %%\t %s\n", sec.Name, sec.Part, sec.Offset, sec.Bytes,
			100*float64(sec.Bytes)/float64(total), note)
	}
	return w.Flush()
}

// panels writes what the codec shows of its inside.
func (a *app) panels(ctx context.Context, c codecs.Codec, s *codecs.Stream, dir string) error {
	inspector, ok := c.(codecs.Inspector)
	if !ok {
		return fmt.Errorf("%s shows nothing of its inside but its sections", c.Info().ID)
	}
	if err := writableFolder(dir); err != nil {
		return err
	}
	trace, err := inspector.Inspect(ctx, s, nil)
	if err != nil {
		return fmt.Errorf("inspect %s: %w", c.Info().ID, err)
	}
	var all error
	for _, p := range trace.Panels {
		files, err := report.PanelFiles(p)
		if err != nil {
			all = errors.Join(all, fmt.Errorf("panel %s: %w", p.ID, err))
			continue
		}
		for _, f := range files {
			path := filepath.Join(dir, p.ID+f.Ext)
			if err := picture.WriteFile(path, f.Data); err != nil {
				return err
			}
			if f.Note != "" {
				f.Note = ": " + f.Note
			}
			fmt.Fprintln(a.Stdout, path+f.Note)
		}
	}
	return all
}
