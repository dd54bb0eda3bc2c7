package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

func (a *app) trainCmd() *cobra.Command {
	var images []string
	var out string
	var ids []string
	for id := range a.Trainers {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	cmd := &cobra.Command{
		Use:   "train " + strings.Join(ids, "|") + " --images DIR|TAR... -o FILE",
		Short: "Learn a model from pictures of your own",
		Long: `Learn a codec's model from the pictures in folders and tar files. The file is used
with --set model=FILE; to decode what it coded, other machines need it too, in their
models folder or named with --models.`,
		Example: `  codecworkbench train klt --images photos/ -o mine.safetensors
  codecworkbench encode --codec klt --set model=mine.safetensors photo.png -o photo.cwb`,
		Args:      minArgs(1),
		ValidArgs: ids,
		RunE: func(cmd *cobra.Command, args []string) error {
			trainer, ok := a.Trainers[args[0]]
			if !ok {
				return unknown("training of", args[0], ids)
			}
			images = append(images, args[1:]...)
			if len(images) == 0 {
				return fmt.Errorf("no pictures to learn from: name folders or tar files with --images")
			}
			if err := writable(out); err != nil {
				return err
			}
			for _, path := range images {
				if err := differ(path, out); err != nil {
					return err
				}
			}
			m := a.meter()
			start := time.Now()
			data, err := trainer(cmd.Context(), images, func(p codecs.Progress) { m.show(p.Done, p.Total, eta(start, p)) })
			m.end()
			if err != nil {
				return fmt.Errorf("train %s: %w", args[0], err)
			}
			if err := picture.WriteFile(out, data); err != nil {
				return err
			}
			fmt.Fprintf(a.Stdout, "%s: model %08x, %d bytes, %s\n", out, codecs.HashModel(data), len(data),
				time.Since(start).Round(time.Second))
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&images, "images", nil, "a `DIR` or tar file of pictures; more may follow")
	cmd.Flags().StringVarP(&out, "output", "o", "", "the model `FILE` to write (.safetensors)")
	required(cmd, "output")
	return cmd
}

// eta estimates the remaining time from the share that is done.
func eta(start time.Time, p codecs.Progress) string {
	if p.Done == 0 {
		return ""
	}
	spent := time.Since(start)
	return remaining(time.Duration(float64(spent) * float64(p.Total-p.Done) / float64(p.Done)))
}
