import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionChangeRecord;
import org.apache.kafka.common.metadata.PartitionChangeRecordJsonConverter;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.PartitionChangeBuilder;
import org.apache.kafka.metadata.LeaderRecoveryState;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.raft.CandidateState;
import org.apache.kafka.raft.Endpoints;
import org.apache.kafka.raft.EpochState;
import org.apache.kafka.raft.FollowerState;
import org.apache.kafka.raft.ProspectiveState;
import org.apache.kafka.raft.ReplicaKey;
import org.apache.kafka.raft.ResignedState;
import org.apache.kafka.raft.UnattachedState;
import org.apache.kafka.raft.VoterSet;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Apache Kafka's own classes, asked by lines of JSON: a line of stdin is a question, a line of stdout its answer.
 *
 * The field `ask` names the class. An exception is an answer too: {"thrown": "InvalidRequestException"}.
 */
public final class KafkaOracle {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        PrintStream answers = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            answers.println(answer(JSON.readTree(line)));
            if (!lines.ready()) answers.flush();
        }
        answers.flush();
    }

    private static JsonNode answer(JsonNode question) {
        try {
            return switch (question.get("ask").asText()) {
                case "partition-change" -> partitionChange(question);
                case "vote-grant" -> voteGrant(question);
                default -> throw new IllegalArgumentException("unknown: " + question.get("ask"));
            };
        } catch (Exception e) {
            return JSON.createObjectNode().put("thrown", e.getClass().getSimpleName()).put("message", e.getMessage());
        }
    }

    /** The change record as Kafka's JSON, or null if nothing changes. */
    private static JsonNode partitionChange(JsonNode question) {
        JsonNode before = question.get("partition");
        JsonNode target = question.get("target");
        JsonNode context = question.get("context");
        PartitionRegistration partition = new PartitionRegistration.Builder()
            .setReplicas(ints(before.get("replicas")))
            .setIsr(ints(before.get("isr")))
            .setRemovingReplicas(ints(before.get("removing")))
            .setAddingReplicas(ints(before.get("adding")))
            .setElr(ints(before.get("elr")))
            .setLastKnownElr(ints(before.get("lastKnownElr")))
            .setDirectories(uuids(before.get("directories")))
            .setLeader(before.get("leader").asInt())
            .setLeaderEpoch(before.get("leaderEpoch").asInt())
            .setPartitionEpoch(before.get("partitionEpoch").asInt())
            .setLeaderRecoveryState(LeaderRecoveryState.of((byte) before.get("leaderRecoveryState").asInt()))
            .build();
        List<Integer> acceptable = list(context.get("acceptable"));
        Uuid directory = Uuid.fromString(context.get("directory").asText());
        PartitionChangeBuilder builder = new PartitionChangeBuilder(
            partition,
            Uuid.fromString(context.get("topicId").asText()),
            context.get("partitionId").asInt(),
            acceptable::contains,
            MetadataVersion.latestProduction(),
            context.get("minIsr").asInt(),
            context.get("isElrEnabled").asBoolean());
        builder.setElection(PartitionChangeBuilder.Election.valueOf(context.get("election").asText().toUpperCase()));
        builder.setDefaultDirProvider(broker -> directory);
        if (target.has("isr")) builder.setTargetIsr(list(target.get("isr")));
        if (target.has("replicas")) builder.setTargetReplicas(list(target.get("replicas")));
        if (target.has("removing")) builder.setTargetRemoving(list(target.get("removing")));
        if (target.has("adding")) builder.setTargetAdding(list(target.get("adding")));
        if (target.has("uncleanShutdowns")) builder.setUncleanShutdownReplicas(list(target.get("uncleanShutdowns")));
        if (target.has("leaderRecoveryState"))
            builder.setTargetLeaderRecoveryState(
                LeaderRecoveryState.of((byte) target.get("leaderRecoveryState").asInt()));
        Optional<ApiMessageAndVersion> record = builder.build();
        if (record.isEmpty()) return JSON.nullNode();
        return PartitionChangeRecordJsonConverter.write(
            (PartitionChangeRecord) record.get().message(), record.get().version());
    }

    /** Whether a replica in this state grants its vote: true or false. */
    private static JsonNode voteGrant(JsonNode question) {
        JsonNode nominee = question.get("nominee");
        EpochState state = epochState(question);
        boolean granted = state.canGrantVote(
            key(nominee), question.get("isLogUpToDate").asBoolean(), question.get("preVote").asBoolean());
        return JSON.getNodeFactory().booleanNode(granted);
    }

    /** The state of replica 1 in epoch 5; the voters are 1, 2 and 3. */
    private static EpochState epochState(JsonNode question) {
        ListenerName listener = ListenerName.normalised("CONTROLLER");
        InetSocketAddress address = InetSocketAddress.createUnresolved("host", 9093);
        VoterSet voters = VoterSet.fromInetSocketAddresses(listener, Map.of(1, address, 2, address, 3, address));
        Endpoints endpoints = Endpoints.fromInetSocketAddresses(Map.of(listener, address));
        Set<Integer> ids = Set.of(1, 2, 3);
        LogContext context = new LogContext();
        Optional<ReplicaKey> voted = question.hasNonNull("voted")
            ? Optional.of(key(question.get("voted"))) : Optional.empty();
        OptionalInt leader = question.hasNonNull("leaderId")
            ? OptionalInt.of(question.get("leaderId").asInt()) : OptionalInt.empty();
        switch (question.get("kind").asText()) {
            case "Unattached":
                return new UnattachedState(
                    Time.SYSTEM, 5, leader, voted, ids, Optional.empty(), 1000, context);
            case "Prospective":
                return new ProspectiveState(
                    Time.SYSTEM, 1, 5, leader, endpoints, voted, voters, Optional.empty(), 1000, context);
            case "Candidate":
                return new CandidateState(
                    Time.SYSTEM, 1, Uuid.fromString(question.get("directory").asText()), 5, voters, Optional.empty(), 1000,
                    context) { };
            case "Resigned":
                return new ResignedState(Time.SYSTEM, 1, 5, ids, 1000, List.of(), endpoints, context);
            default:
                FollowerState follower = new FollowerState(
                    Time.SYSTEM, 5, 2, endpoints, voted, ids, Optional.empty(), 1000, context);
                if (question.get("hasFetched").asBoolean()) follower.resetFetchTimeoutForSuccessfulFetch(0);
                return follower;
        }
    }

    private static ReplicaKey key(JsonNode node) {
        return ReplicaKey.of(node.get("id").asInt(), Uuid.fromString(node.get("directoryId").asText()));
    }

    private static List<Integer> list(JsonNode node) {
        List<Integer> list = new ArrayList<>();
        for (JsonNode each : node) list.add(each.asInt());
        return list;
    }

    private static int[] ints(JsonNode node) {
        return list(node).stream().mapToInt(Integer::intValue).toArray();
    }

    private static Uuid[] uuids(JsonNode node) {
        List<Uuid> list = new ArrayList<>();
        for (JsonNode each : node) list.add(Uuid.fromString(each.asText()));
        return list.toArray(new Uuid[0]);
    }
}
