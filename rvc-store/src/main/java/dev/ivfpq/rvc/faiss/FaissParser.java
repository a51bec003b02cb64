// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Parses an index and those inside it (faiss, {@code index_read.cpp}). Vectors are not read, but
 * where they lie is checked.
 */
final class FaissParser {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_TRANSFORMS = 64;

  /** Bytes of an id and of where it lies. */
  private static final int DIRECT_MAP_PAIR = 16;

  private final FaissInput in;

  FaissParser(FaissInput in) {
    this.in = in;
  }

  /** An index: what its header says, and its vectors. */
  record Parsed(String kind, FaissHeader header, FaissRows rows) {}

  private record Ivf(FaissHeader header, int nlist, FlatRows quantizer) {}

  /** Parses the index at the input's position and leaves that at its end. */
  Parsed parse() throws IOException {
    return index(0);
  }

  private Parsed index(int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw in.wrong(0, "an index inside " + MAX_DEPTH + " others; damaged, get the file again");
    }
    String kind = in.fourcc();
    FaissHeader header;
    FaissRows rows;
    switch (kind) {
      case "IxF2", "IxFI", "IxFl" -> {
        header = FaissHeader.read(in);
        rows = flat(header);
      }
      case "IxSQ" -> {
        header = FaissHeader.read(in);
        rows = coded(header, ScalarCode.read(in, header.d()));
      }
      case "IPfs" -> {
        header = FaissHeader.read(in);
        rows = flatFastScan(header);
      }
      case "IHNf" -> {
        header = FaissHeader.read(in);
        rows = graph(header, depth);
      }
      case "IwFl", "IwFd", "IwPQ", "IwSq", "IwPf" -> {
        Ivf ivf = ivf(depth);
        header = ivf.header();
        rows = lists(kind, ivf);
      }
      case "IxRF" -> {
        header = FaissHeader.read(in);
        rows = refined(header, depth);
      }
      case "IxMp", "IxM2" -> {
        header = FaissHeader.read(in);
        rows = renamed(header, depth);
      }
      case "IxPT" -> {
        header = FaissHeader.read(in);
        rows = transformed(header, depth);
      }
      default ->
          throw in.wrong(
              4,
              "an index of kind \""
                  + kind
                  + "\", whose vectors cannot be read; write it as IVF<n>,Flat or Flat");
    }
    if (rows.count() != header.ntotal()) {
      throw in.wrong(
          0,
          kind
              + " has "
              + rows.count()
              + " vectors, its header says "
              + header.ntotal()
              + "; damaged or cut, get the file again");
    }
    return new Parsed(kind, header, rows);
  }

  private FlatRows flat(FaissHeader header) throws IOException {
    long floats = in.count("floats", Float.BYTES);
    // Division, since the product may not fit.
    if (floats % header.d() != 0 || floats / header.d() != header.ntotal()) {
      throw in.wrong(
          Long.BYTES,
          floats + " floats, but " + header.ntotal() + " vectors of " + header.d() + " dims");
    }
    FlatRows rows = new FlatRows(in, in.position(), header.d(), header.ntotal());
    in.skip(floats * Float.BYTES);
    return rows;
  }

  private ListRows coded(FaissHeader header, SeparateCode code) throws IOException {
    long bytes = in.count("bytes of codes", 1);
    if (bytes % code.bytes() != 0 || bytes / code.bytes() != header.ntotal()) {
      throw in.wrong(
          Long.BYTES,
          bytes + " bytes, but " + header.ntotal() + " codes of " + code.bytes() + " bytes");
    }
    ListRows rows = ListRows.flat(in, header.d(), vectors(header), code);
    in.skip(bytes);
    return rows;
  }

  private ListRows flatFastScan(FaissHeader header) throws IOException {
    ProductCode pq = fastScanCode(header.d());
    in.i32();
    int bbs = in.i32();
    in.i32();
    long padded = in.i64();
    FastScanBlocks blocks = blocks(pq, bbs, in.i64());
    long bytes = in.count("bytes of codes", 1);
    if (bytes < blocks.bytes(header.ntotal())) {
      throw in.wrong(
          Long.BYTES, bytes + " bytes of codes for " + padded + " vectors in blocks of " + bbs);
    }
    ListRows rows = ListRows.flat(in, header.d(), vectors(header), blocks);
    in.skip(bytes);
    return rows;
  }

  private int vectors(FaissHeader header) throws FaissException {
    if (header.ntotal() > Integer.MAX_VALUE) {
      throw in.wrong(0, header.ntotal() + " vectors are more than can be read; split the index");
    }
    return (int) header.ntotal();
  }

  private FaissRows graph(FaissHeader header, int depth) throws IOException {
    in.skipArray("probabilities", Double.BYTES);
    in.skipArray("counts", Integer.BYTES);
    in.skipArray("levels", Integer.BYTES);
    in.skipArray("offsets", Long.BYTES);
    in.skipArray("neighbours", Integer.BYTES);
    for (int i = 0; i < 5; i++) {
      in.i32();
    }
    return inner("storage", header, depth).rows();
  }

  /** An index inside another of the same width and number of vectors. */
  private Parsed inner(String what, FaissHeader header, int depth) throws IOException {
    Parsed inner = index(depth + 1);
    if (inner.header().d() != header.d() || inner.header().ntotal() != header.ntotal()) {
      throw in.wrong(
          0,
          what
              + " of "
              + inner.header().ntotal()
              + " vectors of "
              + inner.header().d()
              + " dims in an index of "
              + header.ntotal()
              + " of "
              + header.d());
    }
    return inner;
  }

  private FaissRows refined(FaissHeader header, int depth) throws IOException {
    inner("coarse part", header, depth);
    Parsed refine = inner("refining part", header, depth);
    in.f32();
    return refine.rows();
  }

  private FaissRows renamed(FaissHeader header, int depth) throws IOException {
    Parsed inner = inner("index", header, depth);
    long[] ids = in.longs("ids");
    if (ids.length != header.ntotal()) {
      throw in.wrong(0, ids.length + " ids for " + header.ntotal() + " vectors");
    }
    return new RenamedRows(inner.rows(), ids);
  }

  private FaissRows transformed(FaissHeader header, int depth) throws IOException {
    int count = in.i32();
    if (count < 1 || count > MAX_TRANSFORMS) {
      throw in.wrong(Integer.BYTES, count + " transforms, read are 1 to " + MAX_TRANSFORMS);
    }
    List<Transform> transforms = new ArrayList<>();
    int width = header.d();
    for (int i = 0; i < count; i++) {
      Transform transform = transform();
      if (transform.dIn() != width) {
        throw in.wrong(0, "a transform of " + transform.dIn() + " dims is given " + width);
      }
      width = transform.dOut();
      transforms.add(transform);
    }
    Parsed inner = index(depth + 1);
    if (inner.header().d() != width) {
      throw in.wrong(0, "an index of " + inner.header().d() + " dims is given " + width);
    }
    return new TransformedRows(inner.rows(), transforms);
  }

  private Transform transform() throws IOException {
    String kind = in.fourcc();
    switch (kind) {
      case "LTra", "rrot" -> {
        return linear();
      }
      case "Pcam", "PcAm" -> {
        in.f32();
        if (kind.equals("Pcam")) {
          in.f32();
        }
        in.u8();
        in.i32();
        in.skipArray("means", Float.BYTES);
        in.skipArray("eigenvalues", Float.BYTES);
        in.skipArray("axes", Float.BYTES);
        return linear();
      }
      case "RmDT" -> {
        int[] map = in.ints("dims");
        int dIn = in.i32();
        int dOut = in.i32();
        in.u8();
        int inputs = dIn;
        if (dOut != map.length || Arrays.stream(map).anyMatch(j -> j < -1 || j >= inputs)) {
          throw in.wrong(0, "a map of dims that leads outside; damaged, get the file again");
        }
        return Transform.remapped(dIn, map);
      }
      case "VNrm" -> {
        in.f32();
        int dIn = in.i32();
        int dOut = in.i32();
        in.u8();
        if (dIn != dOut) {
          throw in.wrong(0, "normalizing " + dIn + " dims to " + dOut + "; get the file again");
        }
        return Transform.normalized(dIn);
      }
      default ->
          throw in.wrong(
              4, "a transform of kind \"" + kind + "\", which cannot be undone; write IVF<n>,Flat");
    }
  }

  private Transform linear() throws IOException {
    int hasBias = in.u8();
    float[] A = in.floats("factors");
    float[] b = in.floats("biases");
    int dIn = in.i32();
    int dOut = in.i32();
    in.u8();
    if (dIn < 1 || dOut < 1 || A.length != (long) dIn * dOut) {
      throw in.wrong(0, A.length + " factors for " + dIn + " dims to " + dOut);
    }
    float[] bias = hasBias == 0 ? new float[0] : b;
    if (hasBias != 0 && b.length != dOut) {
      throw in.wrong(0, b.length + " biases for " + dOut + " dims");
    }
    Transform transform = Transform.linear(dIn, dOut, A, bias);
    if (transform == null) {
      throw in.wrong(
          0, "a transform whose rows are not orthogonal; write the index as IVF<n>,Flat");
    }
    return transform;
  }

  private Ivf ivf(int depth) throws IOException {
    FaissHeader header = FaissHeader.read(in);
    long nlist = in.i64();
    in.i64();
    if (nlist < 1 || nlist > Integer.MAX_VALUE) {
      throw in.wrong(2 * Long.BYTES, nlist + " lists; damaged, get the file again");
    }
    Parsed quantizer = index(depth + 1);
    FaissHeader own = quantizer.header();
    if (own.d() != header.d()
        || own.metric() != header.metric()
        || own.ntotal() != nlist && (header.trained() || own.ntotal() != 0)) {
      throw in.wrong(
          0,
          "a quantizer of "
              + own.ntotal()
              + " centroids of "
              + own.d()
              + " dims, metric "
              + own.metric()
              + ", in an index of "
              + nlist
              + " lists, "
              + header.d()
              + " dims, metric "
              + header.metric());
    }
    int map = in.u8();
    if (map > 2) {
      throw in.wrong(1, "a direct map of type " + map + "; damaged, get the file again");
    }
    in.skipArray("direct map entries", Long.BYTES);
    if (map == 2) {
      in.skipArray("direct map pairs", DIRECT_MAP_PAIR);
    }
    FlatRows centroids = quantizer.rows() instanceof FlatRows flat ? flat : null;
    return new Ivf(header, (int) nlist, centroids);
  }

  private FaissRows lists(String kind, Ivf ivf) throws IOException {
    int d = ivf.header().d();
    switch (kind) {
      case "IwFl" -> {
        return lists(ivf, new FloatCode(d), false);
      }
      case "IwFd" -> {
        long[] pairs = in.longs("duplicates");
        if (pairs.length % 2 != 0) {
          throw in.wrong(0, "an odd number of ids of duplicates; damaged, get the file again");
        }
        return new RepeatedRows(lists(ivf, new FloatCode(d), false), pairs);
      }
      case "IwPQ" -> {
        boolean residual = in.u8() != 0;
        in.i64();
        return lists(ivf, ProductCode.read(in, d), residual);
      }
      case "IwSq" -> {
        ScalarCode code = ScalarCode.read(in, d);
        in.i64();
        boolean residual = in.u8() != 0;
        return lists(ivf, code, residual);
      }
      default -> {
        return fastScanLists(ivf);
      }
    }
  }

  private ListRows lists(Ivf ivf, SeparateCode code, boolean residual) throws IOException {
    checkListKind("ilar");
    checkEqual("lists", in.i64(), ivf.nlist());
    checkEqual("bytes a code", in.i64(), code.bytes());
    String layout = in.fourcc();
    long[] sizes = in.longs("list sizes");
    List<InvertedList> lists = new ArrayList<>();
    long total = 0;
    if (layout.equals("full")) {
      checkEqual("list sizes", sizes.length, ivf.nlist());
      for (int list = 0; list < sizes.length; list++) {
        total += add(lists, list, sizes[list], code.bytes());
      }
    } else if (layout.equals("sprs")) {
      int before = -1;
      for (int i = 0; i < sizes.length; i += 2) {
        if (sizes.length % 2 != 0 || sizes[i] <= before || sizes[i] >= ivf.nlist()) {
          throw in.wrong(0, "list numbers out of order or range; damaged, get the file again");
        }
        before = (int) sizes[i];
        total += add(lists, before, sizes[i + 1], code.bytes());
      }
    } else {
      throw in.wrong(4, "lists laid out as \"" + layout + "\"; damaged, get the file again");
    }
    FlatRows centroids = residual ? centroids(ivf) : null;
    return new ListRows(in, ivf.header().d(), total, code, centroids, lists);
  }

  private long add(List<InvertedList> lists, int list, long size, int codeBytes)
      throws IOException {
    in.checkHolds("vectors of list " + list, size, codeBytes + Long.BYTES);
    if (size > Integer.MAX_VALUE) {
      throw in.wrong(0, size + " vectors in list " + list + " are more than can be read");
    }
    if (size > 0) {
      long codes = in.position();
      long ids = codes + size * codeBytes;
      lists.add(new InvertedList(list, (int) size, codes, ids));
      in.skip(size * (codeBytes + Long.BYTES));
    }
    return size;
  }

  private ListRows fastScanLists(Ivf ivf) throws IOException {
    int d = ivf.header().d();
    boolean residual = in.u8() != 0;
    long codeBytes = in.i64();
    int bbs = in.i32();
    long M2 = in.i64();
    in.i32();
    in.i64();
    ProductCode pq = fastScanCode(d);
    checkEqual("bytes a code", codeBytes, (pq.M() + 1) / 2);
    FastScanBlocks blocks = blocks(pq, bbs, M2);
    checkListKind("ilbl");
    checkEqual("lists", in.i64(), ivf.nlist());
    in.i64();
    checkEqual("vectors a block", in.i64(), bbs);
    checkEqual("bytes a block", in.i64(), blocks.blockBytes());
    // Each list has two counts at least.
    in.checkHolds("lists", ivf.nlist(), 2 * Long.BYTES);
    List<InvertedList> lists = new ArrayList<>();
    long total = 0;
    for (int list = 0; list < ivf.nlist(); list++) {
      long size = in.count("ids of list " + list, Long.BYTES);
      if (size > Integer.MAX_VALUE) {
        throw in.wrong(Long.BYTES, size + " vectors in list " + list + " are too many");
      }
      long ids = in.position();
      in.skip(size * Long.BYTES);
      long bytes = in.count("bytes of codes of list " + list, 1);
      checkEqual("bytes of codes", bytes, blocks.bytes(size));
      if (size > 0) {
        lists.add(new InvertedList(list, (int) size, in.position(), ids));
      }
      in.skip(bytes);
      total += size;
    }
    FlatRows centroids = residual ? centroids(ivf) : null;
    return new ListRows(in, d, total, blocks, centroids, lists);
  }

  private ProductCode fastScanCode(int d) throws IOException {
    ProductCode pq = ProductCode.read(in, d);
    if (pq.nbits() != 4) {
      throw in.wrong(0, pq.nbits() + " bits in a FastScan index, which has 4; get the file again");
    }
    return pq;
  }

  private FastScanBlocks blocks(ProductCode pq, int bbs, long M2) throws FaissException {
    if (bbs < 32 || bbs % 32 != 0 || bbs > 1 << 20 || M2 != (pq.M() + 1) / 2 * 2) {
      throw in.wrong(0, "blocks of " + bbs + " vectors and " + M2 + " columns for M=" + pq.M());
    }
    return new FastScanBlocks(pq, bbs, (int) M2);
  }

  private FlatRows centroids(Ivf ivf) throws FaissException {
    if (ivf.quantizer() == null && ivf.header().ntotal() > 0) {
      throw in.wrong(0, "centroids that are coded themselves; write the index as IVF<n>,Flat");
    }
    return ivf.quantizer();
  }

  private void checkListKind(String expected) throws IOException {
    String kind = in.fourcc();
    if (kind.equals("il00")) {
      throw in.wrong(4, "an index without its lists; ask for the whole file");
    }
    if (kind.equals("ilod")) {
      throw in.wrong(4, "lists in a second file (on-disk lists); write the index in one file");
    }
    if (!kind.equals(expected)) {
      throw in.wrong(4, "lists of kind \"" + kind + "\", should be \"" + expected + "\"");
    }
  }

  private void checkEqual(String what, long actual, long expected) throws FaissException {
    if (actual != expected) {
      throw in.wrong(
          Long.BYTES, actual + " " + what + ", should be " + expected + "; get the file again");
    }
  }
}
