package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// object writes a JSON object whose keys keep their order. Errors are kept for its
// end.
type object struct {
	w    *bytes.Buffer
	some bool
	err  error
}

func (o *object) field(key string, v any) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		o.err = errors.Join(o.err, fmt.Errorf("key %q: %w", key, err))
		return
	}
	o.raw(key, bytes.TrimSpace(text.Bytes()))
}

func (o *object) raw(key string, text []byte) {
	if o.some {
		o.w.WriteByte(',')
	} else {
		o.w.WriteByte('{')
	}
	o.some = true
	name, err := json.Marshal(key)
	o.err = errors.Join(o.err, err)
	o.w.Write(name)
	o.w.WriteByte(':')
	o.w.Write(text)
}

func (o *object) close() {
	if !o.some {
		o.w.WriteByte('{')
	}
	o.w.WriteByte('}')
}

// indent lays JSON out for people: a line a key, but a whole array of numbers on
// one line.
func indent(data []byte) ([]byte, error) {
	var all bytes.Buffer
	if err := json.Indent(&all, data, "", "  "); err != nil {
		return nil, err
	}
	text := all.Bytes()
	out := make([]byte, 0, len(text))
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case quoted && text[i] == '\\':
			out = append(out, text[i])
			i++
		case !quoted && text[i] == '[':
			if n := numberArray(text[i:]); n > 0 {
				out = append(out, joinLines(text[i:i+n])...)
				i += n - 1
				continue
			}
		}
		out = append(out, text[i])
	}
	return append(out, '\n'), nil
}

// numberArray is the length of an array of numbers and nulls at the start of text,
// 0 if something else stands there.
func numberArray(text []byte) int {
	end := bytes.IndexByte(text, ']')
	if end < 0 || bytes.ContainsAny(text[1:end], "[{\"tf") {
		return 0
	}
	return end + 1
}

func joinLines(text []byte) []byte {
	text = bytes.Join(bytes.Fields(text), []byte(" "))
	text = bytes.Replace(text, []byte("[ "), []byte("["), 1)
	return bytes.Replace(text, []byte(" ]"), []byte("]"), 1)
}
