// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.report;

import com.github.mustachejava.DefaultMustacheFactory;
import dev.ivfpq.IvfPqListStats;
import dev.ivfpq.rvc.HoldOut;
import dev.ivfpq.rvc.ListBalance;
import dev.ivfpq.rvc.ScanDefault;
import dev.ivfpq.rvc.StoreInfo;
import dev.ivfpq.rvc.StoreReport;
import dev.ivfpq.rvc.Tuning;
import dev.ivfpq.rvc.VoiceCoverage;
import dev.ivfpq.rvc.VoiceRecord;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A store's report as one page, which asks nothing of the network. */
public final class ReportPage {
  private static final String TEMPLATE = "dev/ivfpq/rvc/report/report.mustache";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int BARS = 20;
  private static final double FRAMES_A_MINUTE = 3000;

  private ReportPage() {}

  /**
   * The page. Names, which users give, are escaped by the template.
   *
   * @param made when the store was looked at
   */
  public static String html(StoreReport report, Instant made) throws IOException {
    Map<String, Object> scope = new HashMap<>();
    StoreInfo info = report.info();
    Path folder = report.store().toAbsolutePath().normalize();
    scope.put("name", folder.getFileName() == null ? folder : folder.getFileName());
    scope.put("store", folder.toString());
    scope.put("made", DATE.format(made) + " UTC");
    scope.put("voices", number("%,d", info.speakers().size()));
    scope.put("minutes", number("%,.1f", info.frames() / FRAMES_A_MINUTE));
    scope.put("frames", number("%,d", info.frames()));
    scope.put("size", bytes(report.files().total()));
    scope.put("sizes", sizes(report));
    scope.put("speakers", speakers(report));
    scope.put("muted", muted(info));
    scope.put("segments", info.segments().stream().map(ReportPage::segment).toList());
    scope.put("balance", balance(report.balance()));
    scope.put("tunings", tunings(report));
    scope.put("coverage", coverage(report.coverage()));
    StringWriter page = new StringWriter();
    new DefaultMustacheFactory().compile(TEMPLATE).execute(page, scope);
    return page.toString();
  }

  private static List<Map<String, String>> sizes(StoreReport report) {
    return List.of(
        size("frames", report.files().vectors(), report.files().total()),
        size("lists, codes and models", report.files().lists(), report.files().total()),
        size("names, places and the rest", report.files().other(), report.files().total()));
  }

  private static Map<String, String> size(String what, long bytes, long of) {
    return Map.of(
        "what",
        what,
        "bytes",
        bytes(bytes),
        "share",
        number("%.1f", of == 0 ? 0 : 100.0 * bytes / of));
  }

  private static List<Map<String, Object>> speakers(StoreReport report) {
    Map<String, VoiceCoverage> coverage =
        report.coverage().stream()
            .collect(Collectors.toMap(VoiceCoverage::speaker, Function.identity()));
    long most = report.info().speakers().stream().mapToLong(s -> s.frames()).max().orElse(1);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (StoreInfo.Speaker speaker : report.info().speakers()) {
      VoiceRecord voice = speaker.voice();
      VoiceCoverage own = coverage.get(voice.speaker());
      Map<String, Object> row = new HashMap<>();
      row.put("name", voice.speaker());
      row.put("minutes", number("%,.1f", speaker.seconds() / 60));
      row.put("bar", number("%.1f", 100.0 * speaker.frames() / most));
      row.put("clips", number("%,d", speaker.clips()));
      row.put("frames", number("%,d", speaker.frames()));
      row.put("size", bytes(speaker.frames() * voice.dims() * Float.BYTES));
      row.put("dims", voice.dims());
      row.put("version", voice.version().orElse("\u2013"));
      row.put("embedder", voice.embedder().orElse("unknown"));
      row.put("source", voice.source());
      row.put("date", DATE.format(voice.date()));
      row.put("alone", own == null ? "\u2013" : number("%.1f %%", 100 * own.alone()));
      rows.add(row);
    }
    return rows;
  }

  private static List<Map<String, Object>> muted(StoreInfo info) {
    return info.speakers().stream()
        .filter(speaker -> !speaker.muted().isEmpty())
        .map(
            speaker ->
                Map.<String, Object>of("name", speaker.voice().speaker(), "clips", speaker.muted()))
        .toList();
  }

  private static Map<String, Object> segment(StoreInfo.Segment segment) {
    boolean lists = segment.nlist() > 0;
    return Map.of(
        "name",
        segment.name(),
        "frames",
        number("%,d", segment.frames()),
        "dims",
        segment.dims(),
        "nlist",
        lists ? number("%,d", segment.nlist()) : "scanned exactly",
        "M",
        lists ? Integer.toString(segment.M()) : "\u2013",
        "nprobe",
        lists ? Integer.toString(segment.nprobe()) : "\u2013",
        "kFactor",
        lists ? number("%.0f", segment.kFactor()) : "\u2013");
  }

  private static List<Map<String, Object>> balance(List<ListBalance> balance) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ListBalance one : balance) {
      IvfPqListStats lists = one.lists();
      List<Integer> sorted = lists.sizes().stream().sorted().toList();
      Map<String, Object> row = new HashMap<>();
      row.put("segment", one.segment());
      row.put("dims", one.dims());
      row.put("nlist", number("%,d", sorted.size()));
      row.put("smallest", number("%,d", sorted.getFirst()));
      row.put("median", number("%,d", sorted.get(sorted.size() / 2)));
      row.put("largest", number("%,d", sorted.getLast()));
      row.put("empty", number("%,d", Collections.frequency(sorted, 0)));
      row.put("imbalance", number("%.2f", lists.imbalance()));
      row.put("fill", number("%.0f %%", 100 * lists.blockFill()));
      double width = Math.max(1, Math.ceil((sorted.getLast() + 1.0) / BARS));
      row.put(
          "chart",
          Histogram.of(sorted, "frames in a list, from", "lists", width, BARS, "%.0f")
              .inPage("lists" + rows.size(), "How many lists have how many frames"));
      rows.add(row);
    }
    return rows;
  }

  private static List<Map<String, Object>> tunings(StoreReport report) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Tuning tuning : report.tunings()) {
      Map<String, Object> row = new HashMap<>();
      row.put("dims", tuning.dims());
      row.put("k", tuning.k());
      row.put("frames", number("%,d", tuning.frames()));
      row.put("ownFrame", tuning.holdOut() == HoldOut.OWN_FRAME);
      row.put("recall", number("%.3f", tuning.efforts().getFirst().recall()));
      row.put("micros", number("%.0f", tuning.efforts().getFirst().micros()));
      row.put("target", number("%.2f", tuning.targetRecall()));
      tuning
          .cheapest()
          .ifPresent(
              cheapest ->
                  row.put(
                      "cheapest",
                      Map.of(
                          "own",
                          cheapest.isOwnDefault(),
                          "nprobe",
                          cheapest.nprobe(),
                          "kFactor",
                          number("%.0f", cheapest.kFactor()),
                          "recall",
                          number("%.3f", cheapest.recall()),
                          "micros",
                          number("%.0f", cheapest.micros()))));
      ScanDefault chosen = report.scanDefaults().get(tuning.dims());
      if (chosen != null) {
        row.put(
            "chosen",
            Map.of(
                "nprobe",
                chosen.nprobe(),
                "kFactor",
                number("%.0f", chosen.kFactor()),
                "recall",
                number("%.3f", chosen.recall())));
      }
      row.put(
          "chart",
          EffortChart.of(tuning)
              .inPage("efforts" + tuning.dims(), "Recall against time for nprobe and k-factor"));
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, Object> coverage(List<VoiceCoverage> voices) throws IOException {
    List<Double> all = voices.stream().flatMap(voice -> voice.distances().stream()).toList();
    long frames = voices.stream().mapToLong(VoiceCoverage::frames).sum();
    if (frames == 0) {
      return null;
    }
    double alone = voices.stream().mapToDouble(voice -> voice.alone() * voice.frames()).sum();
    List<String> single =
        voices.stream()
            .filter(voice -> voice.holdOut() == HoldOut.OWN_FRAME)
            .map(VoiceCoverage::speaker)
            .toList();
    Map<String, Object> scope = new HashMap<>();
    scope.put("frames", number("%,d", frames));
    scope.put("alone", number("%.1f", 100 * alone / frames));
    scope.put("near", number("%.1f", VoiceCoverage.NEAR));
    scope.put("single", single.isEmpty() ? null : Map.of("speakers", single));
    scope.put(
        "chart",
        Histogram.of(all, "distance to the nearest, from", "frames", .05, BARS, "%.2f")
            .inPage("coverage", "How many frames have their nearest how far"));
    return scope;
  }

  private static String bytes(long bytes) {
    return bytes < 1e9 ? number("%,.1f MB", bytes / 1e6) : number("%,.2f GB", bytes / 1e9);
  }

  private static String number(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
