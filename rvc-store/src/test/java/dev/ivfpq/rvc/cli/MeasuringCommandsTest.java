// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ivfpq.rvc.Frames;
import dev.ivfpq.rvc.ScanDefault;
import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.VoicesOnDisk;
import dev.ivfpq.rvc.npy.NpyBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tune}, {@code thin} and {@code report}. */
class MeasuringCommandsTest {
  private static final int DIMS = 24;
  private static final String HOSTILE = "<script>alert('x')</script> & \"S\u00f6hne\"";

  @TempDir Path temp;

  private Path store;
  private Path clip;

  private record Outcome(int code, String out, String err) {}

  private static Outcome run(Object... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
    int code =
        Ivfpq.run(
            Stream.of(words).map(Object::toString).toArray(String[]::new),
            new Console(out, StandardCharsets.UTF_8, messages, false, false, Map.of()));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static JsonNode json(Object... words) throws IOException {
    Outcome outcome = run(words);
    assertEquals(0, outcome.code(), outcome.err());
    return new JsonMapper().readTree(outcome.out());
  }

  private static String refusal(int code, Object... words) {
    Outcome outcome = run(words);
    assertEquals(code, outcome.code(), outcome.err());
    assertEquals("", outcome.out());
    return outcome.err().strip();
  }

  @BeforeEach
  void makeStore() throws IOException {
    store = temp.resolve("store");
    try (VoiceStore voices = VoiceStore.openOrCreate(store)) {
      VoicesOnDisk.add(voices, temp, "anna", VoicesOnDisk.clips(1, 5, 240, DIMS));
      VoicesOnDisk.add(voices, temp, HOSTILE, VoicesOnDisk.clips(2, 3, 100, DIMS));
    }
    clip = temp.resolve("query.npy");
    NpyBytes.write(clip, Frames.speech(7, 40, DIMS));
  }

  @Test
  void testTuneMarksStoresAndChartsTheCheapest() throws IOException {
    Path chart = temp.resolve("chart.svg");
    Outcome outcome = run("tune", "--store", store, "--target-recall", ".9", "--out", chart, clip);
    assertEquals(0, outcome.code(), outcome.err());
    List<String> lines = outcome.out().lines().toList();
    assertEquals("40 frames x 24 dims, of the clips given", lines.get(0));
    assertEquals("nprobe  k-factor  recall@8   us per frame", lines.get(1));
    assertTrue(lines.get(2).startsWith("no setting"), lines.get(2));
    List<String> marked = lines.stream().filter(line -> line.endsWith("<- cheapest")).toList();
    assertEquals(1, marked.size());
    assertEquals("chart: " + chart, lines.get(lines.size() - 2));
    assertTrue(Files.readString(chart).contains("<svg"));
    JsonNode info = json("info", "--store", store, "--json").get("scan_defaults");
    if (marked.getFirst().startsWith("no setting")) {
      assertTrue(info.isEmpty());
    } else {
      String[] words = marked.getFirst().strip().split(" +");
      assertEquals(words[0], info.get("24").get("nprobe").asText());
      assertEquals(
          "default for 24 dims from now on: nprobe " + words[0] + ", k-factor " + words[1],
          lines.getLast());
    }
  }

  @Test
  void testTuneDryRunAndResetInJson() throws IOException {
    Path chart = temp.resolve("chart.PNG");
    JsonNode tuned =
        json("tune", "--store", store, "--frames", 50, "--dry-run", "--json", "--out", chart);
    assertEquals("OWN_CLIP", tuned.get("hold_out").asText());
    assertEquals(50, tuned.get("frames").asInt());
    assertFalse(tuned.get("stored").asBoolean());
    assertTrue(tuned.get("efforts").get(0).get("nprobe").isNull());
    assertTrue(tuned.get("chosen").get("recall").asDouble() >= .95);
    byte[] png = Files.readAllBytes(chart);
    assertEquals("PNG", new String(png, 1, 3, StandardCharsets.US_ASCII));
    assertTrue(json("info", "--store", store, "--json").get("scan_defaults").isEmpty());
    try (VoiceStore voices = VoiceStore.open(store)) {
      voices.setScanDefault(DIMS, new ScanDefault(3, 4, .9));
    }
    assertEquals(
        "default for 24 dims: nprobe 3, k-factor 4.0, recall 0.900 when it was tuned",
        run("info", "--store", store).out().lines().toList().getLast());
    assertEquals(
        "[24]", json("tune", "--store", store, "--reset", "--json").get("reset").toString());
    assertEquals("no default was set", run("tune", "--store", store, "--reset").out().strip());
  }

  @Test
  void testWrongUsageIsOneSentence() {
    String tune = "ivfpq: tune: ";
    assertEquals(
        tune + "a chart is written as .svg or .png, got --out chart.gif; see ivfpq tune --help",
        refusal(2, "tune", "--store", store, "--out", "chart.gif"));
    assertEquals(
        tune + "target-recall must be in (0, 1], got target-recall=1.5; see ivfpq tune --help",
        refusal(2, "tune", "--store", store, "--target-recall", "1.5"));
    assertEquals(
        tune
            + "--reset measures nothing: leave out --out, --dry-run and clips; see ivfpq tune"
            + " --help",
        refusal(2, "tune", "--store", store, "--reset", clip));
    assertEquals(
        tune + temp.resolve("none.npy") + ": no such file; check the path",
        refusal(1, "tune", "--store", store, temp.resolve("none.npy")));
    assertEquals(
        "ivfpq: thin: give either frames or share, what is to stay; see ivfpq thin --help",
        refusal(2, "thin", "--store", store, "--speaker", "anna"));
    assertEquals(
        "ivfpq: thin: "
            + store
            + ": the voice \"anna\" has 1,200 frames that are found, no more than the 5,000 that"
            + " are to stay; ask for fewer",
        refusal(1, "thin", "--store", store, "--speaker", "anna", "--frames", 5000));
    assertEquals(
        "ivfpq: report: frames must be in [10, 100000], got frames=1; see ivfpq report --help",
        refusal(2, "report", "--store", store, "--out", "r.html", "--frames", 1));
  }

  @Test
  void testThinSaysWhatIsLost() throws IOException {
    var before = Frames.contents(store);
    List<String> dry =
        run("thin", "--store", store, "--speaker", "anna", "--share", .5, "--dry-run", clip)
            .out()
            .lines()
            .toList();
    assertEquals(before, Frames.contents(store));
    assertEquals("\"anna\": 600 of 1,200 frames stay (50.0 %), 0.1 of 0.1 MB", dry.get(0));
    assertEquals("40 frames of the clips given:", dry.get(1));
    assertEquals("dry run: " + store + " stays as it is", dry.getLast());
    JsonNode thinned =
        json("thin", "--store", store, "--speaker", "anna", "--frames", 600, "--json", clip);
    assertEquals(600, thinned.get("frames_after").asInt());
    assertTrue(thinned.get("recall_after").asDouble() > .9);
    assertTrue(
        thinned.get("store_bytes_after").asLong() < thinned.get("store_bytes_before").asLong());
    String moved =
        String.format(Locale.ROOT, "%6.2f %%", 100 * thinned.get("blend_change").asDouble());
    assertEquals("  the blended vector moves by    " + moved + " of its length", dry.get(2));
    assertEquals(900, json("info", "--store", store, "--json").get("frames").asInt());
  }

  @Test
  void testReportIsOnePageWithEscapedNames() throws IOException {
    assertEquals(0, run("mute", "--store", store, "--speaker", "anna", "c3").code());
    Path page = temp.resolve("store.html");
    JsonNode report = json("report", "--store", store, "--out", page, "--frames", 40, "--json");
    String html = Files.readString(page);
    assertFalse(html.contains("<script"), "a name became an element");
    assertTrue(
        html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;S\u00f6hne"));
    // Nothing is fetched: the only address is the name of SVG's name space.
    Matcher fetched =
        Pattern.compile("https?:|url\\((?!#)|@import|<link|\\bsrc=|\\bhref=")
            .matcher(html.replace("http://www.w3.org/2000/svg", ""));
    assertFalse(fetched.find(), "something is fetched");
    Set<String> ids = new HashSet<>();
    for (Matcher id = Pattern.compile("\\bid=\"([^\"]+)\"").matcher(html); id.find(); ) {
      assertTrue(ids.add(id.group(1)), "two elements are " + id.group(1));
    }
    for (Matcher used = Pattern.compile("url\\(#([^)]+)\\)").matcher(html); used.find(); ) {
      assertTrue(ids.contains(used.group(1)), used.group());
    }
    JsonNode lists = report.get("lists").get(0);
    double sum = 0;
    double squares = 0;
    for (JsonNode size : lists.get("sizes")) {
      sum += size.asInt();
      squares += Math.pow(size.asInt(), 2);
    }
    assertEquals(1500, sum);
    double imbalance = lists.get("sizes").size() * squares / (sum * sum);
    assertEquals(imbalance, lists.get("imbalance").asDouble(), 1e-9);
    assertTrue(
        html.contains(
            "<dt>imbalance factor</dt><dd>"
                + String.format(Locale.ROOT, "%.2f", imbalance)
                + "</dd>"));
    assertTrue(html.contains("<b>0.5</b><span>minutes</span>"), "1,500 frames");
    assertTrue(html.contains("<span class=\"chip\">c3</span>"));
    assertEquals(4, html.split("<svg role=\"img\"", -1).length);
    assertEquals(2, report.get("near_neighbours").size());
  }

  @Test
  void testReportOfASmallStoreSaysThatItIsSearchedExactly() throws IOException {
    Path small = temp.resolve("small");
    try (VoiceStore voices = VoiceStore.openOrCreate(small)) {
      VoicesOnDisk.add(voices, temp, "anna", VoicesOnDisk.clips(1, 1, 20, DIMS));
    }
    Path page = temp.resolve("small.html");
    assertEquals(
        "wrote " + page + ": voices: 1, 20 frames",
        run("report", "--store", small, "--out", page).out().strip());
    String html = Files.readString(page);
    assertTrue(html.contains("There are none: the store is small and searched exactly."));
    assertFalse(html.contains("Recall and time"));
  }
}
