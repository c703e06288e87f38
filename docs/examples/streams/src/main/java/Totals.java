// Adds up the payments of each customer: mvn -q -f docs/examples/streams compile exec:java -Dexec.args=BROKER
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

public class Totals {
  public static void main(String[] words) throws Exception {
    var broker = words.length > 0 ? words[0] : "127.0.0.1:9092";
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      for (var name : List.of("payments", "totals"))
        if (!admin.listTopics().names().get().contains(name))
          admin.createTopics(List.of(new NewTopic(name, 2, (short) 1))).all().get();
    }
    // #region totals
    var builder = new StreamsBuilder();
    builder.stream("payments", Consumed.with(Serdes.String(), Serdes.String()))
        .mapValues(text -> Long.valueOf(text))
        .groupByKey(Grouped.with(Serdes.String(), Serdes.Long()))
        .reduce(Long::sum, Materialized.with(Serdes.String(), Serdes.Long()))
        .toStream()
        .peek((customer, total) -> System.out.println(customer + " " + total))
        .to("totals", Produced.with(Serdes.String(), Serdes.Long()));
    // #endregion totals
    var settings = new Properties();
    settings.putAll(Map.of("bootstrap.servers", broker, "application.id", "totals-app", "processing.guarantee", "exactly_once_v2",
        "auto.offset.reset", "earliest", "state.dir", Path.of("target", "state").toString(), "statestore.cache.max.bytes", 0));
    var streams = new KafkaStreams(builder.build(), settings);
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
  }
}
