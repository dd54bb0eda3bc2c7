package shell

import (
	"slices"

	"codecworkbench/codecs"
)

// Names of parameters.
const (
	paramModel = "model"
	paramSize  = "size"
)

// defaultSize is the model that is taken unless another is asked for.
const defaultSize = "s"

// sizes are those of the shipped models, from small to large.
func sizes(shipped []string) []string {
	var out []string
	for _, size := range []string{defaultSize, "l"} {
		if slices.Contains(shipped, size) {
			out = append(out, size)
		}
	}
	return out
}

// modelParams are the parameters that choose a model; a size is offered where there are several.
func modelParams(sizes []string) []codecs.Param {
	model := codecs.Param{Name: paramModel, Label: "Model", Kind: codecs.Model, Default: defaultSize,
		Help: "What was learned from photos: a model of this program, or a file made by codecs/training."}
	if len(sizes) < 2 {
		return []codecs.Param{model}
	}
	model.Default = ""
	model.Help += " Empty: that of the size."
	return []codecs.Param{{Name: paramSize, Label: "Size", Kind: codecs.Choice, Choices: sizes, Default: defaultSize,
		Help: "Of the networks: s is for live work, l takes several times as long and makes smaller files. Files hold which of them they need."}, model}
}

// modelName is the model that resolved parameters ask for. What was the default before there
// were sizes leaves it to them.
func modelName(p codecs.Params) string {
	name, size := p[paramModel], p[paramSize]
	if size != "" && (name == "" || name == defaultSize) {
		return size
	}
	return name
}
