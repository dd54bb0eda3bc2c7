// Package classical holds the standard image formats as codecs: JPEG, PNG and WebP
// built in, and any command-line encoder through a small TOML file (External), of
// which AVIF, JPEG XL, JPEG 2000 and BPG are defined here.
//
// A stream of theirs holds one native file, whose size is the rate. Decoding goes
// through codecs/picture, the program's one reader of picture files, so that a file
// looks the same whether a codec or the user opened it.
package classical
