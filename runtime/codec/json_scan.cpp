#include "codec/json_reader.hpp"

namespace luamig::codec {
namespace {

constexpr std::uint32_t none = 0xFFFFFFFF;

class scanner : json_reader {
 public:
  scanner(std::string_view text, json_tokens& into) : json_reader(text), tokens_(into) {}

  void run() {
    tokens_.clear();
    value();
    while (open_ != none) member();
    finish();
  }

 private:
  // One more item or member of the open container, or its end.
  void member() {
    const bool in_object = tokens_[open_].kind == json_kind::object;
    const bool first = tokens_[open_].count == 0;
    blanks();
    if (peek() == (in_object ? '}' : ']')) return close();
    if (!first) {
      if (peek() != ',') expected(in_object ? "',' or '}'" : "',' or ']'");
      skip();
    }
    ++tokens_[open_].count;
    if (in_object) {
      blanks();
      const std::uint32_t start = here();
      const bool plain = key();
      add(start, json_kind::text, plain);
      colon();
    }
    value();
  }

  void value() {
    blanks();
    const std::uint32_t start = here();
    switch (peek()) {
      case '{':
        return open(json_kind::object);
      case '[':
        return open(json_kind::array);
      case '"': {
        const bool plain = string();
        return add(start, json_kind::text, plain);
      }
      default: {
        const json_kind kind = scalar();
        return add(start, kind, true);
      }
    }
  }

  void add(std::uint32_t start, json_kind kind, bool plain) {
    if (tokens_.size() >= most_json_tokens) fail("has more than 10,000,000 values", start);
    const auto next = static_cast<std::uint32_t>(tokens_.size() + 1);
    tokens_.push_back({start, here() - start, next, 0, kind, plain});
  }

  // While a container is open, its `next` is the one around it.
  void open(json_kind kind) {
    if (++depth_ > deepest_json) fail("is nested more than 1000 deep", here());
    if (tokens_.size() >= most_json_tokens) fail("has more than 10,000,000 values", here());
    tokens_.push_back({here(), 0, open_, 0, kind, true});
    open_ = static_cast<std::uint32_t>(tokens_.size() - 1);
    skip();
  }

  void close() {
    skip();
    --depth_;
    json_token& container = tokens_[open_];
    open_ = container.next;
    container.size = here() - container.at;
    container.next = static_cast<std::uint32_t>(tokens_.size());
  }

  json_tokens& tokens_;
  std::size_t depth_ = 0;
  std::uint32_t open_ = none;
};

}  // namespace

void scan_json(std::string_view text, json_tokens& into) { scanner(text, into).run(); }

}  // namespace luamig::codec
