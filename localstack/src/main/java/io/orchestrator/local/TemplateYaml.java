package io.orchestrator.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * CloudFormation's YAML as plain data: the short forms ({@code !Ref a}) become the long ones
 * ({@code {Ref: a}}).
 */
final class TemplateYaml {
  private TemplateYaml() {}

  static Map<String, Object> read(String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel("template").setSchema(new CoreSchema()).build();
    try {
      Node root =
          new Compose(settings)
              .composeString(text)
              .orElseThrow(() -> new StackException("The template is empty."));
      return Intrinsics.map(plain(root));
    } catch (YamlEngineException e) {
      throw new StackException("The template is not readable: " + e.getMessage(), e);
    }
  }

  private static Object plain(Node node) {
    Object value =
        switch (node) {
          case ScalarNode scalar -> scalar(scalar);
          case SequenceNode sequence -> {
            List<Object> items = new ArrayList<>();
            sequence.getValue().forEach(item -> items.add(plain(item)));
            yield items;
          }
          case MappingNode mapping -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (NodeTuple field : mapping.getValue()) {
              fields.put(((ScalarNode) field.getKeyNode()).getValue(), plain(field.getValueNode()));
            }
            yield fields;
          }
          default ->
              throw new StackException(
                  "The template has an unexpected node at " + node.getStartMark());
        };
    String tag = node.getTag().getValue();
    if (!tag.startsWith("!") || tag.length() == 1) {
      return value;
    }
    String name = tag.substring(1);
    boolean plainName = name.equals("Ref") || name.equals("Condition");
    Map<String, Object> call = new LinkedHashMap<>();
    call.put(plainName ? name : "Fn::" + name, value);
    return call;
  }

  private static Object scalar(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return null;
    }
    if (tag.equals(Tag.BOOL)) {
      return Boolean.valueOf(text);
    }
    if (tag.equals(Tag.INT)) {
      return Long.decode(text);
    }
    return text;
  }
}
