/** Prints what Apache Kafka says to settings that it is started with, one line for each argument `a=1;b=2`; see broker-checks.test.ts. */
import java.util.Properties;

class StartConfigs {
  static Properties with(String settings) {
    Properties all = new Properties();
    for (String each : ("process.roles=broker,controller;node.id=1;controller.listener.names=CONTROLLER;"
        + "listeners=PLAINTEXT://localhost:1,CONTROLLER://localhost:2;controller.quorum.bootstrap.servers=localhost:2;" + settings).split(";")) {
      String[] pair = each.split("=", 2);
      all.setProperty(pair[0], pair[1]);
    }
    return all;
  }

  public static void main(String[] args) {
    for (String settings : args) {
      String said = "fine";
      try {
        kafka.server.KafkaConfig.fromProps(with(settings), false);
      } catch (RuntimeException e) {
        said = e.getMessage();
      }
      System.out.println(said);
    }
  }
}
