package workbench

import (
	"errors"
	"strings"

	"codecworkbench/codecs"
)

// Message is something that the user has to be told, in the window, without
// stopping anything.
type Message struct {
	Text  string
	Error bool // something failed; otherwise news, like "saved"
}

// maxMessages bounds what is kept unread.
const maxMessages = 20

// Fail tells the user about an error.
func (w *Workbench) Fail(err error) {
	if err != nil {
		w.tell(Message{Text: w.Plainly(err), Error: true})
	}
}

// Plainly writes an error as a sentence. The names of codecs keep their case.
func (w *Workbench) Plainly(err error) string {
	text := err.Error()
	if errors.Is(err, codecs.ErrNotApplicable) {
		text = strings.TrimPrefix(text, codecs.ErrNotApplicable.Error()+": ")
	}
	first, _, _ := strings.Cut(text, " ")
	if _, err := w.config.Tools.Codecs.Codec(first); err == nil {
		return first + strings.TrimPrefix(sentence("-"+text[len(first):]), "-")
	}
	return sentence(text)
}

// Tell tells the user some news.
func (w *Workbench) Tell(text string) { w.tell(Message{Text: text}) }

func (w *Workbench) tell(m Message) {
	if n := len(w.messages); n > 0 && w.messages[n-1] == m {
		return
	}
	// News replaces older news; errors wait to be read.
	if n := len(w.messages); n > 0 && !w.messages[n-1].Error {
		w.messages = w.messages[:n-1]
	}
	w.messages = append(w.messages, m)
	if len(w.messages) > maxMessages {
		w.messages = w.messages[1:]
	}
	w.notify(Messages)
}

// Message returns the newest unread message and how many there are.
func (w *Workbench) Message() (m Message, unread int) {
	if n := len(w.messages); n > 0 {
		return w.messages[n-1], n
	}
	return Message{}, 0
}

// Dismiss marks the newest message as read.
func (w *Workbench) Dismiss() {
	if n := len(w.messages); n > 0 {
		w.messages = w.messages[:n-1]
		w.notify(Messages)
	}
}
