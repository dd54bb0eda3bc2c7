// Package preset reads and writes presets: named settings of one candidate, or of a whole
// set of candidates, as small JSON files (.cwpreset) to be read, edited and passed on.
//
// It knows no codec: who applies a preset checks its parameters against the codecs that
// there are.
package preset

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Ending is the ending of presets' files.
const Ending = ".cwpreset"

// Bounds of a preset.
const (
	MaxBytes      = 256 << 10
	MaxCandidates = 8
	maxName       = 80 // characters
	maxNote       = 400
	maxParams     = 64
	maxKey        = 64
	maxValue      = 4096 // bytes
)

// version is what the program writes; later ones it does not read.
const version = 1

// Preset is the settings of one candidate, or of several.
type Preset struct {
	Name string
	Note string // a sentence about it; may be empty
	// EqualRate brings the candidates to the first one's rate and keeps them there.
	EqualRate  bool
	Candidates []Candidate
}

// Candidate is a codec at some setting.
type Candidate struct {
	Codec  string            // id
	Params map[string]string // q among them; absent ones have the codec's defaults
	// Optional leaves the candidate out, without a word, where its codec is missing.
	Optional bool
}

// file is a preset as it is written.
type file struct {
	Version    int         `json:"cwpreset"`
	Name       string      `json:"name,omitempty"`
	Note       string      `json:"note,omitempty"`
	EqualRate  bool        `json:"equal_rate,omitempty"`
	Candidates []candidate `json:"candidates"`
}

type candidate struct {
	Codec    string           `json:"codec"`
	Params   map[string]value `json:"params,omitempty"`
	Optional bool             `json:"optional,omitempty"`
}

// value is a parameter's text; numbers and truths may be written without quotes.
type value string

// UnmarshalJSON implements json.Unmarshaler.
func (v *value) UnmarshalJSON(data []byte) error {
	switch text := string(data); {
	case text[0] == '"':
		var s string
		err := json.Unmarshal(data, &s)
		*v = value(s)
		return err
	case text == "true" || text == "false", text[0] == '-' || text[0] >= '0' && text[0] <= '9':
		*v = value(text)
		return nil
	}
	return fmt.Errorf("a parameter is a text, a number, true or false, not %.40s", data)
}

// Parse reads a preset. What it does not know it passes over, so that files of later
// programs with the same version can be read.
func Parse(data []byte) (Preset, error) {
	if len(data) > MaxBytes {
		return Preset{}, fmt.Errorf("a preset has %d bytes at most, this file has %d", MaxBytes, len(data))
	}
	var f file
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&f); err != nil {
		return Preset{}, fmt.Errorf("it is no preset: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Preset{}, errors.New("it is no preset: something follows behind its end")
	}
	switch {
	case f.Version == 0:
		return Preset{}, errors.New(`it is no preset: "cwpreset": 1 is missing`)
	case f.Version != version:
		return Preset{}, fmt.Errorf("it is a preset of version %d, this program reads version %d", f.Version, version)
	}
	p := Preset{Name: strings.TrimSpace(f.Name), Note: strings.TrimSpace(f.Note), EqualRate: f.EqualRate}
	for _, c := range f.Candidates {
		out := Candidate{Codec: c.Codec, Optional: c.Optional}
		for k, v := range c.Params {
			if out.Params == nil {
				out.Params = map[string]string{}
			}
			out.Params[k] = string(v)
		}
		p.Candidates = append(p.Candidates, out)
	}
	return p, p.Check()
}

// Check says what is wrong with a preset; nil: nothing.
func (p Preset) Check() error {
	if len(p.Candidates) == 0 {
		return errors.New("the preset has no candidates")
	}
	if len(p.Candidates) > MaxCandidates {
		return fmt.Errorf("the preset has %d candidates, the window takes %d", len(p.Candidates), MaxCandidates)
	}
	if !printable(p.Name, maxName) || !printable(p.Note, maxNote) {
		return fmt.Errorf("the preset's name or note is too long, or no text: a name has %d characters at most, a note %d", maxName, maxNote)
	}
	for i, c := range p.Candidates {
		if c.Codec == "" || !printable(c.Codec, maxKey) {
			return fmt.Errorf("candidate %d of the preset names no codec", i+1)
		}
		if len(c.Params) > maxParams {
			return fmt.Errorf("candidate %d of the preset has %d parameters, more than any codec", i+1, len(c.Params))
		}
		for k, v := range c.Params {
			if k == "" || !printable(k, maxKey) || len(v) > maxValue || !utf8.ValidString(v) {
				return fmt.Errorf("a parameter of candidate %d of the preset is too long, or no text", i+1)
			}
		}
	}
	return nil
}

func printable(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && strings.IndexFunc(s, unicode.IsControl) < 0
}

// Marshal writes a preset.
func (p Preset) Marshal() ([]byte, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	f := file{Version: version, Name: p.Name, Note: p.Note, EqualRate: p.EqualRate}
	for _, c := range p.Candidates {
		out := candidate{Codec: c.Codec, Optional: c.Optional}
		for k, v := range c.Params {
			if out.Params == nil {
				out.Params = map[string]value{}
			}
			out.Params[k] = value(v)
		}
		f.Candidates = append(f.Candidates, out)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(f)
	return b.Bytes(), err
}
