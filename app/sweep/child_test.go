package sweep

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// TestMain makes the test's own executable the child process of a Child.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == ChildArgument {
		os.Exit(child(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// child answers one job: its first argument is a file to which each run adds a byte.
func child(args []string) int {
	var job ChildJob
	if err := json.NewDecoder(os.Stdin).Decode(&job); err != nil {
		fmt.Fprintln(os.Stderr, "codecworkbench:", err)
		return 1
	}
	f, err := os.OpenFile(args[0], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 1
	}
	defer func() { _ = f.Close() }()
	before, _ := os.Stat(args[0])
	if _, err := f.WriteString("x"); err != nil {
		return 1
	}
	if strings.HasSuffix(job.Spec, ":8") {
		panic("a bug")
	}
	ms := 30 - float64(before.Size()%3) // later runs are faster
	reply := NewChildReply(&Outcome{Bytes: 7, BPP: 1, EncodeMS: ms, DecodeMS: ms, Values: map[string]MetricResult{}}, nil)
	if json.NewEncoder(os.Stdout).Encode(reply) != nil {
		return 1
	}
	return 0
}

func TestTimedJobsRunAloneAndResume(t *testing.T) {
	var encodes, runs atomic.Int64
	tools := testTools(t, fakeCodec{encodes: &encodes, lossy: true, version: 1}, mse{&runs})
	images := testImages(t, [2]int{8, 8})
	cache, err := OpenCache(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	log := t.TempDir() + "/log"
	execute := func(spec string, fresh bool) (*Outcome, error) {
		t.Helper()
		c, err := NewChild(os.Args[0], []string{log}, &Local{Tools: tools, Images: images, Cache: cache, Fresh: fresh})
		if err != nil {
			t.Fatal(err)
		}
		return c.Execute(context.Background(), Job{Spec: spec, Image: images[0].Hash, Metrics: []string{"mse"}})
	}
	count := func() int {
		data, _ := os.ReadFile(log)
		return len(data)
	}
	out, err := execute("fake:4", false)
	if err != nil || !out.Alone || out.Cached || out.EncodeMS != 28 || count() != 3 {
		t.Fatalf("%+v, %v after %d runs", out, err, count())
	}
	if out, err = execute("fake:4", false); err != nil || !out.Cached || !out.Alone || out.EncodeMS != 28 || count() != 3 {
		t.Errorf("again: %+v, %v after %d runs", out, err, count())
	}
	if out, err = execute("fake:4", true); err != nil || out.Cached || count() != 6 {
		t.Errorf("anew: %+v, %v after %d runs", out, err, count())
	}
	if out, err = execute("fake:8", false); err == nil || count() != 7 {
		t.Errorf("a crash of the child: %+v, %v after %d runs", out, err, count())
	}
}
