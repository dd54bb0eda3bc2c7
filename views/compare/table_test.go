package compare

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/views/kit"
)

// Metrics' names are read in full beside two, three and four columns.
func TestTableKeepsNames(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	for _, name := range []string{"Bits per pixel", "MS-SSIM-RGB dB", "Butteraugli 3-norm ↓", "Butteraugli 3-norm, nits 203 ↓"} {
		for columns := 2; columns <= 4; columns++ {
			width := kit.SidePanel - 2*kit.PanelPadding - float32(columns)*columnWidth(columns)
			var read []string
			for _, line := range nameLines(name, width) {
				text, ok := line.(*kit.Text)
				if c, boxed := line.(*fyne.Container); boxed {
					text, ok = c.Objects[0].(*kit.Text)
				}
				if !ok {
					t.Fatalf("a line of %q is a %T", name, line)
				}
				read = append(read, text.Value())
				if w := fyne.MeasureText(text.Value(), text.Points, fyne.TextStyle{}).Width; w > width {
					t.Errorf("%d columns: %q is %.1f wide, there are %.1f", columns, text.Value(), w, width)
				}
			}
			if strings.Join(read, " ") != name {
				t.Errorf("%d columns: %q reads %q", columns, name, read)
			}
		}
	}
}

// The sentence below the curves is within the panel at every height: the chart gives way,
// and takes what is left.
func TestSentenceIsSeen(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	sentence := widget.NewRichTextWithText("At 28.9 dB hyperprior-gdn needs 61 % fewer bytes than webp-lossless, and 70 % fewer than jpeg.")
	sentence.Wrapping = fyne.TextWrapWord
	chart := kit.NewGround("", 0, 20, 20, nil)
	box := container.New(curveLayout{}, kit.NewGround("", 0, 0, 0, nil), chart, sentence)
	const width = kit.SidePanel - 2*kit.PanelPadding
	test.NewTempWindow(t, container.NewWithoutLayout(box))
	for _, high := range []float32{190, 240, 400} {
		box.Resize(fyne.NewSize(width, high))
		if end := sentence.Position().Y + sentence.MinSize().Height; end > max(high, box.MinSize().Height) {
			t.Errorf("in %v the sentence ends at %v", high, end)
		}
		if h := chart.Size().Height; h < leastChart || h > mostChart {
			t.Errorf("in %v the chart is %v high", high, h)
		}
	}
	if chart.Size().Height != mostChart {
		t.Errorf("where there is room, the chart is %v high", chart.Size().Height)
	}
}
