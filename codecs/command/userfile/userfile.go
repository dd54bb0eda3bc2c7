// Package userfile reads the TOML files in which users describe programs of their
// own. What is wrong in a file is told with its line and with what to do; the other
// files stay usable.
package userfile

import (
	"bytes"
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

	"codecworkbench/codecs/command"
)

// MaxBytes is the size of the largest file that is read.
const MaxBytes = 64 << 10

// DefaultSeconds is how long a program may run where its file does not say.
const DefaultSeconds = 120

// ID is what ids and names of parameters look like.
var ID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// A Loaded is what one file defines, with its id and the line where that stands.
type Loaded[T any] struct {
	Value T
	ID    string
	Line  int
}

// LoadDir reads the files of a folder of the user's; taken are the ids that the
// program has. No folder is no error.
func LoadDir[T any](dir string, taken []string, parse func(text []byte) (Loaded[T], error)) ([]T, []error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	owner := map[string]string{}
	for _, id := range taken {
		owner[id] = "the program"
	}
	return Load(os.DirFS(dir), dir, owner, parse)
}

// Load reads a folder's *.toml files in the order of their names; dir stands in front
// of those in errors. A file that is wrong gives an error and does not keep the
// others from loading; so does one whose id is taken, by what owner says or by a
// file before it. A nil owner leaves ids unchecked.
func Load[T any](folder fs.FS, dir string, owner map[string]string, parse func(text []byte) (Loaded[T], error)) (out []T, errs []error) {
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
		path := filepath.Join(dir, entry.Name())
		text, err := readFile(folder, entry)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", path, err))
			continue
		}
		loaded, err := parse(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s%w", path, err))
			continue
		}
		if other := owner[loaded.ID]; other != "" {
			errs = append(errs, fmt.Errorf("%s:%d: id %q is taken by %s; give another one", path, loaded.Line, loaded.ID, other))
			continue
		}
		if owner != nil {
			owner[loaded.ID] = entry.Name()
		}
		out = append(out, loaded.Value)
	}
	return out, errs
}

// readFile reads a file of the folder, if it is one and not too large.
func readFile(folder fs.FS, entry fs.DirEntry) ([]byte, error) {
	// Follows a symbolic link, as folders of settings often hold.
	info, err := fs.Stat(folder, entry.Name())
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > MaxBytes {
		return nil, fmt.Errorf("it is no regular file of at most %d bytes", MaxBytes)
	}
	return fs.ReadFile(folder, entry.Name())
}

// Mistake is something wrong at a key; in tables of which there are several, Index
// says in which, from 0.
type Mistake struct {
	Key   toml.Key
	Text  string
	Index int
}

// Wrong returns a mistake outside of tables of which there are several.
func Wrong(key toml.Key, format string, args ...any) *Mistake {
	return &Mistake{Key: key, Text: fmt.Sprintf(format, args...)}
}

// Decode reads a file's text into v, which points to a struct, and checks it; check
// may fill in defaults. Errors begin with ":LINE: ".
func Decode(text []byte, v any, check func(toml.MetaData) *Mistake) error {
	meta, err := toml.NewDecoder(bytes.NewReader(text)).Decode(v)
	if err != nil {
		return syntaxError(err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf(":%d: unknown key %q; remove it or correct its spelling", LineOf(text, unknown[0], 0), unknown[0])
	}
	if wrong := check(meta); wrong != nil {
		return fmt.Errorf(":%d: %s", LineOf(text, wrong.Key, wrong.Index), wrong.Text)
	}
	return nil
}

// CheckID checks the key id.
func CheckID(id string) *Mistake {
	if !ID.MatchString(id) {
		return Wrong(toml.Key{"id"}, "id %q; give lower-case letters, digits and hyphens, at most 32", id)
	}
	return nil
}

// CheckSeconds checks the key seconds, a time limit.
func CheckSeconds(seconds int) *Mistake {
	if day := int((24 * time.Hour).Seconds()); seconds < 1 || seconds > day {
		return Wrong(toml.Key{"seconds"}, "seconds = %d; give 1 to %d", seconds, day)
	}
	return nil
}

// CheckProgram checks the table of a program: its names, and its arguments, which
// must use each of the placeholders and no others.
func CheckProgram(table string, programs, args, placeholders []string) *Mistake {
	if len(programs) == 0 || slices.Contains(programs, "") {
		return Wrong(toml.Key{table, "programs"}, "[%s] names no programs; list the names to look for", table)
	}
	var used []string
	for _, arg := range args {
		used = append(used, command.Placeholder.FindAllString(arg, -1)...)
	}
	for _, p := range used {
		if !slices.Contains(placeholders, p) {
			return Wrong(toml.Key{table, "args"}, "[%s] has the placeholder %s; there are: %s", table, p, strings.Join(placeholders, " "))
		}
	}
	for _, p := range placeholders {
		if !slices.Contains(used, p) {
			return Wrong(toml.Key{table, "args"}, "[%s] never uses %s; put it into args", table, p)
		}
	}
	return nil
}

// Missing says that a program was not found, and what the file says to do about it
// on this operating system.
func Missing(program, hint string) string {
	text := fmt.Sprintf("the program %s was not found", program)
	if hint != "" {
		text += "; " + hint
	}
	return text
}
