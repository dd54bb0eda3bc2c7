package codecs

// Part is a named stretch of a file.
type Part struct {
	Name  string
	Bytes int
	// Coded parts hold the coded picture itself; the others are what the format puts
	// round it: signatures, headers, tables, metadata.
	Coded bool
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
	return []Part{{Name: c.Info().SectionName(NativeSection), Bytes: len(file), Coded: true}}
}

// headerName is what codecs call the section of their settings.
const headerName = "header"

// PayloadSize is how many bytes of a stream code the picture: of a native file the
// coded parts, of others the sections without the container's own bytes and without
// the codec's header, as papers count that sum the lengths of the coded strings.
// Tables that a format needs in every file (JPEG's) are not in it.
func PayloadSize(c Codec, s *Stream) (int, error) {
	info := c.Info()
	n := 0
	if info.Native != "" {
		file, err := s.Native()
		if err != nil {
			return 0, err
		}
		for _, p := range PartsOf(c, file) {
			if p.Coded {
				n += p.Bytes
			}
		}
		if n == 0 { // of unknown structure
			n = len(file)
		}
		return n, nil
	}
	for _, sec := range s.Sections {
		if info.SectionName(sec.Kind) != headerName {
			n += len(sec.Payload)
		}
	}
	return n, nil
}
