#include "codec/json_reader.hpp"

namespace luamig::codec {
namespace {

class finder : json_reader {
 public:
  finder(std::string_view text, std::span<const json_step> path)
      : json_reader(text), path_(path.empty() ? std::span(&nowhere, 0) : path) {}

  json_found run() {
    value(path_.data());
    finish();
    return found_;
  }

 private:
  // Where an empty path begins: null is what leads nowhere.
  static constexpr json_step nowhere{};

  // `step`: how the path goes on from this value; null where it does not lead through it.
  void value(const json_step* step) {
    blanks();
    if (step == nullptr && peek() == '"') return static_cast<void>(string());
    const bool is_wanted = step == path_.data() + path_.size();
    const json_step* const inner = is_wanted ? nullptr : step;
    const std::uint32_t start = here();
    json_kind kind = json_kind::text;
    bool plain = true;
    switch (peek()) {
      case '{':
        object(inner);
        kind = json_kind::object;
        break;
      case '[':
        array(inner);
        kind = json_kind::array;
        break;
      case '"':
        plain = string();
        break;
      default:
        kind = scalar();
    }
    if (is_wanted) found_.value = {start, here() - start, 1, 0, kind, plain};
    if (is_wanted) found_.is_there = true;
  }

  void object(const json_step* step) {
    enter();
    bool was_there = false;
    for (bool first = true; more('}', first, "',' or '}'"); first = false) {
      blanks();
      const std::uint32_t start = here();
      const bool plain = key();
      const bool is_next = step != nullptr && is_key(*step, start, plain);
      if (is_next && was_there && found_.twice.size == 0)
        found_.twice = {start, here() - start, 1, 0, json_kind::text, plain};
      was_there = was_there || is_next;
      colon();
      value(is_next ? step + 1 : nullptr);
    }
  }

  void array(const json_step* step) {
    enter();
    double position = 0;
    for (bool first = true; more(']', first, "',' or ']'"); first = false) {
      ++position;
      value(step != nullptr && step->position == position ? step + 1 : nullptr);
    }
  }

  void enter() {
    if (++depth_ > deepest_json) fail("is nested more than 1000 deep", here());
    skip();
  }

  // Whether one more follows in the container that `end` ends.
  bool more(char end, bool first, const char* wanted) {
    blanks();
    if (peek() == end) {
      skip();
      --depth_;
      return false;
    }
    if (first) return true;
    if (peek() != ',') expected(wanted);
    skip();
    return true;
  }

  bool is_key(const json_step& step, std::uint32_t start, bool plain) {
    if (step.position != 0) return false;
    const std::string_view inner = text().substr(start + 1, here() - start - 2);
    if (plain) return inner == step.key;
    scratch_.clear();
    append_unescaped(inner, scratch_);
    return scratch_ == step.key;
  }

  std::span<const json_step> path_;
  json_found found_;
  std::size_t depth_ = 0;
  std::string scratch_;
};

}  // namespace

json_found find_json(std::string_view text, std::span<const json_step> path) {
  return finder(text, path).run();
}

}  // namespace luamig::codec
