/** Prints what Apache Kafka answers a request whose handler failed; see error-response.test.ts. */
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

class ErrorResponses {
  /** A line in is `key version body`, bytes in hex; a line out the body of the answer, or why there is none. */
  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) System.out.println(answer(line.split(" ", -1)));
  }

  static String answer(String[] words) {
    short version = Short.parseShort(words[1]);
    try {
      Readable body = new ByteBufferAccessor(ByteBuffer.wrap(HexFormat.of().parseHex(words[2])));
      AbstractRequest request = AbstractRequest.parseRequest(ApiKeys.forId(Integer.parseInt(words[0])), version, body).request;
      AbstractResponse response = request.getErrorResponse(0, new RuntimeException("a mistake"));
      if (response == null) return "none";
      ByteBuffer bytes = MessageUtil.toByteBufferAccessor(response.data(), version).buffer();
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return HexFormat.of().formatHex(copy);
    } catch (Exception e) {
      return ("failed: " + e).replaceAll("\\s", " ");
    }
  }
}
