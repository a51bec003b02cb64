// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opensearch.Version;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.plugins.PluginsService;

/** The packaged plugin, as OpenSearch's installer and its loader look at it. */
final class PluginZipTest {
  private static final Path ZIP = Path.of(System.getProperty("tests.plugin.zip"));

  @Test
  void holdsDescriptorAndJarsAtItsRoot(@TempDir Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(ZIP))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName().replaceFirst("-\\d.*\\.jar", ".jar"));
        Files.copy(zip, folder.resolve(entry.getName()));
      }
    }
    assertEquals(
        Set.of(
            "LICENSE",
            "NOTICE",
            "lucene-ivfpq.jar",
            "opensearch-ivfpq.jar",
            "plugin-descriptor.properties"),
        names);

    PluginInfo info = PluginInfo.readFromProperties(folder);
    assertEquals("opensearch-ivfpq", info.getName());
    assertEquals(IvfPqPlugin.class.getName(), info.getClassname());
    assertEquals("21", info.getJavaVersion());
    assertTrue(PluginsService.isPluginVersionCompatible(info, Version.CURRENT));
    // Made for this version alone.
    assertTrue(
        !PluginsService.isPluginVersionCompatible(info, Version.fromString("3.9.1")),
        info::toString);
  }
}
