package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"codecworkbench/app/report"
	"codecworkbench/app/sweep"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics/rd"
)

// writeResults writes one file, or one a codec into a folder.
func writeResults(out string, curves []rd.Curve) error {
	if isFolder(out) {
		for _, c := range curves {
			if err := writeResults(filepath.Join(out, sweep.SafeName(c.Name)+".json"), []rd.Curve{c}); err != nil {
				return err
			}
		}
		return nil
	}
	data, err := report.WriteJSON(curves)
	if err != nil {
		return err
	}
	return picture.WriteFile(out, data)
}

// named is a curve that was read; published ones have an id.
type named struct {
	rd.Curve
	id string
}

// readCurves reads results files and the published curves named. Curves of one name
// are told apart by their files.
func (a *app) readCurves(paths, published []string) ([]named, error) {
	if len(paths)+len(published) == 0 {
		return nil, errors.New("no curve is named: give results files, or published curves with --published")
	}
	var curves []named
	var from []string
	for _, path := range paths {
		data, err := readFile(path)
		if err != nil {
			return nil, err
		}
		more, err := report.ReadResults(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, c := range more {
			if c.Name == "" {
				c.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
			}
			curves = append(curves, named{Curve: c})
			from = append(from, path)
		}
	}
	if err := distinguish(curves, from); err != nil {
		return nil, err
	}
	library, err := a.published(published, curves)
	return append(curves, library...), err
}

// distinguish puts the file behind names that come up twice, with its folder where
// that is what differs.
func distinguish(curves []named, from []string) error {
	count := map[string]int{}
	for _, c := range curves {
		count[c.Name]++
	}
	seen := map[string]string{}
	for i := range curves {
		c := &curves[i]
		if count[c.Name] > 1 {
			file := filepath.Base(from[i])
			if slices.ContainsFunc(from, func(o string) bool { return o != from[i] && filepath.Base(o) == file }) {
				file = from[i]
			}
			c.Name += " (" + file + ")"
		}
		if seen[c.Name] != "" {
			return fmt.Errorf("%s holds two curves %q, or is named twice", from[i], c.Name)
		}
		seen[c.Name] = from[i]
	}
	return nil
}

// published finds curves of the library by id, telling of their caveats and whether
// own curves are of the same pictures.
func (a *app) published(ids []string, own []named) ([]named, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	library, err := a.Published()
	if err != nil {
		return nil, err
	}
	var curves []named
	for _, id := range ids {
		i := slices.IndexFunc(library, func(c report.PublishedCurve) bool { return c.ID == id })
		if i < 0 {
			var have []string
			for _, c := range library {
				have = append(have, c.ID)
			}
			return nil, fmt.Errorf("no published curve %q%s; see: codecworkbench list curves", id, didYouMean(id, have))
		}
		c := library[i]
		curves = append(curves, named{c.Curve, id})
		if c.Caveats != "" {
			fmt.Fprintf(a.Stderr, "note: %s: %s\n", id, c.Caveats)
		}
		if slices.ContainsFunc(own, func(o named) bool { return otherPictures(o.Curve, c.Dataset) }) {
			fmt.Fprintf(a.Stderr, "note: %s was measured on %s, not on the pictures of the results files\n", id, c.Dataset)
		}
	}
	return curves, nil
}

// otherPictures says whether a curve is known to be of other pictures than a data set.
func otherPictures(c rd.Curve, dataset string) bool {
	return len(c.Images) > 0 && !(strings.HasPrefix(dataset, "Kodak") && report.IsKodak(c))
}

// anchorOf finds the curve to compare with: by name, or by the id of a published one.
func anchorOf(curves []named, name string) (int, error) {
	at := slices.IndexFunc(curves, func(c named) bool { return c.Name == name })
	if at < 0 {
		at = slices.IndexFunc(curves, func(c named) bool { return c.id == name && name != "" })
	}
	if at >= 0 {
		return at, nil
	}
	var names []string
	for _, c := range curves {
		names = append(names, c.Name)
	}
	return 0, unknown("curve", name, names)
}
