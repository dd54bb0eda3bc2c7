// Package samples holds the pictures that come with the program: path-traced scenes
// that behave like photographs, and charts that show one fault of codecs each. The
// command in render makes them.
package samples

import (
	"embed"
	"io/fs"
	"strings"
)

//go:generate go run ./render -o .

//go:embed scenes/*.png charts/*.png
var files embed.FS

// Sample is one picture.
type Sample struct {
	Name  string // "apples"
	Title string // for menus
	About string // what to look at
	path  string
}

// Scene says whether it is a rendered scene; the others are charts.
func (s Sample) Scene() bool { return strings.HasPrefix(s.path, "scenes/") }

// PNG returns the picture's file.
func (s Sample) PNG() ([]byte, error) { return fs.ReadFile(files, s.path) }

// All lists the samples, scenes first; the first is what the window opens on.
func All() []Sample {
	return []Sample{
		{"marbles", "Marbles on tartan", "saturated colour, fine weave, blur from the lens", "scenes/marbles.png"},
		{"apples", "Apples by a window", "smooth shades beside fine speckles, dark ground", "scenes/apples.png"},
		{"meadow", "Meadow", "grass and leaves: detail everywhere", "scenes/meadow.png"},
		{"mountains", "Mountains and a lake", "clouds, rock, haze and ripples", "scenes/mountains.png"},
		{"alley", "Alley", "brick, cobbles, hard shadows", "scenes/alley.png"},
		{"pebbles", "Pebbles and leaves", "texture of many scales, wet highlights", "scenes/pebbles.png"},
		{"text", "Page of type", "ringing and lost chroma at sharp edges", "charts/text.png"},
		{"gradient", "Gradients", "banding in slow ramps and hues", "charts/gradient.png"},
		{"zone-plate", "Zone plate", "every frequency and direction up to the limit", "charts/zone-plate.png"},
	}
}
