package curves

import (
	"fyne.io/fyne/v2"

	"codecworkbench/app/workbench"
	"codecworkbench/metrics/rd"
	"codecworkbench/views/kit"
)

// conventions is what papers differ in when they make one number of many: every number
// on the screen follows them.
type conventions struct {
	wb                  *workbench.Workbench
	root                *fyne.Container
	psnr, bytes, method *kit.Segmented
}

func newConventions(wb *workbench.Workbench, tips *kit.Tips) *conventions {
	c := &conventions{wb: wb}
	c.psnr = kit.NewSegmented([]kit.Option{{ID: "", Name: "mean of dB"}, {ID: "mse", Name: "dB of mean"}}, func(id string) {
		wb.ChangeCurveView(func(v *workbench.CurveView) { v.MeanMSE = id != "" })
	}).Small()
	c.psnr.SetTip(tips, "Several pictures: the mean of their PSNR, as most papers have it, or the PSNR of their mean squared error (Cool-chic), up to 0.5 dB lower")
	c.bytes = kit.NewSegmented([]kit.Option{{ID: "", Name: "file"}, {ID: "payload", Name: "payload"}}, func(id string) {
		wb.ChangeCurveView(func(v *workbench.CurveView) { v.Payload = id != "" })
	}).Small()
	c.bytes.SetTip(tips, "The rate of the whole file, or without container, headers and tables, as papers count that sum the coded strings")
	c.method = kit.NewSegmented([]kit.Option{{ID: "", Name: "PCHIP"}, {ID: string(rd.Cubic), Name: "cubic"}, {ID: string(rd.Akima), Name: "Akima"}}, func(id string) {
		wb.ChangeCurveView(func(v *workbench.CurveView) { v.Method = rd.Method(id) })
	}).Small()
	c.method.SetTip(tips, "How the BD-rate joins the points: PCHIP (JVET, AWCY), one cubic (VCEG-M33, most papers), or Akima")
	row := func(name string, control fyne.CanvasObject) fyne.CanvasObject {
		return kit.Row(kit.Space, 0, kit.Muted(name).Clipped(), control)
	}
	c.root = kit.Column(kit.Gap, kit.Caption("CONVENTIONS"), row("PSNR", c.psnr), row("Bytes", c.bytes), row("BD-rate", c.method))
	return c
}

func (c *conventions) changed() {
	v := c.wb.CurveView()
	pick := func(on bool, id string) string {
		if on {
			return id
		}
		return ""
	}
	c.psnr.Select(pick(v.MeanMSE, "mse"))
	c.bytes.Select(pick(v.Payload, "payload"))
	c.method.Select(pick(v.Method != rd.PCHIP, string(v.Method)))
}
