// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import dev.ivfpq.IvfPqFieldStats;
import dev.ivfpq.IvfPqVectorsFormat;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.lucene.backward_codecs.lucene99.Lucene99Codec;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.StringHelper;

/** A copy of a shard as Lucene alone sees it. */
final class ShardFiles {
  private ShardFiles() {}

  /** Ids of the segments of the last commit. */
  static Set<String> segmentIds(Path shard) throws IOException {
    Set<String> ids = new TreeSet<>();
    try (Directory directory = FSDirectory.open(shard)) {
      for (SegmentCommitInfo segment : SegmentInfos.readLatestCommit(directory)) {
        ids.add(StringHelper.idToString(segment.info.getId()));
      }
    }
    return ids;
  }

  static Path copy(Path shard, Path target) throws IOException {
    Files.createDirectories(target);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(shard)) {
      for (Path file : files) {
        if (!file.getFileName().toString().equals("write.lock")) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    }
    return target;
  }

  /** The codec and the vectors format that the segments name, for field {@code frame}. */
  static Set<String> formats(Path shard) throws IOException {
    Set<String> formats = new HashSet<>();
    try (Directory directory = FSDirectory.open(shard);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      for (LeafReaderContext leaf : reader.leaves()) {
        FieldInfo field = leaf.reader().getFieldInfos().fieldInfo("frame");
        formats.add(
            ((SegmentReader) leaf.reader()).getSegmentInfo().info.getCodec().getName()
                + " "
                + field.getAttribute("PerFieldKnnVectorsFormat.format"));
      }
    }
    return formats;
  }

  /** The only copy of an index's only shard. */
  static Path of(Cluster cluster, String index) throws IOException {
    for (int node = 0; node < 3; node++) {
      Path shard = cluster.shard(node, index, 0);
      if (Files.exists(shard)) {
        return shard;
      }
    }
    throw new IOException("no node has a shard of " + index);
  }

  /** What the first segment built for field {@code frame}. */
  static IvfPqFieldStats stats(Path shard) throws IOException {
    try (Directory directory = FSDirectory.open(shard);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      return IvfPqFieldStats.of(reader.leaves().get(0).reader(), "frame").orElseThrow();
    }
  }

  /** Runs CheckIndex in a JVM that has Lucene and the vectors format, and nothing else. */
  static String check(Path shard) throws Exception {
    String classPath =
        List.of(CheckIndex.class, Lucene99Codec.class, IvfPqVectorsFormat.class).stream()
            .map(ShardFiles::home)
            .collect(Collectors.joining(File.pathSeparator));
    Path output = shard.resolveSibling(shard.getFileName() + ".txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                classPath,
                CheckIndex.class.getName(),
                "-level",
                "3",
                shard.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        throw new IOException("CheckIndex still runs after two minutes");
      }
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output);
  }

  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
