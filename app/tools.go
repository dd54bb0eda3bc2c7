package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"codecworkbench/app/cli"
	"codecworkbench/app/sweep"
	"codecworkbench/assets"
	"codecworkbench/codecs"
	"codecworkbench/codecs/classical"
	"codecworkbench/codecs/factorized"
	"codecworkbench/codecs/hyperprior"
	"codecworkbench/codecs/klt"
	"codecworkbench/codecs/mlic"
	"codecworkbench/codecs/photos"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/roi"
	"codecworkbench/codecs/vq"
	"codecworkbench/codecs/walloc"
	"codecworkbench/metrics"
	"codecworkbench/metrics/butteraugli"
	"codecworkbench/metrics/external"
	"codecworkbench/metrics/flip"
	"codecworkbench/metrics/fsim"
	"codecworkbench/metrics/nlpd"
	"codecworkbench/metrics/ssimulacra2"
	"codecworkbench/metrics/vif"
)

// codecList is the program's list of codecs: a new one is one line here.
func codecList(models *codecs.Models) []codecs.Codec {
	programs, errs := classical.Predefined()
	if len(errs) > 0 {
		panic(errs[0]) // the files are embedded, and tested
	}
	return append([]codecs.Codec{
		classical.NewJPEG(),
		classical.NewPNG(),
		classical.NewWebP(),
		classical.NewWebPLossless(),
		klt.New(models),
		vq.New(models),
		walloc.New(models),
		factorized.New(models),
		hyperprior.New(models),
		hyperprior.NewGDN(models),
		mlic.New(models),
		roi.New(models),
	}, programs...)
}

// filterList is the program's list of filters.
func filterList() []codecs.Filter { return nil }

// metricList is the program's list of metrics: a new one is one line here.
func metricList() []metrics.Metric {
	return []metrics.Metric{
		metrics.NewPSNRRGB(),
		metrics.NewPSNRY(),
		metrics.NewSSIMRGB(),
		metrics.NewSSIMY(),
		metrics.NewMSSSIMRGB(),
		metrics.NewMSSSIMY(),
		ssimulacra2.New(),
		butteraugli.New(),
		butteraugli.New3Norm(),
		metrics.NewPSNRHVS(),
		metrics.NewPSNRHVSM(),
		metrics.NewHaarPSI(),
		metrics.NewGMSD(),
		metrics.NewCIEDE2000(),
		flip.New(),
		fsim.New(),
		fsim.NewColour(),
		vif.New(),
		nlpd.New(),
	}
}

// trainers are the codecs whose models can be learned without Python.
func trainers() map[string]cli.Trainer {
	return map[string]cli.Trainer{"klt": klt.TrainFiles, "vq": trainVQ}
}

// trainVQ learns codebooks from photos, telling of each stage's progress.
func trainVQ(ctx context.Context, paths []string, on func(codecs.Progress)) ([]byte, error) {
	var names []string
	for _, p := range paths {
		names = append(names, filepath.Base(p))
	}
	each := func(f func(string, *picture.Picture) error) error { return photos.Train(ctx, paths, f) }
	file, _, err := vq.Train(ctx, each, vq.Training{Data: strings.Join(names, ", "), On: on})
	return file, err
}

// configDir is the user's folder for models and external codecs; empty if there is none.
func configDir() string {
	base, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "codecworkbench")
}

// newTools builds everything that the program codes and measures with. A bad file
// of the user's is a problem that leaves the rest usable.
func newTools(modelDirs []string) (sweep.Tools, []error) {
	var problems []error
	folders := modelDirs
	if dir := configDir(); dir != "" {
		folders = append([]string{filepath.Join(dir, "models")}, modelDirs...)
	}
	models := codecs.NewModels(assets.Models(), folders...)
	list, measures := codecList(models), metricList()
	var userCodecs []codecs.Codec
	var userMetrics []metrics.Metric
	if dir := configDir(); dir != "" {
		userCodecs, problems = classical.LoadExternals(filepath.Join(dir, "codecs"), ids(list)...)
		var errs []error
		userMetrics, errs = external.Load(filepath.Join(dir, "metrics"), metricIDs(measures)...)
		problems = append(problems, errs...)
	}
	registry, err := codecs.NewRegistry(append(list, userCodecs...), filterList())
	if err != nil {
		problems = append(problems, err)
		registry = must(codecs.NewRegistry(list, filterList()))
	}
	return sweep.Tools{Codecs: registry, Metrics: must(metrics.NewRegistry(append(measures, userMetrics...))), Models: models}, problems
}

// metricIDs lists the metrics' ids, which no file of the user's may take.
func metricIDs(list []metrics.Metric) []string {
	out := make([]string, len(list))
	for i, m := range list {
		out[i] = m.Info().ID
	}
	return out
}

// ids lists the codecs' ids, which no file of the user's may take.
func ids(list []codecs.Codec) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.Info().ID
	}
	return out
}

// must is for lists fixed at compile time, which a test checks.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
