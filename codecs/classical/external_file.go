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

// Predefined returns the external codecs that come with the program: AVIF, BPG, JPEG
// 2000, and JPEG XL lossy and lossless. Those whose programs are missing say so in Info.Unavailable.
func Predefined() ([]codecs.Codec, []error) {
	list, errs := loadExternals(predefined, "", nil)
	return asCodecs(list), errs
}

// LoadExternals reads the user's own external codecs, the *.toml files of a folder, in
// the order of their names. A file that is wrong gives an error with its name, the line
// and what to do, and does not keep the others from loading; so does one whose id is
// taken, by a codec of this package, by one that the caller lists, or by a file before
// it. No folder is no error.
func LoadExternals(dir string, taken ...string) ([]codecs.Codec, []error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	owner := map[string]string{}
	for _, id := range append(ownIDs(), taken...) {
		owner[id] = "the program"
	}
	list, errs := loadExternals(os.DirFS(dir), dir, owner)
	return asCodecs(list), errs
}

// ownIDs lists the codecs of this package. It looks for no programs.
func ownIDs() (ids []string) {
	for _, c := range []codecs.Codec{NewJPEG(), NewPNG(), NewWebP(), NewWebPLossless()} {
		ids = append(ids, c.Info().ID)
	}
	external, _ := loadExternals(predefined, "", nil) // they are right: Predefined is tested
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

// loadExternals reads a folder's files. owner says by id who has it; nil if ids need
// no check.
func loadExternals(folder fs.FS, dir string, owner map[string]string) (out []*External, errs []error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, []error{err}
	}
	// By name without extension, so that "jxl" comes before "jxl-lossless".
	slices.SortFunc(entries, func(a, b fs.DirEntry) int {
		return strings.Compare(strings.TrimSuffix(a.Name(), ".toml"), strings.TrimSuffix(b.Name(), ".toml"))
	})
	for _, entry := range entries {
		if entry.IsDir() || !strings.EqualFold(filepath.Ext(entry.Name()), ".toml") {
			continue
		}
		c, err := loadExternal(folder, entry)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s%w", filepath.Join(dir, entry.Name()), err))
			continue
		}
		if other := owner[c.definition.ID]; other != "" {
			errs = append(errs, fmt.Errorf("%s:%d: id %q is taken by %s; give another one", filepath.Join(dir, entry.Name()), c.idLine, c.definition.ID, other))
			continue
		}
		if owner != nil {
			owner[c.definition.ID] = entry.Name()
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
		return nil, fmt.Errorf(":%d: unknown key %q; remove it or correct its spelling", lineOf(text, unknown[0], 0), unknown[0])
	}
	if wrong := d.check(meta); wrong != nil {
		return nil, fmt.Errorf(":%d: %s", lineOf(text, wrong.key, wrong.index), wrong.text)
	}
	return &External{definition: d, idLine: lineOf(text, toml.Key{"id"}, 0)}, nil
}

// How the TOML reader says that a value has the wrong type: its line and key, then the
// types.
var (
	tomlLine  = regexp.MustCompile(`^toml: line (\d+) \(last key ("[^"]*")\): `)
	tomlTypes = regexp.MustCompile(`TOML value has type .+; destination has type (\w+)$`)
)

// tomlWanted says what to write for a type of the TOML reader.
var tomlWanted = map[string]string{
	"string": `text in quotes, such as "x"`, "integer": "a whole number, such as 7", "float": "a number, such as 0.5",
	"boolean": "true or false", "slice": `a list, such as ["x", "y"]`,
}

// syntaxError puts the line in front of what the TOML reader says.
func syntaxError(err error) error {
	var syntax toml.ParseError
	if errors.As(err, &syntax) && syntax.Message != "" {
		return fmt.Errorf(":%d: %s", max(syntax.Position.Line, 1), syntax.Message)
	}
	if m := tomlLine.FindStringSubmatch(err.Error()); m != nil {
		line, key, what := m[1], m[2], err.Error()[len(m[0]):]
		if m := tomlTypes.FindStringSubmatch(what); m != nil && tomlWanted[m[1]] != "" {
			return fmt.Errorf(":%s: key %s has a value of the wrong type; give %s", line, key, tomlWanted[m[1]])
		}
		return fmt.Errorf(":%s: key %s: %s", line, key, what)
	}
	return fmt.Errorf(":1: %s", strings.TrimPrefix(err.Error(), "toml: "))
}

// lineOf finds the line of a key, or of the table that should hold it; 1 if neither
// is there. Of several tables of one name it looks into the one with the index.
func lineOf(text []byte, key toml.Key, index int) int {
	found, table, seen := 1, "", -1
	parent := strings.Join(key[:len(key)-1], ".")
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			head, _, _ := strings.Cut(line, "#")
			table = strings.Trim(strings.TrimSpace(head), "[] ")
			if table == parent {
				seen++
			}
			if table == parent && seen == index || table == key.String() {
				found = i + 1
			}
			continue
		}
		name, _, ok := strings.Cut(line, "=")
		if ok && table == parent && max(seen, 0) == index && strings.Trim(strings.TrimSpace(name), `"'`) == key[len(key)-1] {
			return i + 1
		}
	}
	return found
}
