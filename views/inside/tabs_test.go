package inside

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"codecworkbench/views/kit"
)

// Nine candidates and the facts of the shown one never lie over each other; the shown one
// keeps its name.
func TestTabsFit(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	for _, width := range []float32{968, 1224, 1864} {
		for n := 1; n <= 9; n++ {
			var objects []fyne.CanvasObject
			for i := range n {
				objects = append(objects, newTab(i+1, "hyperprior-gdn", "q 2.5", i == n-1, nil))
			}
			facts := kit.Muted("13,890 bytes, all accounted for").Clipped()
			objects = append(objects, facts)
			tabsLayout{}.Layout(objects, fyne.NewSize(width, kit.ControlSize))
			end := float32(0)
			for i, o := range objects {
				if o.Position().X < end {
					t.Errorf("%d candidates in %v: object %d begins at %v, before %v", n, width, i, o.Position().X, end)
				}
				end = o.Position().X + o.Size().Width
			}
			if end > width {
				t.Errorf("%d candidates in %v end at %v", n, width, end)
			}
			if shown := objects[n-1].(*tab); shown.name.Value() != "hyperprior-gdn q 2.5" {
				t.Errorf("%d candidates in %v: the shown one reads %q", n, width, shown.name.Value())
			}
		}
	}
}
