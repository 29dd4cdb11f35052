#include "engine/part_record.hpp"

#include <charconv>

#include "base/number.hpp"

namespace luamig::engine {
namespace {

constexpr int most_depth = 64;

/// Every value begins with a letter; those with a size have it, and a colon, behind that.
class part_reader {
 public:
  explicit part_reader(std::string_view bytes) : left_(bytes) {}

  struct item {
    char letter = 0;  // 0: it cannot be read
    std::size_t size = 0;
    std::string_view text;  // of what is no table
  };

  item next() {
    if (left_.empty()) return {};
    item out{left_.front(), 0, {}};
    left_.remove_prefix(1);
    if (std::string_view("nt0f").find(out.letter) != std::string_view::npos) return out;
    if (out.letter == 'E') return next();  // the table of an error follows
    const char* const end = left_.data() + left_.size();
    const auto [colon, failure] = std::from_chars(left_.data(), end, out.size);
    if (failure != std::errc() || colon == end || *colon != ':') return {};
    left_.remove_prefix(static_cast<std::size_t>(colon - left_.data()) + 1);
    if (out.letter == 'T') return out;
    if (left_.size() < out.size) return {};
    out.text = left_.substr(0, out.size);
    left_.remove_prefix(out.size);
    return out;
  }

  /// Passes over what is in it. False: it cannot be read.
  bool pass(const item& over, int depth = 0) {
    if (over.letter == 0 || depth > most_depth) return false;
    if (over.letter != 'T') return true;
    for (std::size_t i = 0; i < 2 * over.size; ++i) {
      if (!pass(next(), depth + 1)) return false;
    }
    return true;
  }

 private:
  std::string_view left_;
};

std::optional<std::int64_t> number(std::string_view digits) {
  double n = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (failure != std::errc() || !(n >= 0 && n < exact_limit)) return std::nullopt;
  return static_cast<std::int64_t>(n);
}

}  // namespace

std::optional<std::int64_t> number_of_part(std::string_view record, std::string_view name) {
  part_reader read(record);
  const part_reader::item table = read.next();
  if (table.letter != 'T') return std::nullopt;
  for (std::size_t i = 0; i < table.size; ++i) {
    const part_reader::item key = read.next();
    if (!read.pass(key)) return std::nullopt;
    const part_reader::item value = read.next();
    if (key.letter == 's' && key.text == name && value.letter == 'd') return number(value.text);
    if (!read.pass(value)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace luamig::engine
