// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.quant.Model;
import java.util.Arrays;

/**
 * A trained model and the field it was last used for. Immutable.
 *
 * @param lists describes the model: structure, sizes, fingerprint, error, efforts; where it lies is
 *     of no meaning here
 */
record KnownModel(Model model, FieldMeta.Lists lists) {
  int nlist() {
    return lists.nlist();
  }

  boolean isOf(FieldMeta.Lists other) {
    return other != null && Arrays.equals(lists.fingerprint(), other.fingerprint());
  }
}
