package hyperprior

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
)

func TestInspect(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 600, 100, false, 14), codecs.Params{"q": "9"})
	trace, err := c.Inspect(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range latenttest.Panel[codecs.Plane](t, trace, "sigma").Values {
		if !(v >= minSigma*0.999 && v <= maxSigma) {
			t.Fatalf("sigma %g", v)
		}
	}
	for _, id := range []string{"mean", "scale"} {
		if p := latenttest.Panel[codecs.Plane](t, trace, id); len(p.Values) != 38*7 {
			t.Errorf("panel %s has %d values", id, len(p.Values))
		}
	}
	if z := latenttest.Panel[codecs.Plane](t, trace, "hyper-latent"); z.Width != 10 || z.Height != 2 || z.Scale != 64 {
		t.Errorf("z has %d x %d positions", z.Width, z.Height)
	}
}
