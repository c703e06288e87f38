import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.kafka.common.utils.Exit;

/**
 * Many of Kafka's command-line tools, one after the other, in one JVM: starting one for each takes a second or two.
 *
 * A line of stdin is a run: the tool's class, its stdin, and its arguments, each in base64, separated by tabs. A line of
 * stdout is the result: the exit code, stdout and stderr, in the same form.
 *
 * - a tool that calls exit ends its own run only, and its shutdown hooks run then
 * - the output of a tool belongs to the current run, also from its threads
 * - the first exit of a run counts
 */
public final class KafkaTools {
    private static volatile OutputStream out = OutputStream.nullOutputStream();
    private static volatile OutputStream err = OutputStream.nullOutputStream();

    private static final Queue<Runnable> hooks = new ConcurrentLinkedQueue<>();
    private static volatile Integer exited;

    private static final class Exited extends RuntimeException {
        Exited() {
            super(null, null, false, false);
        }
    }

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        InputStream questions = System.in;
        System.setOut(new PrintStream(new Turning(true), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new Turning(false), true, StandardCharsets.UTF_8));
        Exit.setExitProcedure((code, message) -> exit(code));
        Exit.setHaltProcedure((code, message) -> exit(code));
        Exit.setShutdownHookAdder((name, hook) -> hooks.add(hook));
        BufferedReader lines = new BufferedReader(new InputStreamReader(questions, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = Arrays.stream(line.split("\t", -1)).map(KafkaTools::decode).toArray(String[]::new);
            answers.println(run(parts[0], parts[1], Arrays.copyOfRange(parts, 2, parts.length)));
            answers.flush();
        }
        Runtime.getRuntime().halt(0);
    }

    /** Some tools catch even this, print an error, and exit again; the first exit counts. */
    private static void exit(int code) {
        if (exited == null) exited = code;
        System.out.flush();
        System.err.flush();
        out = OutputStream.nullOutputStream();
        err = OutputStream.nullOutputStream();
        throw new Exited();
    }

    private static String run(String tool, String input, String[] args) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        out = printed;
        err = complained;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        exited = null;
        int code = 0;
        try {
            Class.forName(tool).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            code = complain(e.getCause());
        } catch (ReflectiveOperationException e) {
            code = complain(e);
        }
        runHooks();
        System.out.flush();
        System.err.flush();
        out = OutputStream.nullOutputStream();
        err = OutputStream.nullOutputStream();
        return (exited == null ? code : exited) + "\t" + encode(printed) + "\t" + encode(complained);
    }

    /** Shutdown hooks of a tool: the console producer sends its last records only there. */
    private static void runHooks() {
        for (Runnable hook = hooks.poll(); hook != null; hook = hooks.poll()) {
            try {
                hook.run();
            } catch (RuntimeException e) {
                System.err.println(e);
            }
        }
    }

    private static int complain(Throwable thrown) {
        if (exited == null) System.err.println(thrown);
        return 1;
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private static String encode(ByteArrayOutputStream bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** A stream that a tool may keep; it always writes to the current run. */
    private static final class Turning extends OutputStream {
        private final boolean isOut;

        Turning(boolean isOut) {
            this.isOut = isOut;
        }

        private OutputStream now() {
            return isOut ? out : err;
        }

        @Override
        public void write(int b) throws java.io.IOException {
            now().write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws java.io.IOException {
            now().write(bytes, offset, length);
        }
    }
}
