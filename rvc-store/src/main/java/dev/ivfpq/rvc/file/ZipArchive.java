// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.file;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A zip file of unknown origin, read as streams: nothing is unpacked to disk, names are only
 * compared, links are not followed, archives inside are not opened. For one thread.
 */
public final class ZipArchive implements Closeable {
  private static final int MAX_ENTRIES = 100_000;
  private static final int MAX_NAME = 1000;

  /**
   * Bytes that one byte of the archive may become. Floats shrink by a tenth; deflate at its most
   * makes a thousand bytes of one.
   */
  private static final int MAX_RATIO = 100;

  /** Below this the ratio of a single entry does not matter. */
  private static final int HARMLESS_BYTES = 1 << 20;

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();
  private final Set<String> repeated = new HashSet<>();
  private final Set<String> measured = new HashSet<>();

  /** What the entries not yet measured may become, together. */
  private long remaining;

  private ZipArchive(Path file, ZipFile zip) throws IOException {
    this.file = file;
    this.zip = zip;
    this.remaining = HARMLESS_BYTES + MAX_RATIO * Files.size(file);
    for (ZipEntry entry : Collections.list(zip.entries())) {
      if (entry.getName().length() > MAX_NAME) {
        throw new ArchiveException(
            file
                + ": an entry's name has "
                + entry.getName().length()
                + " characters; unpack it and import the folder");
      }
      // As Windows once wrote them.
      String name = entry.getName().replace('\\', '/');
      if (!entry.isDirectory() && entries.put(name, entry) != null) {
        repeated.add(name);
      }
    }
  }

  /** Whether a file starts as zip files do. */
  public static boolean isZip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(4);
      return head.length == 4
          && head[0] == 'P'
          && head[1] == 'K'
          && (head[2] == 3 && head[3] == 4 || head[2] == 5 && head[3] == 6);
    }
  }

  /**
   * Opens an archive.
   *
   * @throws ArchiveException if it is damaged, or packed with a password, or has too many entries,
   *     or one with a name longer than any file's
   * @throws IOException if it cannot be read
   */
  public static ZipArchive open(Path file) throws IOException {
    ZipFile zip = zip(file);
    try {
      if (zip.size() > MAX_ENTRIES) {
        throw new ArchiveException(
            file
                + ": "
                + zip.size()
                + " entries, read are at most "
                + MAX_ENTRIES
                + "; unpack it and import the folder");
      }
      return new ZipArchive(file, zip);
    } catch (Throwable t) {
      zip.close();
      throw t;
    }
  }

  private static ZipFile zip(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile(), StandardCharsets.UTF_8);
    } catch (ZipException | EOFException e) {
      if (!String.valueOf(e.getMessage()).contains("entry name")) {
        throw refused(file, e);
      }
    }
    // Names in the character set of some Windows; what they say does not matter.
    try {
      return new ZipFile(file.toFile(), StandardCharsets.ISO_8859_1);
    } catch (ZipException | EOFException e) {
      throw refused(file, e);
    }
  }

  private static ArchiveException refused(Path file, IOException e) {
    String message = e.getMessage() == null ? "it ends too early" : e.getMessage();
    String cause = "a damaged zip file (" + message + "); get it again";
    if (message.contains("END header")) {
      cause = "truncated, the table of contents at a zip file's end is missing; get it again";
    } else if (message.contains("encrypted")) {
      cause = "packed with a password; unpack it and import the folder";
    }
    return new ArchiveException(file + ": " + cause, e);
  }

  /** The names of all entries but folders, with slashes. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /**
   * Opens an entry. The first time it is read to its end and checked: its checksum, and how much
   * came of how little.
   *
   * @param name one of {@link #names}
   * @throws ArchiveException if it is damaged, or becomes too much, or two have this name
   * @throws IOException if reading fails
   */
  public ByteSource entry(String name) throws IOException {
    if (repeated.contains(name)) {
      throw new ArchiveException(
          label(name)
              + ": there are two of this name, which of them is meant cannot be told; pack it"
              + " again");
    }
    ZipEntry entry = entries.get(name);
    if (measured.add(name)) {
      measure(name, entry);
    }
    return new EntryBytes(label(name), entry.getSize(), () -> stream(name, entry));
  }

  private InputStream stream(String name, ZipEntry entry) throws IOException {
    InputStream stream = zip.getInputStream(entry);
    if (stream == null) {
      throw new ArchiveException(label(name) + ": not where the archive says; get it again");
    }
    return stream;
  }

  private String label(String name) {
    return file + ": " + name.replaceAll("\\p{Cntrl}", "?");
  }

  private void measure(String name, ZipEntry entry) throws IOException {
    long most =
        Math.min(remaining, Math.max(HARMLESS_BYTES, MAX_RATIO * entry.getCompressedSize()));
    CRC32 checksum = new CRC32();
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    try (InputStream in = stream(name, entry)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        checksum.update(buffer, 0, read);
        size += read;
        if (size > most) {
          throw new ArchiveException(
              label(name)
                  + ": becomes more than "
                  + MAX_RATIO
                  + " times its packed size, as no voice does; do not trust this archive");
        }
      }
    } catch (ArchiveException e) {
      throw e;
    } catch (IOException e) {
      throw new ArchiveException(
          label(name) + ": cannot be unpacked (" + e.getMessage() + "); get the archive again", e);
    }
    if (checksum.getValue() != entry.getCrc() || size != entry.getSize()) {
      throw new ArchiveException(
          label(name) + ": damaged, its checksum or size is another; get the" + " archive again");
    }
    remaining -= size;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
