#include "bindings/bytecode_reader.hpp"

#include <bit>

namespace luamig::bindings::bytecode {
namespace {

constexpr std::string_view signature = "\x1bLJ\x02";
constexpr std::uint32_t stripped = 2;
constexpr std::uint32_t two_slots_a_frame = 8;
constexpr std::uint8_t takes_more_flag = 2;  // of a prototype

class reader {
 public:
  explicit reader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] std::string_view bytes(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_ = rest_.substr(count);  // throws past the end
    return taken;
  }

  [[nodiscard]] std::uint8_t byte() { return static_cast<std::uint8_t>(bytes(1).front()); }

  [[nodiscard]] std::uint32_t number() {
    std::uint32_t n = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t b = byte();
      n |= static_cast<std::uint32_t>(b & 0x7fU) << shift;
      if ((b & 0x80U) == 0) return n;
    }
  }

  void skip_numbers(int count) {
    while (count-- > 0) static_cast<void>(number());
  }

  [[nodiscard]] double real() {
    const std::uint64_t low = number();
    return std::bit_cast<double>(low | std::uint64_t{number()} << 32U);
  }

  // Whether it is an integer is told by one more bit before the first ones.
  [[nodiscard]] double marked_number() {
    const std::uint8_t first = byte();
    std::uint32_t low = (first >> 1U) & 0x3fU;
    if ((first & 0x80U) != 0) {
      unsigned shift = 6;
      for (;; shift += 7) {
        const std::uint8_t b = byte();
        low |= static_cast<std::uint32_t>(b & 0x7fU) << shift;
        if ((b & 0x80U) == 0) break;
      }
    }
    if ((first & 1U) == 0) return static_cast<std::int32_t>(low);
    return std::bit_cast<double>(std::uint64_t{low} | std::uint64_t{number()} << 32U);
  }

  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

prototype read_head(reader& in) {
  prototype p;
  p.takes_more = (in.byte() & takes_more_flag) != 0;
  p.parameters = in.byte();
  static_cast<void>(in.byte());  // the size of its frame
  p.upvalues = in.byte();
  p.objects = in.number();
  p.numbers.resize(in.number());
  const std::size_t instructions = in.number();
  const std::size_t debug_size = in.number();
  if (debug_size > 0) {
    p.first_line = in.number();
    p.lines = in.number();
  }
  p.code = in.bytes(instructions * 4);
  p.captured = in.bytes(p.upvalues * 2);
  p.debug = in.rest().substr(in.rest().size() - debug_size);
  return p;
}

constant read_item(reader& in) {
  using sort = constant::sort;
  const std::uint32_t kind = in.number();
  if (kind >= 5) return {sort::text, 0, in.bytes(kind - 5)};
  switch (kind) {
    case 3:
      return {sort::number, static_cast<double>(static_cast<std::int32_t>(in.number())), {}};
    case 4:
      return {sort::number, in.real(), {}};
    default:
      return {static_cast<sort>(kind), 0, {}};
  }
}

table_constant read_table(reader& in) {
  table_constant table;
  const std::uint32_t items = in.number();
  const std::uint32_t fields = in.number();
  table.has_items = items > 0;
  for (std::uint32_t i = 0; i < items; ++i) static_cast<void>(read_item(in));
  for (std::uint32_t i = 0; i < fields; ++i) {
    constant key = read_item(in);
    table.fields.emplace_back(key, read_item(in));
  }
  return table;
}

// The objects among a prototype's constants as the code counts them.
void read_objects(reader& in, prototype& into) {
  for (std::size_t i = into.texts.size(); i-- > 0;) {
    const std::uint32_t kind = in.number();
    if (kind >= 5) into.texts[i] = in.bytes(kind - 5);
    if (kind == 0) ++into.children;
    if (kind == 1) into.tables.emplace(i, read_table(in));
    if (kind == 2 || kind == 3) in.skip_numbers(2);
    if (kind == 4) in.skip_numbers(4);
  }
}

}  // namespace

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t n = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) n = n << 8U | static_cast<std::uint8_t>(bytes[i]);
  return n;
}

std::uint32_t prototype::line_of(std::size_t instruction) const {
  const std::size_t width = lines < 256 ? 1 : lines < 65536 ? 2 : 4;
  if (debug.size() < (instruction + 1) * width) return 0;
  return first_line + little_endian(debug.substr(instruction * width, width));
}

std::vector<prototype> read(std::string_view dump) {
  if (!dump.starts_with(signature)) return {};
  reader in{dump.substr(signature.size())};
  const std::uint32_t flags = in.number();
  if ((flags & stripped) != 0) return {};
  static_cast<void>(in.bytes(in.number()));  // the chunk's name
  std::vector<prototype> all;
  while (const std::size_t size = in.number()) {
    reader one{in.bytes(size)};
    prototype p = read_head(one);
    p.texts.resize(p.objects);
    read_objects(one, p);
    for (double& number : p.numbers) number = one.marked_number();
    p.first_argument = (flags & two_slots_a_frame) != 0 ? 2 : 1;
    all.push_back(std::move(p));
  }
  return all;
}

}  // namespace luamig::bindings::bytecode
