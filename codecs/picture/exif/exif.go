// Package exif finds the orientation in an EXIF block. It reads nothing else of
// EXIF and never fails: a damaged block has no orientation.
//
// Source: CIPA DC-008 (Exif 2.32), sections 4.5 and 4.6; TIFF 6.0, section 2.
package exif

import (
	"bytes"
	"encoding/binary"
)

// orientationTag is TIFF's tag 274, in the first directory (IFD0).
const orientationTag = 0x0112

// maxEntries bounds the directory entries that are looked at.
const maxEntries = 1000

// Orientation returns the orientation, 1 to 8, in an EXIF block: a TIFF header and
// its directories, with or without the "Exif\0\0" that stands before it in JPEG.
// It returns 1 where there is none, or where the block is damaged.
func Orientation(block []byte) int {
	block = bytes.TrimPrefix(block, []byte("Exif\x00\x00"))
	if len(block) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(block[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(block[4:]))
	if at < 8 || at+2 > int64(len(block)) {
		return 1
	}
	n := int(order.Uint16(block[at:]))
	entries := block[at+2:]
	for i := 0; i < min(n, maxEntries) && len(entries) >= 12; i, entries = i+1, entries[12:] {
		if order.Uint16(entries) != orientationTag {
			continue
		}
		var v int
		switch order.Uint16(entries[2:]) {
		case 1, 6: // BYTE and SBYTE; only SHORT follows the rules, but writers use all whole numbers
			v = int(entries[8])
		case 3, 8: // SHORT, SSHORT
			v = int(order.Uint16(entries[8:]))
		case 4, 9: // LONG, SLONG
			v = int(order.Uint32(entries[8:]))
		}
		if v >= 1 && v <= 8 {
			return v
		}
		return 1
	}
	return 1
}

// FromJPEG returns the first EXIF block of a JPEG file, or nil. It looks only at the
// segments before the first scan.
func FromJPEG(data []byte) []byte {
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xff {
			return nil
		}
		marker := data[at+1]
		if marker == 0xff { // fill byte
			at++
			continue
		}
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 { // no length
			at += 2
			continue
		}
		if marker == 0xda || marker == 0xd9 {
			return nil
		}
		n := int(binary.BigEndian.Uint16(data[at+2:]))
		if n < 2 || at+2+n > len(data) {
			return nil
		}
		if payload := data[at+4 : at+2+n]; marker == 0xe1 && bytes.HasPrefix(payload, []byte("Exif\x00")) && len(payload) > 6 {
			return payload[6:]
		}
		at += 2 + n
	}
	return nil
}
