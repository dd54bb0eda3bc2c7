package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// screen is a display without a screen.
type screen struct {
	server  *exec.Cmd
	display string
}

func openScreen() (*screen, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // it was read
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	_ = w.Close() // the server has its own
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		_ = cmd.Process.Kill() // it may be gone already
		return nil, fmt.Errorf("xvfb does not start: %w", err)
	}
	return &screen{cmd, ":" + strings.TrimSpace(line)}, nil
}

func (s *screen) close() {
	_ = s.server.Process.Kill() // it may be gone already
	_ = s.server.Wait()
}

// window is the program, opened on the screen.
type window struct {
	env []string
	cmd *exec.Cmd
	id  string
	log string
}

// start opens a picture in the program, with a home of its own, and waits until it is
// seen and nothing is worked on.
func (s *screen) start(program, path, dir string) (*window, error) {
	home, err := os.MkdirTemp(dir, "home")
	if err != nil {
		return nil, err
	}
	w := &window{log: filepath.Join(home, "frames")}
	w.env = append(os.Environ(), "DISPLAY="+s.display, "LANG=en_US.UTF-8", "FYNE_SCALE=1", "FYNE_THEME=dark", "WAYLAND_DISPLAY=",
		"HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "CODECWORKBENCH_FRAMES="+w.log)
	w.cmd = exec.Command(program, path)
	w.cmd.Env = w.env
	if err := w.cmd.Start(); err != nil {
		return nil, err
	}
	for range 150 {
		time.Sleep(200 * time.Millisecond)
		if id, err := w.xdotool("search", "--onlyvisible", "--name", "Codec Workbench"); err == nil && id != "" {
			w.id = strings.Fields(id)[0]
			break
		}
	}
	if w.id == "" {
		w.stop()
		return nil, errors.New("no window came")
	}
	if _, err := w.xdotool("windowmove", w.id, "0", "0", "windowsize", w.id, "1280", "800", "windowfocus", w.id); err != nil {
		w.stop()
		return nil, err
	}
	time.Sleep(2 * time.Second)
	// Curves of a large picture would be filled for minutes.
	if _, err := w.xdotool("key", "--window", w.id, "ctrl+k", "sleep", "0.5", "type", "--window", w.id, "go on filling"); err != nil {
		w.stop()
		return nil, err
	}
	if err := w.keys("Return", "m"); err != nil { // and equal terms searched for
		w.stop()
		return nil, err
	}
	if err := w.rest(); err != nil {
		w.stop()
		return nil, err
	}
	return w, nil
}

func (w *window) stop() {
	_ = w.cmd.Process.Kill() // it may be gone already
	_ = w.cmd.Wait()
}

func (w *window) xdotool(args ...string) (string, error) {
	cmd := exec.Command("xdotool", args...)
	cmd.Env = w.env
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("xdotool %s: %w", args[0], err)
	}
	return string(out), nil
}

// keys types keys, with time to follow.
func (w *window) keys(names ...string) error {
	for _, k := range names {
		if _, err := w.xdotool("key", "--window", w.id, k, "sleep", "0.4"); err != nil {
			return err
		}
	}
	return nil
}

// drawn waits until the last frame was drawn in a mode, as the log names it.
func (w *window) drawn(mode string) error {
	for range 300 {
		data, err := os.ReadFile(w.log)
		if err != nil {
			return err
		}
		lines := strings.Split(strings.TrimSpace(string(data)), "\n")
		if strings.HasPrefix(lines[len(lines)-1], mode+" ") {
			return nil
		}
		time.Sleep(time.Second)
	}
	return fmt.Errorf("no picture is drawn in the mode %s within five minutes", mode)
}

// restless is the share of a processor above which the program is at work.
const restless = 0.15

// rest waits until the program has used little time for two seconds.
func (w *window) rest() error {
	quiet := 0
	for range 600 {
		before, err := w.used()
		if err != nil {
			return err
		}
		time.Sleep(time.Second)
		after, err := w.used()
		if err != nil {
			return err
		}
		if quiet++; after-before > restless {
			quiet = 0
		}
		if quiet == 2 {
			return nil
		}
	}
	return errors.New("the program does not come to rest within ten minutes")
}

// used is the processor time that the program has taken, in seconds.
func (w *window) used() (float64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(data), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, errors.New("the process's state can't be read")
	}
	user, err := strconv.ParseFloat(fields[11], 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100, err // in clock ticks, a hundred a second on Linux
}

// forgetPeak lets peak begin anew; where the system does not let it, peak counts from the
// program's start.
func (w *window) forgetPeak() {
	const resetPeak = "5" // see proc(5), clear_refs
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", w.cmd.Process.Pid), []byte(resetPeak), 0)
}

// peak is the most memory that the program has had since forgetPeak, in MB.
func (w *window) peak() (int, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(data), "\n") {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
			kb, err := strconv.Atoi(f[1])
			return kb * 1024 / 1_000_000, err
		}
	}
	return 0, errors.New("the process's memory can't be read")
}

// drag runs movements and summarizes the frames that were drawn meanwhile.
func (w *window) drag(moves []string) (row, error) {
	before, err := readFrames(w.log, 0)
	if err != nil {
		return row{}, err
	}
	began, err := w.used()
	if err != nil {
		return row{}, err
	}
	if _, err := w.xdotool(moves...); err != nil {
		return row{}, err
	}
	ended, err := w.used()
	if err != nil {
		return row{}, err
	}
	frames, err := readFrames(w.log, len(before))
	if err != nil {
		return row{}, err
	}
	r, err := summarize(frames)
	if err != nil {
		return row{}, err
	}
	r.cpu = 1000 * (ended - began) / float64(len(frames))
	r.peak, err = w.peak()
	return r, err
}
