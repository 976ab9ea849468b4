package zone

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"time"
)

// Pack writes the compiled zones of a folder as the file that the program carries. The
// same folder gives the same bytes. It returns the version of the data.
func Pack(folder string, to io.Writer) (version string, err error) {
	version, err = folderVersion(folder)
	if err != nil || version == "" {
		return "", fmt.Errorf("%s has no version of tzdata: %w", folder, err)
	}
	names, links, err := readSource(filepath.Join(folder, sourceFile))
	if err != nil {
		return "", err
	}
	var list bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(links)) {
		fmt.Fprintln(&list, name, links[name])
	}
	archive := zip.NewWriter(to)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	err = addFile(archive, versionFile, []byte(version), err)
	err = addFile(archive, linksFile, list.Bytes(), err)
	for _, name := range slices.Sorted(slices.Values(names)) {
		if _, isLink := links[name]; !isLink {
			err = addZone(archive, folder, name, err)
		}
	}
	if err != nil {
		return "", err
	}
	return version, archive.Close()
}

// addFile does nothing after an error, and returns it.
func addFile(archive *zip.Writer, name string, data []byte, err error) error {
	if err != nil {
		return err
	}
	file, err := archive.Create(name)
	if err == nil {
		_, err = file.Write(data)
	}
	return err
}

func addZone(archive *zip.Writer, folder, name string, err error) error {
	if err != nil {
		return err
	}
	data, err := readFile(filepath.Join(folder, filepath.FromSlash(name)), largestFile)
	if err != nil {
		return err
	}
	if _, err := time.LoadLocationFromTZData(name, data); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return addFile(archive, name, data, nil)
}
