// Package report reads and writes what was measured: results files (CompressAI's
// and codec-compare's JSON, tables), the published curves, and tables for papers.
// It measures nothing; figures are drawn by app/report/figure.
//
// CompressAI: github.com/InterDigitalInc/CompressAI, compressai.utils.bench and
// compressai.utils.plot. codec-compare: github.com/webmproject/codec-compare.
package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"codecworkbench/metrics/rd"
)

// Limits of a results file; no honest one comes near them.
const (
	maxResultBytes = 256 << 20
	maxCurves      = 10_000
)

// ReadResults reads rate-distortion curves: this program's results, CompressAI's
// JSON in all its dialects (with and without the "results" wrapper, old keys,
// MS-SSIM in dB, one picture a file), codec-compare's JSON, tables with a heading
// (CSV, TSV or columns between blanks) and text such as "bpp = [0.1, 0.2]".
//
// Values keep the metrics' own scale: MS-SSIM in dB becomes linear. Points keep
// the file's order. Null, NaN and infinite values become NaN. An error names the
// curve and the key that is wrong.
func ReadResults(data []byte) ([]rd.Curve, error) {
	if len(data) > maxResultBytes {
		return nil, fmt.Errorf("results file of %d MiB; the limit is %d MiB", len(data)>>20, maxResultBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	trimmed := bytes.TrimSpace(data)
	if len(trimmed) == 0 {
		return nil, errors.New("the results file is empty")
	}
	var curves []rd.Curve
	var err error
	if trimmed[0] == '{' || trimmed[0] == '[' {
		curves, err = readJSON(trimmed)
	} else {
		curves, err = readText(string(trimmed))
	}
	if err != nil {
		return nil, err
	}
	if len(curves) == 0 {
		return nil, errors.New("the results file holds no curve")
	}
	return curves, nil
}

func readJSON(data []byte) ([]rd.Curve, error) {
	data = replaceBareNumbers(data)
	objects := []json.RawMessage{data}
	if data[0] == '[' {
		if err := json.Unmarshal(data, &objects); err != nil {
			return nil, jsonError(data, err)
		}
	}
	if len(objects) > maxCurves {
		return nil, fmt.Errorf("%d curves in one file; the limit is %d", len(objects), maxCurves)
	}
	var curves []rd.Curve
	for i, raw := range objects {
		more, err := readObject(raw)
		if err != nil {
			if len(objects) > 1 {
				err = fmt.Errorf("curve %d: %w", i+1, err)
			}
			return nil, err
		}
		curves = append(curves, more...)
	}
	return curves, nil
}

func readObject(raw json.RawMessage) ([]rd.Curve, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, jsonError(raw, err)
	}
	if object == nil {
		return nil, errors.New("null in place of a curve")
	}
	if _, ok := object["field_values"]; ok {
		return readCodecCompare(object)
	}
	c, err := readCompressAI(object)
	if err != nil {
		return nil, err
	}
	return []rd.Curve{c}, nil
}

// jsonError says where in the text the error is.
func jsonError(data []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at := min(int(syntax.Offset), len(data))
		return fmt.Errorf("not JSON: line %d: %w", 1+bytes.Count(data[:at], []byte("\n")), err)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Errorf("a curve must be a JSON object, not a %s", kind.Value)
	}
	return fmt.Errorf("not JSON: %w", err)
}

// replaceBareNumbers turns NaN and Infinity, which Python's json writes but JSON
// does not know, into null. Text in quotes stays.
func replaceBareNumbers(data []byte) []byte {
	if !bytes.Contains(data, []byte("NaN")) && !bytes.Contains(data, []byte("Infinity")) {
		return data
	}
	out := make([]byte, 0, len(data))
	quoted := false
	for i := 0; i < len(data); i++ {
		switch {
		case quoted && data[i] == '\\' && i+1 < len(data):
			out = append(out, data[i])
			i++
		case data[i] == '"':
			quoted = !quoted
		case !quoted:
			if n := bareLength(data[i:]); n > 0 {
				out = append(out, "null"...)
				i += n - 1
				continue
			}
		}
		out = append(out, data[i])
	}
	return out
}

func bareLength(data []byte) int {
	for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
		if bytes.HasPrefix(data, []byte(word)) {
			return len(word)
		}
	}
	return 0
}

// quote shortens a name from a file for an error message.
func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", strings.ToValidUTF8(s, "?"))
}
