#include "bindings/bytecode_reader.hpp"

namespace luamig::bindings::bytecode {
namespace {

constexpr std::string_view signature = "\x1bLJ\x02";
constexpr std::uint32_t stripped = 2;
constexpr std::uint32_t two_slots_a_frame = 8;

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

  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

prototype read_head(reader& in) {
  prototype p;
  static_cast<void>(in.bytes(3));  // flags, parameters, frame
  p.upvalues = in.byte();
  p.objects = in.number();
  in.skip_numbers(1);  // how many numbers
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

void skip_item(reader& in) {
  const std::uint32_t kind = in.number();
  if (kind >= 5) return static_cast<void>(in.bytes(kind - 5));
  constexpr std::array<int, 5> numbers{0, 0, 0, 1, 2};  // nil, false, true, integer, number
  in.skip_numbers(numbers[kind]);
}

void skip_table(reader& in) {
  const std::uint64_t array = in.number();
  const std::uint64_t hash = in.number();
  for (std::uint64_t i = 0; i < array + 2 * hash; ++i) skip_item(in);
}

// The texts among a prototype's constants as the code counts them, and how many are prototypes.
std::size_t read_objects(reader& in, std::vector<std::string_view>& texts) {
  std::size_t children = 0;
  for (std::size_t i = texts.size(); i-- > 0;) {
    const std::uint32_t kind = in.number();
    if (kind >= 5) texts[i] = in.bytes(kind - 5);
    if (kind == 0) ++children;
    if (kind == 1) skip_table(in);
    if (kind == 2 || kind == 3) in.skip_numbers(2);
    if (kind == 4) in.skip_numbers(4);
  }
  return children;
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
    p.children = read_objects(one, p.texts);
    p.first_argument = (flags & two_slots_a_frame) != 0 ? 2 : 1;
    all.push_back(std::move(p));
  }
  return all;
}

}  // namespace luamig::bindings::bytecode
