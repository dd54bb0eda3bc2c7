package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// printTable prints rows in columns below a head, two spaces apart. A head that begins
// with ">" aligns its column right and loses that sign.
func printTable(w io.Writer, head []string, rows [][]string) error {
	right := make([]bool, len(head))
	names := make([]string, len(head))
	for i, h := range head {
		names[i], right[i] = strings.CutPrefix(h, ">")
	}
	rows = append([][]string{names}, rows...)
	widths := make([]int, len(head))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			fill := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if right[i] {
				line.WriteString(fill + cell + "  ")
			} else {
				line.WriteString(cell + fill + "  ")
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// wrapped breaks a text into lines of at most so many characters.
func wrapped(text string, most int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > most {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
