// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.ivfpq.rvc.Neighbour;
import dev.ivfpq.rvc.VoiceRecord;
import java.io.IOException;
import java.util.List;

/**
 * One document, written as the neighbours come.
 *
 * <pre>
 * {"k":8,"dims":768,"frames":[
 *   {"frame":0,"neighbours":[{"speaker":"anna","clip":"0_0","frame":12,"seconds":0.24,
 *    "distance":1.25}]}]}
 * </pre>
 */
final class JsonNeighbours implements NeighbourPrinter {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Console console;
  private final int k;
  private int dims;
  private JsonGenerator json;

  JsonNeighbours(Console console, int k) {
    this.console = console;
    this.k = k;
  }

  @Override
  public void begin(List<VoiceRecord> voices) {
    dims = voices.getFirst().dims();
  }

  @Override
  public void visit(int frame, List<Neighbour> neighbours) throws IOException {
    if (json == null) {
      json = FACTORY.createGenerator(console.jsonStream());
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeNumberField("k", k);
      json.writeNumberField("dims", dims);
      json.writeArrayFieldStart("frames");
    }
    json.writeStartObject();
    json.writeNumberField("frame", frame);
    json.writeArrayFieldStart("neighbours");
    for (Neighbour neighbour : neighbours) {
      json.writeStartObject();
      json.writeStringField("speaker", neighbour.speaker());
      json.writeStringField("clip", neighbour.clip());
      json.writeNumberField("frame", neighbour.frame());
      json.writeNumberField("seconds", neighbour.seconds());
      json.writeNumberField("distance", neighbour.distance());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  @Override
  public void finish() throws IOException {
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
    json.close();
  }
}
