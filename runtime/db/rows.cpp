#include "db/rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.hpp"
#include "db/checks.hpp"
#include "db/value_text.hpp"

namespace luamig::db {

namespace {

[[noreturn]] void refuse_array(const std::string& why) {
  throw error{errc::sql, "cannot read the array: " + why,
              "select its parts by unnest(…), or cast it to text"};
}

template <typename Number>
Number number_of(std::string_view text) {
  Number out{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc{} || end != text.data() + text.size()) {
    throw error{errc::sql, "'" + std::string(text) + "' is not a number that fits"};
  }
  return out;
}

value element_value(std::string&& text, cell_kind kind) {
  switch (kind) {
    case cell_kind::boolean:
      return value{text == "t" || text == "true"};
    case cell_kind::integer:
      return value{number_of<std::int64_t>(text)};
    case cell_kind::real:
      return value{number_of<double>(text)};
    case cell_kind::decimal:
      return value{decimal{std::move(text)}};
    case cell_kind::blob:
      return value{blob{from_hex(text)}};
    default:
      return value{std::move(text)};
  }
}

/// Reads "{a,"b ""c""",NULL}" from left to right; an array in it is an array.
class array_reader {
 public:
  array_reader(std::string_view text, cell_kind element) : text_(text), element_(element) {}

  array read() {
    if (peek() == '[') refuse_array("its first index is not 1");
    array out = read_items();
    if (at_ != text_.size()) refuse_array("something follows it");
    return out;
  }

 private:
  [[nodiscard]] char peek() const {
    if (at_ >= text_.size()) refuse_array("its text ends too early");
    return text_[at_];
  }

  array read_items() {
    if (peek() != '{') refuse_array("no braces around it");
    ++at_;
    array out;
    while (peek() != '}') {
      out.items.push_back(read_item());
      if (peek() == ',') ++at_;
    }
    ++at_;
    return out;
  }

  value read_item() {
    if (text_[at_] == '{') return value{read_items()};
    if (text_[at_] == '"') return element_value(read_quoted(), element_);
    const std::size_t end = std::min(text_.find_first_of(",}", at_), text_.size());
    std::string plain(text_.substr(at_, end - at_));
    at_ = end;
    if (plain == "NULL") return value{null_value{}};
    return element_value(std::move(plain), element_);
  }

  std::string read_quoted() {
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_];
    }
    ++at_;
    return out;
  }

  std::string_view text_;
  cell_kind element_;
  std::size_t at_ = 0;
};

struct array_item_writer {
  std::string& out;

  void quoted(std::string_view s) const {
    out += '"';
    for (std::size_t at = 0; at < s.size();) {
      const std::size_t special = std::min(s.find_first_of("\"\\", at), s.size());
      out.append(s, at, special - at);
      if (special < s.size()) {
        out += '\\';
        out += s[special];
      }
      at = special + 1;
    }
    out += '"';
  }
  void operator()(null_value) const { out += "NULL"; }
  void operator()(bool b) const { quoted(b ? "t" : "f"); }
  void operator()(std::int64_t i) const {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), i);
    out.append(digits.data(), end.ptr);
  }
  void operator()(double d) const { quoted(real_text(d)); }
  void operator()(const decimal& d) const { quoted(d.digits); }
  void operator()(const std::string& s) const {
    check_postgres_text(s);  // here, where its offset is what the script knows
    quoted(s);
  }
  void operator()(const blob& b) const { quoted("\\x" + to_hex(b.bytes)); }
  void operator()(const array& a) const {
    if (a.items.empty()) {
      throw error{errc::sql, "an empty array inside an array: PostgreSQL would not keep it",
                  "leave it out, or write null"};
    }
    out += format_array(a);
  }
};

}  // namespace

void check_postgres_cell(const row_block& block, const cell& c) {
  if (c.kind == cell_kind::decimal) check_decimal(decimal{std::string(block.bytes(c))});
  if (c.kind != cell_kind::text && c.kind != cell_kind::array) return;
  const std::string fault = postgres_text_fault(block.bytes(c));
  if (fault.empty()) return;
  error e{errc::sql, "the text " + fault, std::string(as_bytes_hint)};
  e.kind = "invalid_value";
  throw error{std::move(e)};
}

value to_value(const row_block& block, const cell& c, cell_kind element) {
  switch (c.kind) {
    case cell_kind::null:
      return value{null_value{}};
    case cell_kind::boolean:
      return value{c.integer != 0};
    case cell_kind::integer:
      return value{c.integer};
    case cell_kind::real:
      return value{c.real};
    case cell_kind::decimal:
      return value{decimal{std::string(block.bytes(c))}};
    case cell_kind::text:
      return value{std::string(block.bytes(c))};
    case cell_kind::blob:
      return value{blob{std::string(block.bytes(c))}};
    case cell_kind::array:
      return value{parse_array(block.bytes(c), element)};
  }
  return value{null_value{}};
}

namespace {

void write_item(const array_item_writer& to, const row_block& block, const cell& c) {
  check_postgres_cell(block, c);
  switch (c.kind) {
    case cell_kind::null:
      return to(null_value{});
    case cell_kind::boolean:
      return to(c.integer != 0);
    case cell_kind::integer:
      return to(c.integer);
    case cell_kind::real:
      return to(c.real);
    case cell_kind::blob:
      return to.quoted("\\x" + to_hex(block.bytes(c)));
    case cell_kind::decimal:
    case cell_kind::text:
    case cell_kind::array:
      return to.quoted(block.bytes(c));
  }
}

}  // namespace

std::string format_column(const row_block& block, std::size_t column) {
  std::string out = "{";
  for (std::size_t row = 0; row < block.rows(); ++row) {
    if (row > 0) out += ',';
    write_item({out}, block, block.at(row, column));
  }
  return out + "}";
}

bool row_block::assign(std::size_t columns, std::vector<cell> cells, std::string_view bytes) {
  clear(columns);
  if (columns == 0 ? !cells.empty() : cells.size() % columns != 0) return false;
  for (const cell& c : cells) {
    const auto kind = static_cast<std::uint8_t>(c.kind);
    if (kind > static_cast<std::uint8_t>(cell_kind::array)) return false;
    const bool has_bytes = c.kind >= cell_kind::decimal;
    if (has_bytes && (c.offset > bytes.size() || c.size > bytes.size() - c.offset)) return false;
  }
  cells_ = std::move(cells);
  count_ = cells_.size();
  bytes_ = bytes;
  return true;
}

void row_block::grow() {
  constexpr std::size_t least = 64;
  cells_.resize(std::max(least, 2 * cells_.size()));
}

void row_block::add_copy(const row_block& from, const cell& c) {
  switch (c.kind) {
    case cell_kind::null:
      return add_null();
    case cell_kind::boolean:
      return add_boolean(c.integer != 0);
    case cell_kind::integer:
      return add_integer(c.integer);
    case cell_kind::real:
      return add_real(c.real);
    default:
      return add_bytes(c.kind, from.bytes(c));
  }
}

void row_block::add_value(const value& v) {
  if (v.is_null()) return add_null();
  if (const auto* b = std::get_if<bool>(&v)) return add_boolean(*b);
  if (const auto* i = std::get_if<std::int64_t>(&v)) return add_integer(*i);
  if (const auto* d = std::get_if<double>(&v)) return add_real(*d);
  if (const auto* d = std::get_if<decimal>(&v)) {
    check_decimal(*d);
    return add_bytes(cell_kind::decimal, d->digits);
  }
  if (const auto* b = std::get_if<blob>(&v)) return add_bytes(cell_kind::blob, b->bytes);
  if (const auto* a = std::get_if<array>(&v)) return add_bytes(cell_kind::array, format_array(*a));
  add_bytes(cell_kind::text, std::get<std::string>(v));
}

array parse_array(std::string_view text, cell_kind element) {
  return array_reader{text, element}.read();
}

std::string format_array(const array& a) {
  std::string out = "{";
  for (const value& item : a.items) {
    if (out.size() > 1) out += ',';
    std::visit(array_item_writer{out}, as_variant(item));
  }
  return out + "}";
}

}  // namespace luamig::db
