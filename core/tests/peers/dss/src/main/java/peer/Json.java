package peer;

import java.util.List;
import java.util.stream.Collectors;

/** One JSON object, written member by member. */
final class Json {
  private final StringBuilder out = new StringBuilder();

  Json text(String name, String value) {
    return member(name, value == null ? "null" : quoted(value));
  }

  Json none(String name) {
    return member(name, "null");
  }

  Json texts(String name, List<String> values) {
    return list(name, values.stream().map(Json::quoted).collect(Collectors.toList()));
  }

  /** {@code values} are JSON already. */
  Json list(String name, List<String> values) {
    return member(name, "[" + String.join(", ", values) + "]");
  }

  String end() {
    return "{" + out + "}";
  }

  private Json member(String name, String value) {
    if (out.length() > 0) {
      out.append(", ");
    }
    out.append(quoted(name)).append(": ").append(value);
    return this;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
