// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.data;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads vectors from what people keep them in, told apart by name.
 *
 * <ul>
 *   <li>{@code .npy}: a matrix of float16, float32 or float64
 *   <li>a folder: all its {@code .npy} files, in the order of their names
 *   <li>{@code .fvecs}: each row its length as int32, then its floats, little-endian
 *   <li>{@code .fbin}: rows and dims as int32, then all floats, little-endian
 *   <li>{@code ...idx3-ubyte}, also {@code .gz}: images of bytes, as MNIST's
 * </ul>
 */
public final class VectorReader {
  private VectorReader() {}

  /**
   * Reads all vectors.
   *
   * @throws DataException if the file is of no kind named above, damaged, or holds a value that is
   *     not finite
   * @throws IOException if it cannot be read
   */
  public static VectorSet read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return folder(path);
    }
    String name = path.getFileName().toString();
    if (name.endsWith(".npy")) {
      return new VectorSet(matrix(path));
    }
    if (name.endsWith(".fvecs")) {
      return set(LittleEndianRows.fvecs(path));
    }
    if (name.endsWith(".fbin")) {
      return set(LittleEndianRows.fbin(path));
    }
    if (name.endsWith("idx3-ubyte") || name.endsWith("idx3-ubyte.gz")) {
      return set(IdxRows.read(path));
    }
    throw new DataException(
        path,
        "unknown kind of file; give .npy, a folder of them, .fvecs, .fbin or idx3-ubyte[.gz]");
  }

  private static VectorSet folder(Path folder) throws IOException {
    List<float[]> rows = new ArrayList<>();
    for (Clip clip : Clip.inFolder(folder)) {
      rows.addAll(List.of(matrix(clip.file())));
      int dims = rows.getLast().length;
      if (dims != rows.getFirst().length) {
        throw new DataException(
            clip.file(),
            dims
                + " dims, the files before it have "
                + rows.getFirst().length
                + "; put files of one kind into a folder");
      }
    }
    return set(rows);
  }

  private static float[][] matrix(Path file) throws IOException {
    try (NpyReader reader = NpyReader.open(file)) {
      return reader.readAll();
    }
  }

  private static VectorSet set(List<float[]> rows) {
    return new VectorSet(rows.toArray(float[][]::new));
  }
}
