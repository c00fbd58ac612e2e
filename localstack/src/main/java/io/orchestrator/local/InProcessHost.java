package io.orchestrator.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;

/**
 * A function as one handler object in this process, called by many threads at once. The handler
 * gets its environment by a constructor that takes a map, if it has one. A time limit is told to
 * the handler, not enforced.
 */
public final class InProcessHost implements FunctionHost {
  private final FunctionSpec function;
  private final Object handler;
  private final Class<?> eventType;

  private InProcessHost(FunctionSpec function, Object handler, Class<?> eventType) {
    this.function = function;
    this.handler = handler;
    this.eventType = eventType;
  }

  /**
   * What the AWS SDK reads from a process's environment has these names when it is set inside the
   * process.
   */
  private static final Map<String, String> SDK_PROPERTIES =
      Map.of(
          "AWS_REGION", "aws.region",
          "AWS_ACCESS_KEY_ID", "aws.accessKeyId",
          "AWS_SECRET_ACCESS_KEY", "aws.secretAccessKey");

  /** Makes the handler; fails if its class is missing or is no Lambda handler. */
  public static InProcessHost start(FunctionSpec function) {
    SDK_PROPERTIES.forEach(
        (variable, property) -> {
          if (function.environment().containsKey(variable)) {
            System.setProperty(property, function.environment().get(variable));
          }
        });
    try {
      Class<?> type = Class.forName(function.handlerClass());
      Object handler = construct(type, function.environment());
      if (handler instanceof RequestStreamHandler) {
        return new InProcessHost(function, handler, byte[].class);
      }
      return new InProcessHost(function, handler, eventType(type));
    } catch (ClassNotFoundException e) {
      throw new StackException(
          "The handler of " + function.id() + " does not exist: " + function.handler(), e);
    } catch (InvocationTargetException e) {
      throw new StackException(
          "The handler of " + function.id() + " did not start: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new StackException("The handler of " + function.id() + " cannot be made: " + e, e);
    }
  }

  private static Object construct(Class<?> type, Map<String, String> environment)
      throws ReflectiveOperationException {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {Map.class})) {
        constructor.setAccessible(true);
        return constructor.newInstance(environment);
      }
    }
    return type.getConstructor().newInstance();
  }

  private static Class<?> eventType(Class<?> type) {
    for (Method method : type.getMethods()) {
      boolean handles =
          method.getName().equals("handleRequest")
              && !method.isBridge()
              && method.getParameterCount() == 2
              && method.getParameterTypes()[1] == Context.class;
      if (handles && RequestHandler.class.isAssignableFrom(type)) {
        return method.getParameterTypes()[0];
      }
    }
    throw new StackException(
        type.getName() + " is no Lambda handler: it has no handleRequest(event, context).");
  }

  @Override
  public FunctionSpec function() {
    return function;
  }

  @Override
  public <T> T invoke(Object event, Class<T> answer) throws FunctionException {
    LocalContext context =
        new LocalContext(
            function,
            UUID.randomUUID().toString(),
            System.nanoTime() + function.timeout().toNanos());
    try {
      return as(call(event, context), answer);
    } catch (Exception | LinkageError e) {
      throw new FunctionException(e.getClass().getName(), String.valueOf(e.getMessage()), e);
    }
  }

  @SuppressWarnings("unchecked")
  private Object call(Object event, Context context) throws Exception {
    if (handler instanceof RequestStreamHandler streams) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      streams.handleRequest(new ByteArrayInputStream(Events.json(event)), out, context);
      return out.toByteArray();
    }
    return ((RequestHandler<Object, Object>) handler).handleRequest(as(event, eventType), context);
  }

  /**
   * The same object if the type fits, else what is left of it after a trip through JSON, as on AWS.
   */
  private static <T> T as(Object value, Class<T> type) {
    if (value == null || type.isInstance(value)) {
      return type.cast(value);
    }
    return Events.read(value instanceof byte[] json ? json : Events.json(value), type);
  }

  @Override
  public void close() {
    if (handler instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        System.getLogger(function.id())
            .log(System.Logger.Level.WARNING, "The handler did not close", e);
      }
    }
  }
}
