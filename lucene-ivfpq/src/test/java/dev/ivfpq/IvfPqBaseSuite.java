// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.tests.index.BaseKnnVectorsFormatTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.InfoStream;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/**
 * Lucene's own suite for vectors formats, run with given settings. Prints at its end how many
 * fields got lists, and how many lists: a suite that scans everything exactly proves little.
 */
public abstract class IvfPqBaseSuite extends BaseKnnVectorsFormatTestCase {
  private static final ListCounter COUNTER = new ListCounter();

  private final Codec codec;

  IvfPqBaseSuite(IvfPqParameters parameters) {
    codec = TestUtil.alwaysKnnVectorsFormat(new IvfPqVectorsFormat(parameters));
  }

  @BeforeClass
  public static void countLists() {
    COUNTER.fields.set(0);
    COUNTER.lists.set(0);
    InfoStream.setDefault(COUNTER);
  }

  @AfterClass
  public static void printLists() {
    System.out.println(
        getTestClass().getSimpleName()
            + ": "
            + COUNTER.fields
            + " fields with "
            + COUNTER.lists
            + " lists were built");
  }

  /**
   * For suites whose settings should give nearly every field lists; single methods may have none.
   */
  static void assertListsWereBuilt() {
    assertTrue(
        "no field got lists",
        COUNTER.lists.get() > 0 || System.getProperty("tests.method") != null);
  }

  @Override
  protected Codec getCodec() {
    return codec;
  }

  /** Raw vectors are what the format re-ranks with; it cannot do without. */
  @Override
  protected boolean supportsFloatVectorFallback() {
    return false;
  }

  /** Reads the format's own words in the InfoStream. */
  private static final class ListCounter extends InfoStream {
    private static final Pattern LISTS = Pattern.compile("vectors in (\\d+) lists");

    final AtomicInteger fields = new AtomicInteger();
    final AtomicLong lists = new AtomicLong();

    @Override
    public boolean isEnabled(String component) {
      return component.equals("IVF");
    }

    @Override
    public void message(String component, String message) {
      Matcher matcher = LISTS.matcher(message);
      if (matcher.find()) {
        fields.incrementAndGet();
        lists.addAndGet(Integer.parseInt(matcher.group(1)));
      }
    }

    @Override
    public void close() {}
  }
}
