// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a named module uses the packaged jar on the module path. */
class NamedModuleTest {

  private static final String DESCRIPTOR =
      """
      module consumer {
        requires dev.ivfpq;
      }
      """;

  /** Indexes and searches by the format's name; Lucene comes with {@code requires transitive}. */
  private static final String MAIN =
      """
      package consumer;

      import dev.ivfpq.IvfPqVectorsFormat;
      import java.util.Arrays;
      import org.apache.lucene.codecs.KnnVectorsFormat;
      import org.apache.lucene.codecs.lucene104.Lucene104Codec;
      import org.apache.lucene.document.Document;
      import org.apache.lucene.document.KnnFloatVectorField;
      import org.apache.lucene.index.DirectoryReader;
      import org.apache.lucene.index.IndexWriter;
      import org.apache.lucene.index.IndexWriterConfig;
      import org.apache.lucene.search.IndexSearcher;
      import org.apache.lucene.search.KnnFloatVectorQuery;
      import org.apache.lucene.store.ByteBuffersDirectory;
      import org.apache.lucene.util.Version;

      public class Main {
        public static void main(String[] args) throws Exception {
          KnnVectorsFormat format = new IvfPqVectorsFormat();
          IndexWriterConfig config = new IndexWriterConfig();
          config.setCodec(
              new Lucene104Codec() {
                @Override
                public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                  return format;
                }
              });
          try (ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
            try (IndexWriter writer = new IndexWriter(directory, config)) {
              for (int i = 0; i < 3000; i++) {
                float[] vector = new float[16];
                Arrays.fill(vector, 1);
                vector[i % 16] += i;
                Document document = new Document();
                document.add(new KnnFloatVectorField("v", vector));
                writer.addDocument(document);
              }
            }
            float[] target = new float[16];
            Arrays.fill(target, 1);
            target[1234 % 16] += 1234;
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
              var hits = new IndexSearcher(reader).search(new KnnFloatVectorQuery("v", target, 1), 1);
              System.out.println(
                  Main.class.getModule().getName()
                      + " "
                      + format.getClass().getModule().getName()
                      + " "
                      + hits.scoreDocs[0].doc
                      + " "
                      + Version.LATEST);
            }
          }
        }
      }
      """;

  @TempDir Path folder;

  private String modulePath;

  @BeforeEach
  void compileConsumer() throws IOException {
    Path sources = Files.createDirectories(folder.resolve("sources/consumer"));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Path descriptor = Files.writeString(sources.resolve("module-info.java"), DESCRIPTOR);
    Path main = Files.writeString(sources.resolve("Main.java"), MAIN);
    String libraries = System.getProperty("tests.ivfpq.jar") + File.pathSeparator + luceneCore();
    StringWriter messages = new StringWriter();
    PrintWriter writer = new PrintWriter(messages);
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                writer,
                writer,
                "--release",
                "21",
                "-p",
                libraries,
                "-d",
                classes.toString(),
                descriptor.toString(),
                main.toString());
    assertEquals(0, code, messages.toString());
    modulePath = libraries + File.pathSeparator + classes;
  }

  @Test
  void worksWithTheVectorModule() throws Exception {
    assertEquals(wanted(), run("--add-modules", "jdk.incubator.vector"));
  }

  @Test
  void worksWithoutTheVectorModule() throws Exception {
    assertEquals(wanted(), run());
  }

  /** The consumer's line: both modules' names, the hit, and the Lucene it ran on. */
  private static String wanted() {
    return "consumer dev.ivfpq 1234 " + System.getProperty("tests.lucene.version");
  }

  private String run(String... jvmArguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(jvmArguments));
    command.addAll(List.of("-p", modulePath, "-m", "consumer/consumer.Main"));
    File err = folder.resolve("stderr").toFile();
    File out = folder.resolve("stdout").toFile();
    Process process = new ProcessBuilder(command).redirectError(err).redirectOutput(out).start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("no end after 60 s: " + command);
      }
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), () -> read(err));
    return read(out).strip();
  }

  /** The jar of the Lucene that this lane runs on. */
  private static String luceneCore() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> Path.of(entry).getFileName().toString().startsWith("lucene-core-"))
        .findFirst()
        .orElseThrow();
  }

  private static String read(File file) {
    try {
      return Files.readString(file.toPath());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
