// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.faiss.FaissIndexFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The vectors of a faiss index as one clip. Their order in time was lost when the index was made; a
 * frame's number is its id where that is one, else its place in the file.
 *
 * @param file of the index, or the archive that it is in
 * @param fileName of the index, without its ending the clip's name
 */
record IndexFrames(FaissIndexFile index, Path file, String fileName) implements CheckedFrames {
  private static final String SUFFIX = ".index";

  @Override
  public String name() {
    return fileName.endsWith(SUFFIX)
        ? fileName.substring(0, fileName.length() - SUFFIX.length())
        : fileName;
  }

  @Override
  public int frames() {
    return Math.toIntExact(index.size());
  }

  @Override
  public int dims() {
    return index.dims();
  }

  @Override
  public void forEach(FrameVisitor visitor) throws IOException {
    int[] place = {0};
    index.forEach(
        (id, vector) -> {
          visitor.frame(id < Integer.MAX_VALUE ? (int) id : place[0], vector);
          place[0]++;
        });
  }
}
