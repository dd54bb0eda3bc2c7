// Package locale replaces the locales C and POSIX, which the window toolkit takes
// for errors and reports on standard error while it is initialised, even where only
// the command line runs (Fyne issue 5271). It imports nothing but os, so that the
// runtime initialises it before the toolkit.
package locale

import "os"

// Replaced says which variable was changed, for tests; empty if none.
var Replaced = replace()

func replace() string {
	// The first of these that is set decides (POSIX, environment variables, LC_*).
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		switch os.Getenv(name) {
		case "":
			continue
		case "C", "POSIX", "C.UTF-8", "C.utf8":
			// Setenv fails only for names and values that these are not.
			_ = os.Setenv(name, "en_US.UTF-8")
			return name
		}
		return ""
	}
	_ = os.Setenv("LANG", "en_US.UTF-8")
	return "LANG"
}
