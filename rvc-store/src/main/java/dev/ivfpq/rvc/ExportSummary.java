// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.List;

/**
 * What an export did.
 *
 * @param index the file of the index
 * @param features the file of the same frames as a matrix, row i the vector of id i
 * @param speakers whose frames they are
 * @param frames number of frames
 * @param muted number of clips that were left out because they are muted
 * @param dims their dimension
 * @param nlist number of lists
 * @param smallestList number of frames in the smallest
 * @param seenByRvc whether RVC finds the index where it is: its path has no "trained" in it
 */
public record ExportSummary(
    String index,
    String features,
    List<String> speakers,
    int frames,
    int muted,
    int dims,
    int nlist,
    int smallestList,
    boolean seenByRvc) {}
