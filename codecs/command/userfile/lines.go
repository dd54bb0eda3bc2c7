package userfile

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
)

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

// LineOf finds the line of a key, or of the table that should hold it; 1 if neither
// is there. Of several tables of one name it looks into the one with the index.
func LineOf(text []byte, key toml.Key, index int) int {
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
