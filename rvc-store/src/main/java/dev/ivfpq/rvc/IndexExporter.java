// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.faiss.CoarseQuantizer;
import dev.ivfpq.rvc.faiss.IvfFlatWriter;
import dev.ivfpq.rvc.faiss.IvfLists;
import dev.ivfpq.rvc.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Writes frames as the two files that RVC makes of a voice. */
final class IndexExporter {
  private static final String FEATURES = "total_fea.npy";

  private final VoiceExport export;
  private final SpeakerFrames frames;
  private final Progress progress;

  IndexExporter(VoiceExport export, SpeakerFrames frames) {
    this.export = export;
    this.frames = frames;
    this.progress = frames.progress();
  }

  /**
   * Writes both files, or none.
   *
   * @throws StoreException if there are such files already and they are not to be replaced, or the
   *     folder is none
   * @throws IOException if reading or writing fails
   */
  ExportSummary write(ExistingFiles existing) throws IOException {
    List<Path> before = sameVoice();
    if (existing == ExistingFiles.REFUSE && !before.isEmpty()) {
      throw new StoreException(
          before.getFirst()
              + ": is there already; name another folder, or replace it with --replace");
    }
    progress.begin("training", Progress.UNKNOWN);
    CoarseQuantizer quantizer = CoarseQuantizer.train(frames);
    progress.begin("filling the lists", frames.count());
    IvfLists lists = IvfLists.of(frames, quantizer);
    boolean made = Files.notExists(export.folder());
    Files.createDirectories(export.folder());
    Path folder = export.folder().toRealPath();
    Path index = folder.resolve(indexName(Integer.toString(lists.nlist())));
    Path features = folder.resolve(FEATURES);
    progress.begin("writing", frames.count());
    try {
      write(lists, index, features);
    } catch (IOException e) {
      if (made) {
        Files.deleteIfExists(folder);
      }
      throw e;
    }
    for (Path old : before) {
      if (!old.getFileName().equals(index.getFileName())
          && !old.getFileName().equals(features.getFileName())) {
        Files.delete(old);
      }
    }
    return new ExportSummary(
        export.folder().resolve(index.getFileName()).toString(),
        export.folder().resolve(FEATURES).toString(),
        export.speakers(),
        frames.count(),
        frames.muted(),
        frames.dims(),
        lists.nlist(),
        IntStream.range(0, lists.nlist()).map(lists::size).min().getAsInt(),
        !index.toString().contains(VoiceExport.TRAINED));
  }

  private void write(IvfLists lists, Path index, Path features) throws IOException {
    try (NpyWriter matrix = NpyWriter.create(features, frames.count(), frames.dims());
        IvfFlatWriter ivf = IvfFlatWriter.create(index, lists)) {
      frames.forEach(
          (id, vector) -> {
            matrix.write(vector, 1);
            ivf.write(vector);
          });
      ivf.finish();
      matrix.finish();
    }
  }

  /** As RVC names it, {@code lists} being the number of lists or a pattern for it. */
  private String indexName(String lists) {
    String version =
        switch (frames.dims()) {
          case 256 -> "_v1";
          case 768 -> "_v2";
          default -> "";
        };
    return "added_IVF" + lists + "_Flat_nprobe_1_" + export.name() + version + ".index";
  }

  /**
   * What there is of the voice already. An index with another number of lists counts, as RVC could
   * take either.
   */
  private List<Path> sameVoice() throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.notExists(export.folder())) {
      return found;
    }
    String[] ends = indexName("#").split("#", 2);
    Pattern index = Pattern.compile(Pattern.quote(ends[0]) + "[0-9]+" + Pattern.quote(ends[1]));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(export.folder())) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.equals(FEATURES) || index.matcher(name).matches()) {
          found.add(entry);
        }
      }
    } catch (NotDirectoryException e) {
      throw new StoreException(
          export.folder() + ": a file; name a folder for the index and " + FEATURES, e);
    }
    Collections.sort(found);
    return found;
  }
}
