package png

import (
	"errors"
	"testing"
)

func TestFiltered(t *testing.T) {
	// Three grey rows of ten pixels: as they are, to the left, above.
	rows := "\x00" + "\x05\x05\x05\x05\x05\x05\x05\x05\xfe\xfe" +
		"\x01" + "\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
		"\x02" + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	file := build(ihdr(10, 3, 8, 0, 0), idat(rows), chunk{"IEND", "", false})
	f, err := ReadFiltered(file, 10, 3)
	if err != nil {
		t.Fatal(err)
	}
	if f.Rows != [filters]int{1, 1, 1, 0, 0} || f.Counts[128+5] != 8 || f.Counts[128-2] != 2 || f.Counts[128+7] != 1 || f.Counts[128] != 19 {
		t.Errorf("rows %v, counts of 5, -2, 7, 0: %d %d %d %d", f.Rows, f.Counts[133], f.Counts[126], f.Counts[135], f.Counts[128])
	}
	if f.Wide != 2 || f.High != 1 || f.Left[0] != 47./24 || f.Left[1] != 4./6 {
		t.Errorf("means %v of %d x %d", f.Left, f.Wide, f.High)
	}
	if _, err := ReadFiltered(file, 11, 3); err == nil {
		t.Error("a file of another size is read")
	}
	for cut := range len(file) - 28 { // what follows are checksums and the end
		if _, err := ReadFiltered(file[:cut], 10, 3); err == nil {
			t.Fatalf("%d of %d bytes are read", cut, len(file))
		}
	}
	if _, err := ReadFiltered(build(ihdr(10, 3, 8, 0, 1), idat(rows), chunk{"IEND", "", false}), 10, 3); !errors.Is(err, ErrOtherRows) {
		t.Error("an interlaced file is read")
	}
}
