// SPDX-License-Identifier: Apache-2.0

/** Times a user's own store on clips: blocks of a stream, whole clips, memory, recall. */
package dev.ivfpq.rvc.bench;
