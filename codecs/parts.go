package codecs

// Part is a named stretch of a file.
type Part struct {
	Name  string
	Bytes int
}

// PartLister is a codec of native files that can name the parts of one.
type PartLister interface {
	// Parts lists a file's parts in the file's order, without gaps: what it can't read
	// is a part too.
	Parts(file []byte) []Part
}

// PartsOf accounts for every byte of a codec's native file: by its parts where the
// codec knows them, else as one.
func PartsOf(c Codec, file []byte) []Part {
	if lister, ok := c.(PartLister); ok {
		parts := lister.Parts(file)
		sum := 0
		for _, p := range parts {
			sum += p.Bytes
		}
		if len(parts) > 0 && sum == len(file) {
			return parts
		}
	}
	return []Part{{c.Info().SectionName(NativeSection), len(file)}}
}
