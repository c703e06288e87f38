/**
 * Apache Kafka's own assignors, asked for many groups in one go; see assignors-kafka.test.ts. A group is a few lines:
 *
 *   group ASSIGNOR mixed|even [NEWCOMER]
 *   topic UUID PARTITIONS
 *   member ID INSTANCE|- UUID,UUID,… UUID:0,1,2;UUID:3
 *   end
 *
 * The answer: a line "MEMBER UUID:0,1;UUID:2" for each member, in the order in which they were served, then "end".
 */
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.*;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.*;
import org.apache.kafka.coordinator.group.assignor.RangeAssignor;
import org.apache.kafka.coordinator.group.assignor.UniformAssignor;
import org.apache.kafka.timeline.SnapshotRegistry;
import org.apache.kafka.timeline.TimelineHashMap;

class Assignors {
  record Member(Optional<String> instance, Set<Uuid> topics, Map<Uuid, Set<Integer>> current) {}

  record Spec(Map<String, Member> members, SubscriptionType type) implements GroupSpec {
    public Collection<String> memberIds() { return members.keySet(); }
    public SubscriptionType subscriptionType() { return type; }
    public boolean isPartitionAssigned(Uuid topic, int partition) {
      return members.values().stream().anyMatch(m -> m.current.getOrDefault(topic, Set.of()).contains(partition));
    }
    public boolean isPartitionAssignable(Uuid topic, int partition) { return true; }
    public MemberSubscription memberSubscription(String id) {
      Member member = members.get(id);
      return new MemberSubscription() {
        public Optional<String> rackId() { return Optional.empty(); }
        public Optional<String> instanceId() { return member.instance; }
        public Set<Uuid> subscribedTopicIds() { return member.topics; }
      };
    }
    public MemberAssignment memberAssignment(String id) {
      Map<Uuid, Set<Integer>> current = Collections.unmodifiableMap(members.get(id).current);
      return () -> current;
    }
  }

  record Topics(Map<Uuid, Integer> counts) implements SubscribedTopicDescriber {
    public int numPartitions(Uuid topic) { return counts.getOrDefault(topic, -1); }
    public Set<String> racksForPartition(Uuid topic, int partition) { return Set.of(); }
    public Set<Integer> assignablePartitions(Uuid topic) { return Set.of(); }
  }

  static Map<Uuid, Set<Integer>> parsed(String text) {
    Map<Uuid, Set<Integer>> result = new HashMap<>();
    if (!text.equals("-")) for (String each : text.split(";")) {
      String[] parts = each.split(":");
      List<Integer> numbers = Arrays.stream(parts[1].split(",")).map(Integer::valueOf).toList();
      result.put(Uuid.fromString(parts[0]), new HashSet<>(numbers));
    }
    return result;
  }

  static String shown(Map<Uuid, Set<Integer>> partitions) {
    return partitions.entrySet().stream().filter(e -> !e.getValue().isEmpty())
        .map(e -> e.getKey() + ":" + new TreeSet<>(e.getValue()).stream().map(String::valueOf).collect(Collectors.joining(",")))
        .sorted().collect(Collectors.joining(";"));
  }

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    StringBuilder out = new StringBuilder();
    String[] group = null;
    Map<Uuid, Integer> counts = new HashMap<>();
    TimelineHashMap<String, Member> known = null;
    Map<String, Member> all = new HashMap<>();
    for (String line; (line = in.readLine()) != null; ) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "group" -> {
          group = words;
          counts = new HashMap<>();
          known = new TimelineHashMap<>(new SnapshotRegistry(new org.apache.kafka.common.utils.LogContext()), 0);
          all = new HashMap<>();
        }
        case "topic" -> counts.put(Uuid.fromString(words[1]), Integer.valueOf(words[2]));
        case "member" -> {
          Set<Uuid> topics = new LinkedHashSet<>();
          if (!words[3].equals("-")) for (String id : words[3].split(",")) topics.add(Uuid.fromString(id));
          Optional<String> instance = words[2].equals("-") ? Optional.empty() : Optional.of(words[2]);
          Member member = new Member(instance, topics, parsed(words[4]));
          boolean isNew = group.length > 3 && group[3].equals(words[1]);
          if (isNew) all.put(words[1], member); else known.put(words[1], member);
        }
        case "end" -> {
          Map<String, Member> served = new HashMap<>();
          known.forEach(served::put);
          all.forEach(served::put);
          SubscriptionType type = group[2].equals("mixed") ? SubscriptionType.HETEROGENEOUS : SubscriptionType.HOMOGENEOUS;
          PartitionAssignor assignor = group[1].equals("range") ? new RangeAssignor() : new UniformAssignor();
          Map<String, MemberAssignment> result = assignor.assign(new Spec(served, type), new Topics(counts)).members();
          for (String id : served.keySet())
            out.append(id).append(' ').append(result.containsKey(id) ? shown(result.get(id).partitions()) : "").append('\n');
          out.append("end\n");
        }
      }
    }
    System.out.print(out);
  }
}
