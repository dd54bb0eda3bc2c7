package classical

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"codecworkbench/codecs"
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

const (
	defaultSeconds     = 120
	maxDefinitionBytes = 64 << 10
)

//go:embed *.toml
var predefined embed.FS

// Predefined returns the external codecs that come with the program: AVIF, JPEG XL,
// JPEG 2000 and BPG. Those whose programs are missing say so in Info.Unavailable.
func Predefined() ([]codecs.Codec, []error) { return loadExternals(predefined, "") }

// LoadExternals reads the user's own external codecs, the *.toml files of a folder, in
// the order of their names. A file that is wrong gives an error with its name, the line
// and what to do, and does not keep the others from loading. No folder is no error.
func LoadExternals(dir string) ([]codecs.Codec, []error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return loadExternals(os.DirFS(dir), dir)
}

func loadExternals(folder fs.FS, dir string) (out []codecs.Codec, errs []error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, []error{err}
	}
	for _, entry := range entries {
		if entry.IsDir() || !strings.EqualFold(filepath.Ext(entry.Name()), ".toml") {
			continue
		}
		c, err := loadExternal(folder, entry)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s%w", filepath.Join(dir, entry.Name()), err))
			continue
		}
		out = append(out, c)
	}
	return out, errs
}

// loadExternal reads one file; its errors begin with ":LINE: " or ": ".
func loadExternal(folder fs.FS, entry fs.DirEntry) (*External, error) {
	// Follows a symbolic link, as folders of settings often hold.
	info, err := fs.Stat(folder, entry.Name())
	if err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxDefinitionBytes {
		return nil, fmt.Errorf(": it is no regular file of at most %d bytes", maxDefinitionBytes)
	}
	text, err := fs.ReadFile(folder, entry.Name())
	if err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	return parseExternal(text)
}

// parseExternal reads a definition; its errors begin with ":LINE: ".
func parseExternal(text []byte) (*External, error) {
	var d definition
	meta, err := toml.NewDecoder(bytes.NewReader(text)).Decode(&d)
	if err != nil {
		return nil, syntaxError(err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf(":%d: unknown key %q; remove it or correct its spelling", lineOf(text, unknown[0]), unknown[0])
	}
	if wrong := d.check(meta); wrong != nil {
		return nil, fmt.Errorf(":%d: %s", lineOf(text, wrong.key), wrong.text)
	}
	return &External{definition: d}, nil
}

// tomlLine is how the TOML reader names the line of a value of the wrong type.
var tomlLine = regexp.MustCompile(`^toml: line (\d+) \((last key "[^"]*")\): `)

// syntaxError puts the line in front of what the TOML reader says.
func syntaxError(err error) error {
	var syntax toml.ParseError
	if errors.As(err, &syntax) && syntax.Message != "" {
		return fmt.Errorf(":%d: %s", max(syntax.Position.Line, 1), syntax.Message)
	}
	if m := tomlLine.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf(":%s: %s: %s", m[1], m[2], err.Error()[len(m[0]):])
	}
	return fmt.Errorf(":1: %s", strings.TrimPrefix(err.Error(), "toml: "))
}

// lineOf finds the line of a key, or of the table that should hold it; 1 if neither
// is there.
func lineOf(text []byte, key toml.Key) int {
	found, table := 1, ""
	parent := strings.Join(key[:len(key)-1], ".")
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			head, _, _ := strings.Cut(line, "#")
			table = strings.Trim(strings.TrimSpace(head), "[] ")
			if table == parent || table == key.String() {
				found = i + 1
			}
			continue
		}
		name, _, ok := strings.Cut(line, "=")
		if ok && table == parent && strings.Trim(strings.TrimSpace(name), `"'`) == key[len(key)-1] {
			return i + 1
		}
	}
	return found
}

// mistake is something wrong at a key.
type mistake struct {
	key  toml.Key
	text string
}

var (
	idPattern          = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	extensionPattern   = regexp.MustCompile(`^\.[a-z0-9]{1,8}$`)
	placeholderPattern = regexp.MustCompile(`\{[a-z0-9_-]*\}`)
)

// check fills in defaults and returns the first mistake.
func (d *definition) check(meta toml.MetaData) *mistake {
	if d.Seconds == 0 && !meta.IsDefined("seconds") {
		d.Seconds = defaultSeconds
	}
	day := int((24 * time.Hour).Seconds())
	switch {
	case !idPattern.MatchString(d.ID):
		return &mistake{toml.Key{"id"}, fmt.Sprintf("id %q; give lower-case letters, digits and hyphens, at most 32", d.ID)}
	case d.Name == "":
		return &mistake{toml.Key{"name"}, "name is missing; say what people call the format"}
	case !extensionPattern.MatchString(d.Native):
		return &mistake{toml.Key{"native"}, fmt.Sprintf("native %q; give the extension of the format's files, such as \".avif\"", d.Native)}
	case d.Lossless && d.Quality != nil:
		return &mistake{toml.Key{"quality", "worst"}, "a lossless codec has no [quality]; remove the table or lossless"}
	case !d.Lossless && d.Quality == nil:
		return &mistake{toml.Key{"quality"}, "the table [quality] is missing; add it, or lossless = true"}
	case d.Seconds < 1 || d.Seconds > day:
		return &mistake{toml.Key{"seconds"}, fmt.Sprintf("seconds = %d; give 1 to %d", d.Seconds, day)}
	case d.MinSide < 0 || d.MaxSide < 0 || d.MaxSide > 0 && d.MaxSide < d.MinSide:
		return &mistake{toml.Key{"max_side"}, fmt.Sprintf("min_side %d, max_side %d; give sides in pixels, the smaller first", d.MinSide, d.MaxSide)}
	}
	if wrong := d.Quality.check(); wrong != nil {
		return wrong
	}
	if wrong := d.checkParams(); wrong != nil {
		return wrong
	}
	if wrong := d.checkTool("encoder", &d.Encoder, true); wrong != nil {
		return wrong
	}
	return d.checkTool("decoder", &d.Decoder, false)
}

func (q *nativeQuality) check() *mistake {
	if q == nil {
		return nil
	}
	low, high := min(q.Worst, q.Best), max(q.Worst, q.Best)
	switch {
	case q.Worst == q.Best:
		return &mistake{toml.Key{"quality", "best"}, "worst and best are the same; give the program's two extremes"}
	case q.Divide < 0 || q.Divide > 0 && (q.Worst <= 0 || q.Best < q.Worst):
		return &mistake{toml.Key{"quality", "divide"}, "divide needs a number above 0, and worst above 0 and below best"}
	case q.Step <= 0 || q.Step > high-low:
		return &mistake{toml.Key{"quality", "step"}, fmt.Sprintf("step = %g; give the smallest useful step, above 0", q.Step)}
	case q.Default < low || q.Default > high:
		return &mistake{toml.Key{"quality", "default"}, fmt.Sprintf("default = %g is outside %g to %g", q.Default, low, high)}
	}
	for i, v := range q.Ladder {
		if v < low || v > high || i > 0 && q.shown(v) <= q.shown(q.Ladder[i-1]) {
			return &mistake{toml.Key{"quality", "ladder"}, fmt.Sprintf("the ladder's %g is out of order or outside %g to %g; list the program's values from worst to best", v, low, high)}
		}
	}
	return nil
}

func (d *definition) checkParams() *mistake {
	var seen []string
	for i, p := range d.Params {
		key := func(name string) toml.Key { return toml.Key{"param", name} }
		kind := codecs.ParamKind(p.Kind)
		switch {
		case !idPattern.MatchString(p.Name) || slices.Contains([]string{"q", "in", "out"}, p.Name) || slices.Contains(seen, p.Name):
			return &mistake{key("name"), fmt.Sprintf("parameter %d is named %q; give another name of lower-case letters, digits and hyphens", i+1, p.Name)}
		case kind != codecs.Int && kind != codecs.Float && kind != codecs.Choice:
			return &mistake{key("kind"), fmt.Sprintf("parameter %s is of kind %q; give int, float or choice", p.Name, p.Kind)}
		case kind == codecs.Choice && len(p.Choices) == 0:
			return &mistake{key("choices"), fmt.Sprintf("parameter %s has no choices; list them", p.Name)}
		}
		if _, err := p.param().Check(p.Default); err != nil {
			return &mistake{key("default"), fmt.Sprintf("the default of parameter %s: %v", p.Name, err)}
		}
		seen = append(seen, p.Name)
	}
	return nil
}

// param is the parameter as the rest of the program sees it.
func (p paramDefinition) param() codecs.Param {
	label := p.Label
	if label == "" {
		label = p.Name
	}
	return codecs.Param{Name: p.Name, Label: label, Kind: codecs.ParamKind(p.Kind), Min: p.Min, Max: p.Max, Step: p.Step,
		Choices: p.Choices, Default: p.Default, Unit: p.Unit, Help: p.Help}
}

// checkTool checks one program's table. Encoders may use {q} and the parameters.
func (d *definition) checkTool(table string, t *tool, encodes bool) *mistake {
	known := []string{"{in}", "{out}"}
	if encodes {
		if d.Quality != nil {
			known = append(known, "{q}")
		}
		for _, p := range d.Params {
			known = append(known, "{"+p.Name+"}")
		}
	}
	if len(t.Programs) == 0 || slices.Contains(t.Programs, "") {
		return &mistake{toml.Key{table, "programs"}, fmt.Sprintf("[%s] names no programs; list the names to look for", table)}
	}
	if t.Picture == "" {
		t.Picture = "png"
	}
	if t.Picture != "png" && t.Picture != "ppm" || t.Picture == "ppm" && d.Alpha {
		return &mistake{toml.Key{table, "picture"}, fmt.Sprintf("[%s] has picture = %q; give png or, without alpha, ppm", table, t.Picture)}
	}
	var used []string
	for _, arg := range t.Args {
		used = append(used, placeholderPattern.FindAllString(arg, -1)...)
	}
	for _, p := range used {
		if !slices.Contains(known, p) {
			return &mistake{toml.Key{table, "args"}, fmt.Sprintf("[%s] has the placeholder %s; there are: %s", table, p, strings.Join(known, " "))}
		}
	}
	for _, p := range known {
		if !slices.Contains(used, p) {
			return &mistake{toml.Key{table, "args"}, fmt.Sprintf("[%s] never uses %s; put it into args", table, p)}
		}
	}
	return nil
}
