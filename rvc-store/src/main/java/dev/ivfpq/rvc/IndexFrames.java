// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.faiss.FaissIndexFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The vectors of a faiss index as one clip. Their order in time was lost when the index was made; a
 * frame's number is its id where that is one, else its place in the file.
 *
 * @param file of the index, whose name without its ending is the clip's
 */
record IndexFrames(FaissIndexFile index, Path file) implements CheckedFrames {
  private static final String SUFFIX = ".index";

  @Override
  public String name() {
    String name = file.getFileName().toString();
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
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
