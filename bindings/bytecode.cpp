// The format stands in LuaJIT's lj_bcdump.h, the opcodes in lj_bc.h. A test assigns in each way, so
// that a LuaJIT with other numbers is noticed.
#include "bindings/bytecode.hpp"

#include <array>
#include <map>
#include <vector>

namespace luamig::bindings {
namespace {

constexpr std::string_view signature = "\x1bLJ\x02";
constexpr std::uint32_t stripped = 2;

constexpr std::uint8_t first_uset = 46;  // USETV, USETS, USETN, USETP
constexpr std::uint8_t last_uset = 49;
constexpr std::uint8_t gset = 55;

constexpr std::uint16_t captures_a_local = 0x8000;
constexpr std::uint16_t upvalue_mask = 0x3fff;

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

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t n = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) n = n << 8U | static_cast<std::uint8_t>(bytes[i]);
  return n;
}

// What a prototype assigns outside of itself: the line of the first time.
struct assigned {
  std::map<std::uint16_t, std::uint32_t> upvalues;
  std::map<std::string_view, std::uint32_t> globals;
};

struct prototype {
  std::size_t upvalues = 0;
  std::uint32_t objects = 0;
  std::string_view code;
  std::string_view captured;
  std::uint32_t first_line = 0;
  std::uint32_t lines = 0;
  std::string_view debug;
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

std::uint32_t line_of(const prototype& p, std::size_t instruction) {
  const std::size_t width = p.lines < 256 ? 1 : p.lines < 65536 ? 2 : 4;
  if (p.debug.size() < (instruction + 1) * width) return 0;
  return p.first_line + little_endian(p.debug.substr(instruction * width, width));
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

void read_code(const prototype& p, const std::vector<std::string_view>& texts, assigned& into) {
  for (std::size_t i = 0; i < p.code.size() / 4; ++i) {
    const std::string_view instruction = p.code.substr(i * 4, 4);
    const auto opcode = static_cast<std::uint8_t>(instruction[0]);
    if (opcode >= first_uset && opcode <= last_uset)
      into.upvalues.emplace(static_cast<std::uint8_t>(instruction[1]), line_of(p, i));
    if (opcode == gset)
      into.globals.emplace(texts.at(little_endian(instruction.substr(2))), line_of(p, i));
  }
}

// What a function within assigns is assigned here, but for the locals of this one.
void add_child(const prototype& child, const assigned& of_child, assigned& into) {
  into.globals.insert(of_child.globals.begin(), of_child.globals.end());
  for (const auto& [upvalue, line] : of_child.upvalues) {
    const std::uint32_t from = little_endian(child.captured.substr(upvalue * 2U, 2));
    if ((from & captures_a_local) == 0)
      into.upvalues.emplace(static_cast<std::uint16_t>(from & upvalue_mask), line);
  }
}

outer_assignment first_of(const assigned& all) {
  outer_assignment first;
  for (const auto& [upvalue, line] : all.upvalues)
    if (!first.found || line < first.line) first = {upvalue, {}, line, true};
  for (const auto& [name, line] : all.globals)
    if (!first.found || line < first.line) first = {-1, name, line, true};
  return first;
}

}  // namespace

outer_assignment find_outer_assignment(std::string_view dump) {
  if (!dump.starts_with(signature)) return {};
  reader in{dump.substr(signature.size())};
  if ((in.number() & stripped) != 0) return {};
  static_cast<void>(in.bytes(in.number()));  // the chunk's name
  // Children come before what they are in, the last one on top.
  std::vector<std::pair<prototype, assigned>> done;
  while (const std::size_t size = in.number()) {
    reader one{in.bytes(size)};
    const prototype p = read_head(one);
    std::vector<std::string_view> texts(p.objects);
    const std::size_t children = read_objects(one, texts);
    assigned all;
    read_code(p, texts, all);
    for (std::size_t i = 0; i < children; ++i) {
      add_child(done.back().first, done.back().second, all);
      done.pop_back();
    }
    done.emplace_back(p, std::move(all));
  }
  return done.empty() ? outer_assignment{} : first_of(done.back().second);
}

}  // namespace luamig::bindings
