package io.orchestrator.adapter.openapi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** One place of a document: its data, and the pointer that leads there. */
record Tree(Map<String, Object> document, Object data, String path) {
  private static final int REFERENCES_MAX = 16;

  static Tree of(Map<String, Object> document) {
    return new Tree(document, document, "");
  }

  /** What stands below a key; its data is null if there is nothing. */
  Tree at(String key) {
    Object below = data instanceof Map<?, ?> map ? map.get(key) : null;
    return new Tree(document, below, path + "/" + escaped(key));
  }

  /** An item of a list. */
  Tree at(int index) {
    return new Tree(document, ((List<?>) data).get(index), path + "/" + index);
  }

  boolean isThere() {
    return data != null;
  }

  Map<String, Object> map() throws Unsupported {
    if (data instanceof Map<?, ?> map) {
      return OpenApi.strings(map);
    }
    throw new Unsupported(path, "there must be a map here");
  }

  /** The items of a list; none if there is nothing. */
  int size() throws Unsupported {
    if (data == null) {
      return 0;
    }
    if (data instanceof List<?> list) {
      return list.size();
    }
    throw new Unsupported(path, "there must be a list here");
  }

  /** The text here; null if there is none. */
  String text() {
    return data instanceof String text ? text : null;
  }

  boolean isTrue() {
    return Boolean.TRUE.equals(data);
  }

  /** What a {@code $ref} here refers to, in the same document. */
  Tree resolved() throws Unsupported {
    Tree tree = this;
    for (int i = 0; i < REFERENCES_MAX; i++) {
      if (!(tree.data instanceof Map<?, ?> map) || !(map.get("$ref") instanceof String reference)) {
        return tree;
      }
      tree = tree.referred(reference);
    }
    throw new Unsupported(path, "this reference leads in a circle");
  }

  private Tree referred(String reference) throws Unsupported {
    if (!reference.startsWith("#/")) {
      throw new Unsupported(
          path + "/$ref", "a reference into another document is not followed: " + reference);
    }
    Tree tree = Tree.of(document);
    for (String part : reference.substring(2).split("/", -1)) {
      tree = tree.step(key(part));
      if (!tree.isThere()) {
        throw new Unsupported(path + "/$ref", "there is nothing at " + reference);
      }
    }
    return tree;
  }

  private Tree step(String key) {
    return data instanceof List<?> list
            && key.matches("[0-9]{1,4}")
            && Integer.parseInt(key) < list.size()
        ? at(Integer.parseInt(key))
        : at(key);
  }

  /** A key as a reference writes it: escaped as a pointer, and that as a fragment of a URI. */
  static String key(String part) {
    String plain =
        part.indexOf('%') < 0
            ? part
            : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    return plain.replace("~1", "/").replace("~0", "~");
  }

  static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
