package external

import (
	"cmp"
	"hash/crc32"
	"regexp"

	"github.com/BurntSushi/toml"

	"codecworkbench/codecs/command"
	"codecworkbench/codecs/command/userfile"
	"codecworkbench/metrics"
)

// definition is the content of a metric's TOML file. README.md of package metrics
// explains each key.
type definition struct {
	ID      string `toml:"id"`
	Name    string `toml:"name"`
	Summary string `toml:"summary"`
	Paper   string `toml:"paper"`
	Unit    string `toml:"unit"`
	Range   string `toml:"range"`
	Lower   bool   `toml:"lower"`
	DB      bool   `toml:"db"`
	Alpha   bool   `toml:"alpha"`
	MinSide int    `toml:"min_side"` // pixels
	Seconds int    `toml:"seconds"`  // time limit of one run

	Command program           `toml:"command"`
	Install map[string]string `toml:"install"` // by operating system (runtime.GOOS): what to do when the program is missing
}

// program is what is run for each comparison.
type program struct {
	Programs []string `toml:"programs"` // names to look for; the first found is run
	Args     []string `toml:"args"`
	Picture  string   `toml:"picture"` // "png" or "ppm": what it reads
	Success  []int    `toml:"success"` // exit statuses that are no failure
	Value    string   `toml:"value"`   // regular expression with one group, for the number

	pattern *regexp.Regexp
}

// Load reads the user's own metrics, the *.toml files of a folder, in the order of
// their names. A file that is wrong gives an error with its name, the line and what
// to do, and does not keep the others from loading; so does one whose id is taken,
// by one of those that the caller lists or by a file before it. No folder is no
// error. A metric whose program is missing loads; its Info says so in Unavailable.
func Load(dir string, taken ...string) ([]metrics.Metric, []error) {
	list, errs := userfile.LoadDir(dir, taken, func(text []byte) (userfile.Loaded[*external], error) {
		m, err := parse(text)
		if err != nil {
			return userfile.Loaded[*external]{}, err
		}
		return userfile.Loaded[*external]{Value: m, ID: m.definition.ID, Line: userfile.LineOf(text, toml.Key{"id"}, 0)}, nil
	})
	var out []metrics.Metric
	for _, m := range list {
		out = append(out, m)
	}
	return out, errs
}

// parse reads a definition; its errors begin with ":LINE: ".
func parse(text []byte) (*external, error) {
	m := &external{version: 1 + int(crc32.ChecksumIEEE(text)>>1)}
	if err := userfile.Decode(text, &m.definition, m.definition.check); err != nil {
		return nil, err
	}
	return m, nil
}

// check fills in defaults and returns the first mistake.
func (d *definition) check(meta toml.MetaData) *userfile.Mistake {
	if !meta.IsDefined("seconds") {
		d.Seconds = userfile.DefaultSeconds
	}
	return cmp.Or(
		userfile.CheckID(d.ID),
		d.checkHead(meta),
		userfile.CheckSeconds(d.Seconds),
		userfile.CheckProgram("command", d.Command.Programs, d.Command.Args, []string{"{ref}", "{dist}"}),
		d.checkCommand(),
	)
}

// checkHead checks the keys outside of tables.
func (d *definition) checkHead(meta toml.MetaData) *userfile.Mistake {
	switch {
	case d.Name == "":
		return userfile.Wrong(toml.Key{"name"}, "name is missing; say what people call the metric")
	case !meta.IsDefined("lower"):
		return userfile.Wrong(toml.Key{"lower"}, "lower is missing; give true where a lower value is better, false where a higher one is")
	case d.DB && d.Lower:
		return userfile.Wrong(toml.Key{"db"}, "db is for metrics from 0 to 1 of which higher is better; remove it or give lower = false")
	case d.MinSide < 0:
		return userfile.Wrong(toml.Key{"min_side"}, "min_side = %d; give the smallest side in pixels, 0 for any", d.MinSide)
	}
	if d.Range == "" {
		d.Range = "as " + d.Command.name() + " prints them"
	}
	if d.Summary == "" {
		d.Summary = "What the program " + d.Command.name() + " measures."
	}
	return nil
}

// name is what to call the program.
func (p *program) name() string {
	if len(p.Programs) == 0 {
		return ""
	}
	return p.Programs[0]
}

// number finds a number, infinite and undefined ones in words too, as programs print
// them.
var number = regexp.MustCompile(`(?i)([-+]?(?:(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|\binf(?:inity)?\b|\bnan\b))`)

// checkCommand checks what is the command's own.
func (d *definition) checkCommand() *userfile.Mistake {
	p := &d.Command
	if p.Picture == "" {
		p.Picture = command.PNG
	}
	if p.Picture != command.PNG && p.Picture != command.PPM || p.Picture == command.PPM && d.Alpha {
		return userfile.Wrong(toml.Key{"command", "picture"}, "[command] has picture = %q; give png or, without alpha, ppm", p.Picture)
	}
	if p.Success == nil {
		p.Success = []int{0}
	}
	for _, status := range p.Success {
		if status < 0 || status > 255 {
			return userfile.Wrong(toml.Key{"command", "success"}, "[command] has the exit status %d in success; give statuses from 0 to 255", status)
		}
	}
	p.pattern = number
	if p.Value != "" {
		pattern, err := regexp.Compile(p.Value)
		if err != nil {
			return userfile.Wrong(toml.Key{"command", "value"}, "[command] has a value that is no regular expression: %v", err)
		}
		if pattern.NumSubexp() != 1 {
			return userfile.Wrong(toml.Key{"command", "value"}, "[command] has a value with %d groups; put the number into the only one, as in 'PSNR: (\\S+)'", pattern.NumSubexp())
		}
		p.pattern = pattern
	}
	return nil
}
