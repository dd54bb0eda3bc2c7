package classical

import (
	"embed"

	"github.com/BurntSushi/toml"

	"codecworkbench/codecs"
	"codecworkbench/codecs/command/userfile"
)

// definition is the content of an external codec's TOML file. README.md beside the
// embedded ones explains each key.
type definition struct {
	ID       string `toml:"id"`
	Name     string `toml:"name"`
	Summary  string `toml:"summary"`
	Paper    string `toml:"paper"`
	Native   string `toml:"native"` // extension, with the dot
	Lossless bool   `toml:"lossless"`
	Alpha    bool   `toml:"alpha"`
	MinSide  int    `toml:"min_side"` // pixels
	MaxSide  int    `toml:"max_side"` // pixels
	Seconds  int    `toml:"seconds"`  // time limit of one run

	Encoder tool              `toml:"encoder"`
	Decoder tool              `toml:"decoder"`
	Install map[string]string `toml:"install"` // by operating system (runtime.GOOS): what to do when a program is missing
	Quality *nativeQuality    `toml:"quality"`
	Params  []paramDefinition `toml:"param"`
}

// tool is one of the two programs.
type tool struct {
	Programs []string `toml:"programs"` // names to look for; the first found is run
	Args     []string `toml:"args"`
	Version  []string `toml:"version"` // arguments that make it print its version
	Picture  string   `toml:"picture"` // "png" or "ppm": what it reads or writes
}

// nativeQuality is the quality knob in the program's own numbers, or, with Divide, in q.
type nativeQuality struct {
	Divide  float64   `toml:"divide"` // above 0: the program is given Divide/q, a compression ratio
	Worst   float64   `toml:"worst"`
	Best    float64   `toml:"best"`
	Step    float64   `toml:"step"`
	Default float64   `toml:"default"`
	Ladder  []float64 `toml:"ladder"` // from worse to better
	Help    string    `toml:"help"`
}

type paramDefinition struct {
	Name    string   `toml:"name"`
	Label   string   `toml:"label"`
	Kind    string   `toml:"kind"` // "int", "float" or "choice"
	Min     float64  `toml:"min"`
	Max     float64  `toml:"max"`
	Step    float64  `toml:"step"`
	Choices []string `toml:"choices"`
	Default string   `toml:"default"`
	Unit    string   `toml:"unit"`
	Help    string   `toml:"help"`
}

//go:embed *.toml
var predefined embed.FS

// Predefined returns the external codecs that come with the program: AVIF, BPG, JPEG
// 2000, and JPEG XL lossy and lossless. Those whose programs are missing say so in Info.Unavailable.
func Predefined() ([]codecs.Codec, []error) {
	list, errs := userfile.Load(predefined, "", nil, loadExternal)
	return asCodecs(list), errs
}

// LoadExternals reads the user's own external codecs, the *.toml files of a folder, in
// the order of their names. A file that is wrong gives an error with its name, the line
// and what to do, and does not keep the others from loading; so does one whose id is
// taken, by a codec of this package, by one that the caller lists, or by a file before
// it. No folder is no error.
func LoadExternals(dir string, taken ...string) ([]codecs.Codec, []error) {
	list, errs := userfile.LoadDir(dir, append(ownIDs(), taken...), loadExternal)
	return asCodecs(list), errs
}

// ownIDs lists the codecs of this package. It looks for no programs.
func ownIDs() (ids []string) {
	for _, c := range []codecs.Codec{NewJPEG(), NewPNG(), NewWebP(), NewWebPLossless()} {
		ids = append(ids, c.Info().ID)
	}
	external, _ := userfile.Load(predefined, "", nil, loadExternal) // they are right: Predefined is tested
	for _, x := range external {
		ids = append(ids, x.definition.ID)
	}
	return ids
}

// asCodecs turns a list of one kind of codec into a list of codecs.
func asCodecs(list []*External) (out []codecs.Codec) {
	for _, x := range list {
		out = append(out, x)
	}
	return out
}

// loadExternal reads a definition; its errors begin with ":LINE: ".
func loadExternal(text []byte) (userfile.Loaded[*External], error) {
	x, err := parseExternal(text)
	if err != nil {
		return userfile.Loaded[*External]{}, err
	}
	return userfile.Loaded[*External]{Value: x, ID: x.definition.ID, Line: userfile.LineOf(text, toml.Key{"id"}, 0)}, nil
}

// parseExternal reads a definition; its errors begin with ":LINE: ".
func parseExternal(text []byte) (*External, error) {
	x := &External{}
	if err := userfile.Decode(text, &x.definition, x.definition.check); err != nil {
		return nil, err
	}
	return x, nil
}
