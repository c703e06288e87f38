/** Prints every config key of Apache Kafka with its type, default and whether it is internal; see kafka-keys.test.ts. */
import org.apache.kafka.common.config.ConfigDef;
class ConfigKeys {
  static void print(String kind, ConfigDef definition) {
    definition.configKeys().values().forEach(key -> System.out.println(String.join("\t", kind, key.name, key.type.name(),
        key.hasDefault() ? String.valueOf(ConfigDef.convertToString(key.defaultValue, key.type)) : "null", String.valueOf(key.internalConfig))));
  }
  public static void main(String[] args) {
    print("broker", org.apache.kafka.server.config.AbstractKafkaConfig.CONFIG_DEF);
    print("topic", org.apache.kafka.storage.internals.log.LogConfig.configDefCopy());
    print("group", org.apache.kafka.coordinator.group.GroupConfig.CONFIG_DEF);
  }
}
