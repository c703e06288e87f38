/** Prints Apache Kafka's config keys, and what each says to values good and bad; see kafka-keys.test.ts. */
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.server.config.DynamicBrokerConfig;

class ConfigKeys {
  static String[] samples;

  static void row(String... columns) {
    System.out.println(String.join("\t", columns));
  }

  /** `key`: kind, name, type, default, internal, importance, where it may be changed. */
  static void print(String kind, ConfigDef definition) {
    Map<String, String> modes = kind.equals("broker") ? DynamicBrokerConfig.dynamicConfigUpdateModes() : Map.of();
    definition.configKeys().values().forEach(key -> {
      String text = key.hasDefault() ? String.valueOf(ConfigDef.convertToString(key.defaultValue, key.type)) : "null";
      row("key", kind, key.name, key.type.name(), text, String.valueOf(key.internalConfig), key.importance.name(),
          modes.getOrDefault(key.name, "read-only"));
      if (key.type != ConfigDef.Type.CLASS) for (String sample : samples) row("value", kind, key.name, sample, outcome(key, sample));
    });
  }

  static String outcome(ConfigDef.ConfigKey key, String sample) {
    try {
      new ConfigDef().define(key).parse(Map.of(key.name, sample));
      return "fine";
    } catch (ConfigException e) {
      return e.getMessage();
    }
  }

  public static void main(String[] args) throws Exception {
    samples = args;
    print("broker", org.apache.kafka.server.config.AbstractKafkaConfig.CONFIG_DEF);
    print("topic", org.apache.kafka.storage.internals.log.LogConfig.configDefCopy());
    print("group", org.apache.kafka.coordinator.group.GroupConfig.CONFIG_DEF);
    var metrics = Class.forName("org.apache.kafka.server.metrics.ClientMetricsConfigs").getDeclaredField("CONFIG");
    metrics.setAccessible(true);
    print("client metrics", (ConfigDef) metrics.get(null));
  }
}
