// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.spec;

import dev.ivfpq.IvfPqParameters;
import dev.ivfpq.IvfPqVectorsFormat;
import dev.ivfpq.spec.Structure.Coding;
import dev.ivfpq.spec.Structure.Rotation;
import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** What factory strings mean, and the words in which others are refused. */
public class TestFactoryString extends LuceneTestCase {
  private static final String SUPPORTED =
      "; supported: Flat | [OPQ<M>[_<dims>],|PCAR<dims>,]IVF[<nlist>],(Flat|PQ<M>x4fs[r][,RFlat])";

  public void testSupportedFormsParseToTheirStructure() {
    assertParsed("Flat", Rotation.NONE, 0, false, 0, Coding.FLAT, 0, true);
    assertParsed("IVF,Flat", Rotation.NONE, 0, true, 0, Coding.FLAT, 0, true);
    assertParsed("IVF65536,Flat", Rotation.NONE, 0, true, 65536, Coding.FLAT, 0, true);
    assertParsed("PCAR64,IVF7,Flat", Rotation.PCAR, 64, true, 7, Coding.FLAT, 0, true);
    assertParsed("IVF,PQ1x4fs", Rotation.NONE, 0, true, 0, Coding.PQ, 1, false);
    assertParsed("IVF256,PQ48x4fs", Rotation.NONE, 0, true, 256, Coding.PQ, 48, false);
    assertParsed("IVF256,PQ48x4fs,RFlat", Rotation.NONE, 0, true, 256, Coding.PQ, 48, true);
    assertParsed("IVF256,PQ48x4fsr", Rotation.NONE, 0, true, 256, Coding.PQ_RESIDUAL, 48, false);
    assertParsed(
        "IVF256,PQ2048x4fsr,RFlat", Rotation.NONE, 0, true, 256, Coding.PQ_RESIDUAL, 2048, true);
    assertParsed("OPQ16,IVF8,PQ16x4fs,RFlat", Rotation.OPQ, 0, true, 8, Coding.PQ, 16, true);
    assertParsed(
        "OPQ16_64,IVF,PQ16x4fsr,RFlat", Rotation.OPQ, 64, true, 0, Coding.PQ_RESIDUAL, 16, true);
    assertParsed("PCAR4096,IVF8,PQ16x4fs", Rotation.PCAR, 4096, true, 8, Coding.PQ, 16, false);
    // Leading zeros change nothing.
    assertParsed("IVF008,PQ04x4fs", Rotation.NONE, 0, true, 8, Coding.PQ, 4, false);
  }

  private static void assertParsed(
      String text,
      Rotation rotation,
      int rotationDims,
      boolean coarse,
      int nlist,
      Coding coding,
      int M,
      boolean rerank) {
    assertEquals(
        text,
        new Structure(rotation, rotationDims, coarse, nlist, coding, M, rerank),
        FactoryString.parse(text));
  }

  public void testUnknownWordsAreRefusedWhereTheyStand() {
    assertRefused("HNSW32", 0, "unknown word \"HNSW32\"");
    assertRefused("flat", 0, "unknown word \"flat\"");
    assertRefused("IVF256 ,PQ48x4fs", 0, "unknown word \"IVF256 \"");
    assertRefused("IVF-1,Flat", 0, "unknown word \"IVF-1\"");
    assertRefused("IVF256,PQ48", 7, "unknown word \"PQ48\"");
    assertRefused("IVF256,PQ48x8", 7, "unknown word \"PQ48x8\"");
    assertRefused("IVF256, PQ48x4fs", 7, "unknown word \" PQ48x4fs\"");
    assertRefused("IVF256,,RFlat", 7, "unknown word \"\"");
    assertRefused("IVF256,PQ48x4fs,Refine(SQ8)", 16, "unknown word \"Refine(SQ8)\"");
    assertRefused("IVF256,PQ48x4fs,", 16, "unknown word \"\"");
    assertRefused("PCAR64,PQ48x4fs", 7, "unknown word \"PQ48x4fs\"");
    assertRefused("OPQ16_,IVF8,PQ16x4fs", 0, "unknown word \"OPQ16_\"");
    assertRefused("OPQ16,OPQ16,IVF8,PQ16x4fs", 6, "unknown word \"OPQ16\"");
  }

  public void testMissingWordsAreRefusedAtTheEnd() {
    assertRefused("", 0, "unknown word \"\"");
    assertRefused("IVF256", 6, "the string ends where Flat or PQ<M>x4fs should follow");
    assertRefused("OPQ16", 5, "the string ends where IVF should follow");
    assertRefused("PCAR64", 6, "the string ends where IVF should follow");
  }

  public void testTrailingWordsAreRefused() {
    assertRefused("Flat,Flat", 5, "unexpected \"Flat\"");
    assertRefused("Flat,", 5, "unexpected \"\"");
    assertRefused("IVF8,Flat,RFlat", 10, "unexpected \"RFlat\"");
    assertRefused("IVF256,PQ48x4fs,RFlat,RFlat,x", 22, "unexpected \"RFlat,x\"");
  }

  public void testNumbersOutOfBoundsAreRefused() {
    assertRefused("IVF0,Flat", 0, "nlist must be in [1, 65536], got nlist=0");
    assertRefused("IVF65537,Flat", 0, "nlist must be in [1, 65536], got nlist=65537");
    assertRefused("IVF8,PQ0x4fs", 5, "M must be in [1, 2048], got M=0");
    assertRefused("IVF8,PQ2049x4fs", 5, "M must be in [1, 2048], got M=2049");
    assertRefused("OPQ0,IVF8,PQ1x4fs", 0, "M must be in [1, 2048], got M=0");
    assertRefused("OPQ8_0,IVF8,PQ8x4fs", 0, "dims must be in [1, 4096], got dims=0");
    assertRefused("PCAR4097,IVF8,Flat", 0, "dims must be in [1, 4096], got dims=4097");
  }

  public void testNumbersThatOverflowAreRefused() {
    assertRefused("IVF4294967297,Flat", 0, "nlist must be in [1, 65536], got nlist=4294967297");
    assertRefused(
        "IVF8,PQ99999999999999999999x4fs", 5, "M must be in [1, 2048], got M=99999999999999999999");
    assertRefused(
        "PCAR18446744073709551617,IVF,Flat",
        0,
        "dims must be in [1, 4096], got dims=18446744073709551617");
  }

  public void testRotationThatDoesNotFitTheCodesIsRefused() {
    assertRefused("OPQ16,IVF8,PQ8x4fs", 11, "OPQ16 is trained for M=16, got PQ with M=8");
    assertRefused(
        "OPQ16,IVF8,Flat",
        11,
        "OPQ is a rotation for product quantization and needs PQ<M>x4fs after IVF");
  }

  private static void assertRefused(String text, int position, String reason) {
    String message =
        "factory string \"" + text + "\", position " + position + ": " + reason + SUPPORTED;
    IllegalArgumentException e =
        expectThrows(IllegalArgumentException.class, () -> FactoryString.parse(text));
    assertEquals(message, e.getMessage());
    e = expectThrows(IllegalArgumentException.class, () -> new IvfPqVectorsFormat(text));
    assertEquals(message, e.getMessage());
    if (!text.isEmpty()) {
      e =
          expectThrows(
              IllegalArgumentException.class, () -> IvfPqParameters.DEFAULT.withFactory(text));
      assertEquals(message, e.getMessage());
    }
  }

  public void testDimensionsThatDoNotFitAreNamedWithTheRemedy() {
    assertEquals(
        "M=48 does not divide d=100; choose M from 1, 2, 4, 5, 10, 20, 25, 50, 100",
        whyNot("IVF,PQ48x4fs", 100));
    assertEquals("M=8 does not divide d=4; choose M from 1, 2, 4", whyNot("IVF,PQ8x4fsr", 4));
    assertEquals(
        "M=8 does not divide d=12; choose M from 1, 2, 3, 4, 6, 12",
        whyNot("OPQ8,IVF,PQ8x4fs", 12));
    assertEquals(
        "OPQ to 64 dims needs vectors of at least as many, got d=63",
        whyNot("OPQ16_64,IVF,PQ16x4fs", 63));
    assertEquals(
        "PCAR to 64 dims needs vectors of at least as many, got d=63",
        whyNot("PCAR64,IVF,Flat", 63));
    assertEquals(
        "M=16 does not divide d=24; choose M from 1, 2, 3, 4, 6, 8, 12, 24",
        whyNot("PCAR24,IVF,PQ16x4fs", 32));
    assertNull(whyNot("PCAR32,IVF,PQ16x4fs", 33));
    assertNull(whyNot("OPQ16_64,IVF,PQ16x4fs", 64));
    assertNull(whyNot("IVF,PQ48x4fs", 96));
    assertNull(whyNot("IVF,Flat", 7));
    assertNull(whyNot("Flat", 1));
    assertNull(Structure.DEFAULT.whyNot(7));
  }

  private static String whyNot(String factory, int d) {
    return FactoryString.parse(factory).whyNot(d);
  }

  public void testCheckDimensionsRefusesWhatAddDocumentWould() {
    IvfPqVectorsFormat format = new IvfPqVectorsFormat("IVF4,PQ3x4fs,RFlat");
    format.checkDimensions(6);
    assertDimensionsRefused("M=3 does not divide d=8; choose M from 1, 2, 4, 8", format, 8);
    assertDimensionsRefused("d must be in [1, 4096], got d=0", format, 0);
    assertDimensionsRefused("d must be in [1, 4096], got d=4098", format, 4098);
    format = new IvfPqVectorsFormat();
    format.checkDimensions(1);
    format.checkDimensions(4096);
    assertDimensionsRefused("d must be in [1, 4096], got d=4097", format, 4097);
  }

  private static void assertDimensionsRefused(String message, IvfPqVectorsFormat format, int d) {
    IllegalArgumentException e =
        expectThrows(IllegalArgumentException.class, () -> format.checkDimensions(d));
    assertEquals(message, e.getMessage());
  }

  public void testWriterStaysUsableAfterDimensionsThatDoNotFit() throws IOException {
    KnnVectorsFormat format = new IvfPqVectorsFormat("IVF4,PQ3x4fs,RFlat");
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setCodec(
                new Lucene104Codec() {
                  @Override
                  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                    return format;
                  }
                });
    try (Directory directory = newDirectory();
        IndexWriter writer = new IndexWriter(directory, config)) {
      writer.addDocument(document("good", 6));
      writer.commit();
      writer.addDocument(document("good", 6));
      IllegalArgumentException e =
          expectThrows(
              IllegalArgumentException.class, () -> writer.addDocument(document("bad", 8)));
      assertEquals(
          "field \"bad\": M=3 does not divide d=8; choose M from 1, 2, 4, 8", e.getMessage());
      assertNull(writer.getTragicException());
      assertTrue(writer.isOpen());
      writer.addDocument(document("good", 6));
      writer.forceMerge(1);
      writer.commit();
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals("only the refused document is lost", 3, reader.numDocs());
        IndexSearcher searcher = new IndexSearcher(reader);
        assertEquals(3, searcher.count(new KnnFloatVectorQuery("good", new float[6], 5)));
      }
    }
  }

  private static Document document(String field, int d) {
    Document document = new Document();
    document.add(new KnnFloatVectorField(field, new float[d]));
    return document;
  }
}
