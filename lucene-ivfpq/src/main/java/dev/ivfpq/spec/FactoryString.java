// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.spec;

import dev.ivfpq.spec.Structure.Coding;
import dev.ivfpq.spec.Structure.Rotation;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses factory strings in faiss's words (faiss, {@code index_factory.cpp}).
 *
 * <pre>
 * factory  = "Flat" | [ rotation "," ] "IVF" [ nlist ] "," coding
 * rotation = "OPQ" M [ "_" dims ] | "PCAR" dims
 * coding   = "Flat" | "PQ" M "x4fs" [ "r" ] [ "," "RFlat" ]
 * </pre>
 */
public final class FactoryString {
  /** What a refusal lists. */
  private static final String SUPPORTED =
      "supported: Flat | [OPQ<M>[_<dims>],|PCAR<dims>,]IVF[<nlist>],(Flat|PQ<M>x4fs[r][,RFlat])";

  private static final int MAX_DIMS = 4096;
  private static final int MAX_M = 2048;
  private static final int MAX_NLIST = 65536;

  private static final Pattern OPQ = Pattern.compile("OPQ(\\d+)(?:_(\\d+))?");
  private static final Pattern PCAR = Pattern.compile("PCAR(\\d+)");
  private static final Pattern IVF = Pattern.compile("IVF(\\d*)");
  private static final Pattern PQ = Pattern.compile("PQ(\\d+)x4fs(r?)");

  private final String text;
  private int wordStart;
  private int wordEnd;

  private FactoryString(String text) {
    this.text = text;
    this.wordEnd = -1;
  }

  /**
   * The structure that {@code text} describes.
   *
   * @throws IllegalArgumentException naming the position, the reason and what is supported
   */
  public static Structure parse(String text) {
    return new FactoryString(text).factory();
  }

  private Structure factory() {
    String word = next("an index");
    if (word.equals("Flat")) {
      end();
      return new Structure(Rotation.NONE, 0, false, 0, Coding.FLAT, 0, true);
    }
    Rotation rotation = Rotation.NONE;
    int rotationDims = 0;
    int rotationM = 0;
    Matcher opq = OPQ.matcher(word);
    Matcher pcar = PCAR.matcher(word);
    if (opq.matches()) {
      rotation = Rotation.OPQ;
      rotationM = number(opq, 1, "M", MAX_M);
      rotationDims = opq.group(2) == null ? 0 : number(opq, 2, "dims", MAX_DIMS);
      word = next("IVF");
    } else if (pcar.matches()) {
      rotation = Rotation.PCAR;
      rotationDims = number(pcar, 1, "dims", MAX_DIMS);
      word = next("IVF");
    }
    Matcher ivf = IVF.matcher(word);
    if (!ivf.matches()) {
      throw refused("unknown word \"" + word + "\"");
    }
    int nlist = ivf.group(1).isEmpty() ? 0 : number(ivf, 1, "nlist", MAX_NLIST);
    word = next("Flat or PQ<M>x4fs");
    if (word.equals("Flat")) {
      if (rotation == Rotation.OPQ) {
        throw refused("OPQ is a rotation for product quantization and needs PQ<M>x4fs after IVF");
      }
      end();
      return new Structure(rotation, rotationDims, true, nlist, Coding.FLAT, 0, true);
    }
    Matcher pq = PQ.matcher(word);
    if (!pq.matches()) {
      throw refused("unknown word \"" + word + "\"");
    }
    int M = number(pq, 1, "M", MAX_M);
    if (rotation == Rotation.OPQ && rotationM != M) {
      throw refused("OPQ" + rotationM + " is trained for M=" + rotationM + ", got PQ with M=" + M);
    }
    Coding coding = pq.group(2).isEmpty() ? Coding.PQ : Coding.PQ_RESIDUAL;
    boolean rerank = wordEnd < text.length();
    if (rerank && !next("RFlat").equals("RFlat")) {
      throw refused("unknown word \"" + text.substring(wordStart, wordEnd) + "\"");
    }
    end();
    return new Structure(rotation, rotationDims, true, nlist, coding, M, rerank);
  }

  private String next(String expected) {
    if (wordEnd == text.length()) {
      wordStart = text.length();
      throw refused("the string ends where " + expected + " should follow");
    }
    wordStart = wordEnd + 1;
    int comma = text.indexOf(',', wordStart);
    wordEnd = comma < 0 ? text.length() : comma;
    return text.substring(wordStart, wordEnd);
  }

  private void end() {
    if (wordEnd < text.length()) {
      wordStart = wordEnd + 1;
      throw refused("unexpected \"" + text.substring(wordStart) + "\"");
    }
  }

  private int number(Matcher matcher, int group, String name, int max) {
    String digits = matcher.group(group);
    // Seven digits exceed every bound and still fit an int.
    int value = digits.length() > 7 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    if (value < 1 || value > max) {
      throw refused(name + " must be in [1, " + max + "], got " + name + "=" + digits);
    }
    return value;
  }

  private IllegalArgumentException refused(String reason) {
    return new IllegalArgumentException(
        "factory string \""
            + text
            + "\", position "
            + wordStart
            + ": "
            + reason
            + "; "
            + SUPPORTED);
  }
}
