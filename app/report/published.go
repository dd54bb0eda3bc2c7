package report

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"codecworkbench/metrics/rd"
)

// PublishedCurve is a curve that others measured, with where it comes from and what
// to mind when comparing with it.
type PublishedCurve struct {
	ID      string // the file's path without its ending: "vtm", "clic2020-mobile/jpeg"
	Name    string
	Dataset string
	Kind    string // "classical", "learned", ...
	Source  string // repository, commit and file
	// Settings says how it was made, Caveats what makes it differ from this program's
	// own measurements; both may be empty.
	Settings, Caveats string
	Curve             rd.Curve
}

// Published reads the published curves, in the order of their ids: the top folder
// holds the Kodak set, other folders other sets.
func Published(files fs.FS) ([]PublishedCurve, error) {
	var top, nested []PublishedCurve
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		c, err := readPublished(files, name)
		if err != nil {
			return fmt.Errorf("published curve %s: %w", name, err)
		}
		if strings.Contains(name, "/") {
			nested = append(nested, c)
		} else {
			top = append(top, c)
		}
		return nil
	})
	return append(top, nested...), err
}

func readPublished(files fs.FS, name string) (PublishedCurve, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return PublishedCurve{}, err
	}
	curves, err := ReadResults(data)
	if err != nil {
		return PublishedCurve{}, err
	}
	if len(curves) != 1 {
		return PublishedCurve{}, fmt.Errorf("%d curves in place of one", len(curves))
	}
	c := curves[0]
	text := func(key string) string {
		s, _ := c.Meta[key].(string)
		return s
	}
	p := PublishedCurve{
		ID: strings.TrimSuffix(name, ".json"), Name: c.Name, Dataset: text("dataset"), Kind: text("kind"),
		Source: text("source"), Settings: text("settings"), Curve: c,
	}
	list, _ := c.Meta["caveats"].([]any)
	var caveats []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			caveats = append(caveats, s)
		}
	}
	p.Caveats = strings.Join(caveats, "; ")
	return p, nil
}
