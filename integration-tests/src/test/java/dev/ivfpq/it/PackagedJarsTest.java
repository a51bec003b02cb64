// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.IvfPqVectorsFormat;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in the jars as they are handed out. */
class PackagedJarsTest {

  private static final int JAVA_17 = 61;
  private static final int JAVA_21 = 65;
  private static final int JAVA_24 = 68;

  private static final String SERVICE =
      "META-INF/services/org.apache.lucene.codecs.KnnVectorsFormat";

  /** One newer class outside that package would break every application on Java 21. */
  @Test
  void onlyThePanamaPackageNeedsMoreThanJava21() throws IOException {
    Map<String, Integer> majors = majorVersions("tests.ivfpq.jar");
    assertTrue(majors.containsKey("dev/ivfpq/IvfPqVectorsFormat.class"), majors::toString);
    assertAll(
        majors.entrySet().stream()
            .map(
                entry ->
                    () -> assertEquals(wanted(entry.getKey()), entry.getValue(), entry.getKey())));
    assertTrue(majors.containsValue(JAVA_24), "no class of the Panama package in the jar");
  }

  private static int wanted(String entry) {
    if (entry.equals("module-info.class")) {
      return JAVA_17;
    }
    return entry.startsWith("dev/ivfpq/kernel/panama/") ? JAVA_24 : JAVA_21;
  }

  @Test
  void theStoreNeedsJava21() throws IOException {
    Map<String, Integer> majors = majorVersions("tests.store.jar");
    assertFalse(majors.isEmpty());
    majors.forEach((entry, major) -> assertEquals(JAVA_21, major, entry));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tests.ivfpq.jar", "tests.store.jar", "tests.cli.jar"})
  void everyJarCarriesLicenceAndNotice(String jarProperty) throws IOException {
    try (JarFile jar = open(jarProperty)) {
      assertTrue(text(jar, "META-INF/LICENSE").contains("Version 2.0, January 2004"));
      assertTrue(text(jar, "META-INF/NOTICE").contains("The lucene-ivfpq authors"));
    }
  }

  @Test
  void theCommandLineJarCarriesTheLicencesOfWhatItHolds() throws IOException {
    try (JarFile jar = open("tests.cli.jar")) {
      String licences = text(jar, "META-INF/THIRD-PARTY");
      assertTrue(licences.contains("progressbar, The MIT License"), licences);
      assertTrue(licences.contains("JLine, The BSD License"), licences);
      assertTrue(licences.contains("HdrHistogram, released to the public domain"), licences);
      assertTrue(licences.contains("Apache Batik"), licences);
      assertNotNull(jar.getEntry("org/HdrHistogram/Histogram.class"));
      // XChart's own way to SVG is under the LGPL; ours is Batik.
      assertEquals(null, jar.getEntry("de/erichseifert/vectorgraphics2d/SVGGraphics2D.class"));
      String version = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
      assertTrue(version != null && version.matches("\\d+\\.\\d+.*"), version);
    }
  }

  /** The compiler plugin writes such a file when javac is told to add a module. */
  @Test
  void noJarCarriesCompilerArguments() throws IOException {
    try (JarFile jar = open("tests.ivfpq.jar")) {
      assertEquals(null, jar.getEntry("META-INF/jpms.args"));
    }
  }

  @Test
  void theCommandLineJarListsLucenesFormatsBesideOurs() throws IOException {
    try (JarFile jar = open("tests.cli.jar")) {
      String formats = text(jar, SERVICE);
      assertTrue(formats.contains("dev.ivfpq.IvfPqVectorsFormat"), formats);
      assertTrue(formats.contains("Lucene99HnswVectorsFormat"), formats);
      assertEquals(
          "dev.ivfpq.rvc.cli.Ivfpq", jar.getManifest().getMainAttributes().getValue("Main-Class"));
    }
  }

  @Test
  void theFormatIsFoundByNameAndComesFromTheJar() throws Exception {
    KnnVectorsFormat format = KnnVectorsFormat.forName("IvfPq1");
    assertEquals(IvfPqVectorsFormat.class, format.getClass());
    Path source =
        Path.of(format.getClass().getProtectionDomain().getCodeSource().getLocation().toURI());
    assertEquals(path("tests.ivfpq.jar").toRealPath(), source.toRealPath());
  }

  private static Map<String, Integer> majorVersions(String jarProperty) throws IOException {
    Map<String, Integer> majors = new TreeMap<>();
    try (JarFile jar = open(jarProperty)) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().endsWith(".class")) {
          try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
            in.readInt(); // the magic number
            in.readUnsignedShort(); // the minor version
            majors.put(entry.getName(), in.readUnsignedShort());
          }
        }
      }
    }
    return majors;
  }

  private static String text(JarFile jar, String name) throws IOException {
    JarEntry entry = jar.getJarEntry(name);
    assertNotNull(entry, () -> jar.getName() + " has no " + name);
    try (InputStream in = jar.getInputStream(entry)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JarFile open(String jarProperty) throws IOException {
    return new JarFile(path(jarProperty).toFile());
  }

  private static Path path(String jarProperty) {
    return Path.of(System.getProperty(jarProperty));
  }
}
