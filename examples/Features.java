// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Turns speech into frames of 256 numbers, 50 a second, as {@code .npy} files of half floats.
 *
 * <p>Source-launched, Java 21 or newer, no dependencies: {@code java Features.java in.wav out.npy
 * [in.wav out.npy ...]}. The input is mono PCM, 16 bit, 16 kHz; s samples give {@code floor((s -
 * 400) / 320) + 1} frames, as many as HuBERT gives.
 *
 * <h2>How it works</h2>
 *
 * <ol>
 *   <li>Every 10 ms, the power spectrum of a 25 ms Hann window, summed in 40 triangular mel bands,
 *       as logarithms. Sound outside the clip is silence.
 *   <li>Each band's mean over the clip is subtracted: it belongs to speaker and microphone rather
 *       than to what is said.
 *   <li>Frame i looks at the 33 spectra within 160 ms of sample {@code 320 * i + 200}, under a
 *       cosine-shaped weight that falls towards both ends.
 *   <li>An orthonormal two-dimensional cosine transform of these 33 x 40 numbers; the 8 slowest
 *       changes in time of the 32 smoothest shapes in frequency are kept: 8 x 32 = 256.
 *   <li>Shape q is raised by {@code (1 + q)^0.4}, as cepstra are liftered, and everything by one
 *       constant.
 * </ol>
 *
 * <p>All of it is computed in double precision with {@link StrictMath}, so that the same samples
 * give the same bytes on every machine.
 *
 * <p>Not for converting voices: these are log-mel features, not HuBERT's. No model was trained, and
 * they know nothing of phonemes.
 *
 * <p>Source: log-mel cepstra as in Davis and Mermelstein 1980 and the HTK book (mel scale,
 * triangular bands, liftering); the second cosine transform, over time, is the usual way to give a
 * cepstrum its context.
 */
final class Features {

  private static final int SAMPLE_RATE = 16_000;

  /** HuBERT's hop and receptive field, which fix the number of frames. */
  private static final int HOP = 320;

  private static final int WINDOW = 400;

  private static final int FFT = 512;

  /** Samples from one spectrum to the next: two per frame. */
  private static final int STEP = 160;

  private static final int BANDS = 40;
  private static final double LOWEST_HZ = 60;
  private static final double HIGHEST_HZ = 7_600;

  /** Added to a band's power: 40 dB below the mean of all bands over the sample voices. */
  private static final double FLOOR = 5e-4;

  /** Spectra on either side of a frame's own. */
  private static final int REACH = 16;

  private static final int SPECTRA = 2 * REACH + 1;

  private static final int CHANGES = 8;
  private static final int SHAPES = 32;
  private static final int DIMENSION = CHANGES * SHAPES;

  /** Chosen on the sample voices: 1 puts every frame far from all others, 0 leaves few shapes. */
  private static final double LIFTER = 0.4;

  /** Brings the mean norm of the sample voices to 10.6, the order of HuBERT's. */
  private static final double GAIN = 0.1;

  private static final double[] HANN = new double[WINDOW];
  private static final double[] COSINE = new double[FFT];
  private static final double[][] MEL = melBands();
  private static final double[][] CHANGE = cosines(CHANGES, SPECTRA);
  private static final double[][] SHAPE = cosines(SHAPES, BANDS);

  static {
    for (int i = 0; i < WINDOW; i++) {
      HANN[i] = 0.5 - 0.5 * StrictMath.cos(2 * Math.PI * i / WINDOW);
    }
    for (int i = 0; i < FFT; i++) {
      COSINE[i] = StrictMath.cos(2 * Math.PI * i / FFT);
    }
    for (int j = 0; j < SPECTRA; j++) {
      double weight = StrictMath.cos(Math.PI * (j - REACH) / (2 * (REACH + 1)));
      for (double[] change : CHANGE) {
        change[j] *= weight;
      }
    }
    for (int q = 0; q < SHAPES; q++) {
      double lift = GAIN * StrictMath.pow(1 + q, LIFTER);
      for (int b = 0; b < BANDS; b++) {
        SHAPE[q][b] *= lift;
      }
    }
  }

  public static void main(String[] args) {
    if (args.length == 0 || args.length % 2 != 0) {
      System.err.println("usage: java Features.java in.wav out.npy [in.wav out.npy ...]");
      System.exit(2);
    }
    try {
      for (int i = 0; i < args.length; i += 2) {
        writeNpy(Path.of(args[i + 1]), frames(readWav(Path.of(args[i]))));
      }
    } catch (IOException e) {
      System.err.println("Features: " + e);
      System.exit(1);
    }
  }

  /** The frames (n, DIMENSION) of {@code samples}, of which there are at least WINDOW. */
  private static float[][] frames(double[] samples) {
    int n = (samples.length - WINDOW) / HOP + 1;
    // Spectrum s is centred on that of frame (s - REACH) / 2.
    double[][] mel = new double[(n - 1) * (HOP / STEP) + SPECTRA][];
    for (int s = 0; s < mel.length; s++) {
      mel[s] = logMel(samples, (s - REACH) * STEP);
    }
    subtractMean(mel, REACH, mel.length - REACH);
    float[][] frames = new float[n][];
    for (int i = 0; i < n; i++) {
      frames[i] = frame(mel, i * (HOP / STEP));
    }
    return frames;
  }

  /** One frame from the SPECTRA spectra from {@code first} on. */
  private static float[] frame(double[][] mel, int first) {
    float[] frame = new float[DIMENSION];
    double[] changes = new double[BANDS];
    for (int t = 0; t < CHANGES; t++) {
      for (int b = 0; b < BANDS; b++) {
        changes[b] = 0;
        for (int j = 0; j < SPECTRA; j++) {
          changes[b] += CHANGE[t][j] * mel[first + j][b];
        }
      }
      for (int q = 0; q < SHAPES; q++) {
        frame[t * SHAPES + q] = (float) dot(SHAPE[q], changes);
      }
    }
    return frame;
  }

  /** The log-mel spectrum (BANDS) of the WINDOW samples from {@code start} on, which may be < 0. */
  private static double[] logMel(double[] samples, int start) {
    double[] windowed = new double[WINDOW];
    for (int i = 0; i < WINDOW; i++) {
      int at = start + i;
      windowed[i] = at >= 0 && at < samples.length ? samples[at] * HANN[i] : 0;
    }
    // The transform by its definition: a few seconds for all the voices, and nothing to get wrong.
    double[] power = new double[FFT / 2 + 1];
    for (int f = 0; f < power.length; f++) {
      double re = 0;
      double im = 0;
      for (int i = 0; i < WINDOW; i++) {
        int phase = f * i % FFT;
        re += windowed[i] * COSINE[phase];
        im += windowed[i] * COSINE[(phase + FFT / 4) % FFT];
      }
      power[f] = re * re + im * im;
    }
    double[] logMel = new double[BANDS];
    for (int b = 0; b < BANDS; b++) {
      logMel[b] = StrictMath.log(dot(MEL[b], power) + FLOOR);
    }
    return logMel;
  }

  /** Subtracts from every row the mean of the rows {@code from} (inclusive) to {@code to}. */
  private static void subtractMean(double[][] rows, int from, int to) {
    for (int b = 0; b < BANDS; b++) {
      double sum = 0;
      for (int s = from; s < to; s++) {
        sum += rows[s][b];
      }
      for (double[] row : rows) {
        row[b] -= sum / (to - from);
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Weights (BANDS, FFT / 2 + 1) of triangles that overlap by half, evenly spaced in mel. */
  private static double[][] melBands() {
    double[] edges = new double[BANDS + 2];
    for (int e = 0; e < edges.length; e++) {
      double mel = mel(LOWEST_HZ) + (mel(HIGHEST_HZ) - mel(LOWEST_HZ)) * e / (BANDS + 1);
      edges[e] = 700 * (StrictMath.pow(10, mel / 2595) - 1);
    }
    double[][] bands = new double[BANDS][FFT / 2 + 1];
    for (int b = 0; b < BANDS; b++) {
      for (int f = 0; f < bands[b].length; f++) {
        double hz = (double) f * SAMPLE_RATE / FFT;
        double up = (hz - edges[b]) / (edges[b + 1] - edges[b]);
        double down = (edges[b + 2] - hz) / (edges[b + 2] - edges[b + 1]);
        bands[b][f] = Math.max(0, Math.min(up, down));
      }
    }
    return bands;
  }

  private static double mel(double hz) {
    return 2595 * StrictMath.log10(1 + hz / 700);
  }

  /** The first {@code count} rows of the orthonormal cosine transform (DCT-II) of {@code size}. */
  private static double[][] cosines(int count, int size) {
    double[][] rows = new double[count][size];
    for (int k = 0; k < count; k++) {
      for (int i = 0; i < size; i++) {
        rows[k][i] =
            Math.sqrt((k == 0 ? 1.0 : 2.0) / size) * StrictMath.cos(Math.PI * k * (i + 0.5) / size);
      }
    }
    return rows;
  }

  /** The samples of a mono PCM file, 16 bit, 16 kHz, full scale being 1. */
  private static double[] readWav(Path file) throws IOException {
    ByteBuffer wav = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (wav.remaining() < 12 || !tag(wav, 0).equals("RIFF") || !tag(wav, 8).equals("WAVE")) {
      throw new IOException(file + ": not a WAV file");
    }
    boolean known = false;
    for (int at = 12; at + 8 <= wav.limit(); ) {
      int body = at + 8;
      long size = Integer.toUnsignedLong(wav.getInt(at + 4));
      if (size > wav.limit() - body) {
        throw new IOException(
            "%s: the chunk at byte %d says %d bytes, %d are left; the file is truncated"
                .formatted(file, at, size, wav.limit() - body));
      }
      if (tag(wav, at).equals("fmt ") && size >= 16) {
        checkFormat(file, wav, body);
        known = true;
      } else if (tag(wav, at).equals("data")) {
        if (!known) {
          throw new IOException(file + ": no format before the samples");
        }
        return samples(file, wav, body, (int) size / 2);
      }
      at = (int) Math.min(wav.limit(), body + size + (size & 1));
    }
    throw new IOException(file + ": no samples in the file");
  }

  private static String tag(ByteBuffer wav, int at) {
    return new String(wav.array(), at, 4, StandardCharsets.ISO_8859_1);
  }

  private static void checkFormat(Path file, ByteBuffer wav, int at) throws IOException {
    int encoding = wav.getShort(at);
    int channels = wav.getShort(at + 2);
    int rate = wav.getInt(at + 4);
    int bits = wav.getShort(at + 14);
    if (encoding != 1 || channels != 1 || rate != SAMPLE_RATE || bits != 16) {
      throw new IOException(
          ("%s: must be PCM (1), 1 channel, 16000 Hz, 16 bit; "
                  + "is encoding=%d, channels=%d, rate=%d, bits=%d")
              .formatted(file, encoding, channels, rate, bits));
    }
  }

  private static double[] samples(Path file, ByteBuffer wav, int at, int count) throws IOException {
    if (count < WINDOW) {
      throw new IOException(
          "%s: a frame needs %d samples, the file has %d".formatted(file, WINDOW, count));
    }
    double[] samples = new double[count];
    for (int i = 0; i < count; i++) {
      samples[i] = wav.getShort(at + 2 * i) / 32768.0;
    }
    return samples;
  }

  /** Writes {@code frames} as NumPy's format 1.0: half floats, little-endian, row by row. */
  private static void writeNpy(Path file, float[][] frames) throws IOException {
    String about =
        "{'descr': '<f2', 'fortran_order': False, 'shape': (%d, %d), }"
            .formatted(frames.length, DIMENSION);
    // Magic, version and length take 10 bytes; spaces and a newline fill up to a multiple of 64.
    int header = (10 + about.length() + 1 + 63) / 64 * 64;
    ByteBuffer npy =
        ByteBuffer.allocate(header + frames.length * DIMENSION * Short.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put("\u0093NUMPY\u0001\u0000".getBytes(StandardCharsets.ISO_8859_1))
            .putShort((short) (header - 10))
            .put(about.getBytes(StandardCharsets.ISO_8859_1));
    while (npy.position() < header - 1) {
      npy.put((byte) ' ');
    }
    npy.put((byte) '\n');
    for (float[] frame : frames) {
      for (float value : frame) {
        npy.putShort(Float.floatToFloat16(value));
      }
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(npy.array());
    }
  }
}
