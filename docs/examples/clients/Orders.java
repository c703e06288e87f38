// Sends a record and reads it: java -cp JARS Orders.java [broker]
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class Orders {
  public static void main(String[] words) throws Exception {
    var broker = words.length > 0 ? words[0] : "127.0.0.1:9092";
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      if (!admin.listTopics().names().get().contains("orders-java"))
        admin.createTopics(List.of(new NewTopic("orders-java", 3, (short) 1))).all().get();
    }
    // #region orders
    Map<String, Object> settings = Map.of("bootstrap.servers", broker, "group.id", "billing-java", "auto.offset.reset", "earliest");
    try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      var sent = producer.send(new ProducerRecord<>("orders-java", "anna", "created")).get();
      System.out.println("sent to partition " + sent.partition());
      consumer.subscribe(List.of("orders-java"));
      for (var read = false; !read; )
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          System.out.println("read " + record.partition() + " " + record.key() + " " + record.value());
          read = true;
        }
    }
    // #endregion orders
  }
}
