package io.orchestrator.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.orchestrator.cache.Cache;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.executors.CommandExecutor;
import redis.clients.jedis.params.SetParams;

/** What a process sees of a Redis that may forget everything, and lie, at any time. */
final class SimulatedRedis extends UnifiedJedis {
  private final World world;
  private final Worker process;
  private final Map<ByteBuffer, Value> values;

  SimulatedRedis(World world, Worker process, Map<ByteBuffer, Value> values) {
    super(new Nobody(), null, RedisProtocol.RESP2, (redis.clients.jedis.csc.Cache) null);
    this.world = world;
    this.process = process;
    this.values = values;
  }

  /** Something with its end, in microseconds of the world. */
  record Value(byte[] bytes, long until) {}

  private static long micros(SetParams how) {
    List<String> words = new ArrayList<>();
    new CommandArguments(Protocol.Command.SET)
        .addParams(how)
        .forEach(word -> words.add(new String(word.getRaw(), UTF_8)));
    return Long.parseLong(words.get(words.indexOf("PX") + 1)) * 1_000;
  }

  Cache cache() {
    return Cache.over(this);
  }

  private boolean lies() {
    process.port("redis");
    if (world.faults().sometimes(5)) {
      values.clear();
    }
    return world.faults().sometimes(10);
  }

  @Override
  public byte[] get(byte[] key) {
    boolean lies = lies();
    Value there = values.get(ByteBuffer.wrap(key));
    byte[] value = there == null || there.until() <= world.micros() ? null : there.bytes();
    if (lies && value != null) {
      byte[] wrong = value.clone();
      wrong[world.faults().upTo(wrong.length)] ^= 1;
      return wrong;
    }
    return lies ? null : value;
  }

  @Override
  public byte[] getDel(byte[] key) {
    byte[] value = get(key);
    values.remove(ByteBuffer.wrap(key));
    return value;
  }

  @Override
  public String set(byte[] key, byte[] value, SetParams how) {
    boolean lies = lies();
    Value there = values.get(ByteBuffer.wrap(key));
    boolean absent = there == null || there.until() <= world.micros();
    boolean claim = new String(key, UTF_8).startsWith("claim:");
    if (!lies && (absent || !claim)) {
      values.put(ByteBuffer.wrap(key), new Value(value, world.micros() + micros(how)));
    }
    return claim && (absent == lies) ? null : "OK";
  }

  @Override
  public long del(byte[] key) {
    return lies() || values.remove(ByteBuffer.wrap(key)) == null ? 0 : 1;
  }

  /** Nothing else is ever asked. */
  private static final class Nobody implements CommandExecutor {
    @Override
    public <T> T executeCommand(CommandObject<T> command) {
      throw new UnsupportedOperationException("no Redis answers here");
    }

    @Override
    public void close() {}
  }
}
