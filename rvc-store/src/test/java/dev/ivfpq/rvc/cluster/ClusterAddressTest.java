// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterAddressTest {
  private static ClusterAddress parse(String text) {
    return ClusterAddress.parse(text, Map.of());
  }

  @Test
  void hostsPortsAndIndexAreRead() {
    ClusterAddress address = parse("opensearch://one,two:9201,[::1]:9202/voices");
    assertEquals("opensearch://one:9200,two:9201,[::1]:9202/voices", address.toString());
    assertFalse(address.tls());
    assertTrue(address.login().isEmpty());
    assertTrue(parse("opensearchs://one/voices").tls());
  }

  @Test
  void aLoginIsReadAndNeverPrinted() {
    ClusterAddress address = parse("opensearchs://anna:s%40cret%2B+@one/voices");
    assertEquals("anna", address.login().orElseThrow().user);
    assertEquals("s@cret++", address.login().orElseThrow().password);
    assertEquals("opensearchs://one:9200/voices", address.toString());
    assertFalse(address.login().toString().contains("cret"), address.login()::toString);
  }

  @Test
  void theEnvironmentHasALoginWhereTheAddressHasNone() {
    Map<String, String> both = Map.of("OPENSEARCH_USER", "ben", "OPENSEARCH_PASSWORD", "secret");
    assertEquals("ben", ClusterAddress.parse("opensearch://one/v", both).login().get().user);
    assertEquals(
        "anna", ClusterAddress.parse("opensearch://anna:x@one/v", both).login().get().user);
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> ClusterAddress.parse("opensearch://one/v", Map.of("OPENSEARCH_USER", "ben")))
            .getMessage();
    assertEquals(
        "of OPENSEARCH_USER and OPENSEARCH_PASSWORD only one is set; set both or none", refused);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "opensearch://one",
        "opensearch://one/",
        "opensearch://one/Voices",
        "opensearch://one/voices/",
        "opensearch:///voices",
        "opensearch://one:port/voices",
        "opensearch://secret@one/voices",
        "opensearch://anna:secret@/voices",
        "opensearch://anna:secret@one:99999999999/voices",
        "opensearch://anna:secret/@one/voices",
        "opensearch://anna:%zzsecret@one/voices"
      })
  void anythingElseIsRefusedWithoutItsPassword(String text) {
    String message = assertThrows(IllegalArgumentException.class, () -> parse(text)).getMessage();
    assertTrue(message.contains("cluster's address"), message);
    assertFalse(message.contains("secret"), message);
  }
}
