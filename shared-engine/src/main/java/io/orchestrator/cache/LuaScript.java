package io.orchestrator.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * A script that Redis runs as one command, atomically. It is sent by its hash, and whole only to a
 * Redis that does not know it yet. Safe for many threads.
 */
public final class LuaScript {
  private final String text;
  private final String sha1;

  /**
   * @param text in Lua; it may touch the given keys only
   */
  public LuaScript(String text) {
    this.text = text;
    this.sha1 = sha1(text);
  }

  /** What the script returns; null if Redis does not say. */
  public Object run(Cache cache, List<String> keys, List<String> arguments) {
    return cache.ask(redis -> run(redis, keys, arguments), null);
  }

  private Object run(UnifiedJedis redis, List<String> keys, List<String> arguments) {
    try {
      return redis.evalsha(sha1, keys, arguments);
    } catch (JedisNoScriptException unknown) {
      return redis.eval(text, keys, arguments);
    }
  }

  /** Redis names scripts by it; it protects nothing. */
  private static String sha1(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-1", e);
    }
  }
}
