package workbench

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
		w.tell(Message{Text: sentence(err.Error()), Error: true})
	}
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
