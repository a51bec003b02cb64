// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import java.io.IOException;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.SegmentInfo;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;

/** The format's three files, beside Lucene's own for the raw vectors; FORMAT.md describes them. */
public enum FileNames {
  /** One entry per field: settings, sizes, and where its model and lists are. */
  META("ivfm", "IvfPqMeta"),
  /** Models: transform, centroids, codebooks. */
  MODEL("ivfq", "IvfPqModel"),
  /** Inverted lists: code blocks, list directory, ordinals. */
  LISTS("ivfl", "IvfPqLists");

  private static final int VERSION_START = 1;
  private static final int VERSION_CURRENT = 1;

  /** Every part of the two data files starts at a multiple of this many bytes. */
  public static final int ALIGNMENT = 64;

  private final String extension;
  private final String codecName;

  FileNames(String extension, String codecName) {
    this.extension = extension;
    this.codecName = codecName;
  }

  public String extension() {
    return extension;
  }

  public String in(SegmentInfo segment, String suffix) {
    return IndexFileNames.segmentFileName(segment.name, suffix, extension);
  }

  public void writeHeader(IndexOutput out, SegmentInfo segment, String suffix) throws IOException {
    CodecUtil.writeIndexHeader(out, codecName, VERSION_CURRENT, segment.getId(), suffix);
  }

  /** Reads and checks the header; returns the file's version. */
  public int checkHeader(IndexInput in, SegmentInfo segment, String suffix) throws IOException {
    return CodecUtil.checkIndexHeader(
        in, codecName, VERSION_START, VERSION_CURRENT, segment.getId(), suffix);
  }
}
