#include "bindings/unread_calls.hpp"

#include <algorithm>
#include <string>

#include "bindings/bytecode_reader.hpp"
#include "bindings/context.hpp"
#include "bindings/location.hpp"

namespace luamig::bindings {
namespace {

using bytecode::opcode;

constexpr char no_results = 1;

constexpr std::string_view word = "execute";

// What the call at `at` calls was the field of this name. Whatever stands between the two, the
// arguments, uses the slots above.
bool calls_field(const bytecode::prototype& p, std::size_t at, std::string_view name) {
  const char slot = p.instruction(at)[1];
  while (at-- > 0) {
    const std::string_view instruction = p.instruction(at);
    if (p.opcode_of(at) != opcode::get_field || instruction[1] != slot) continue;
    return p.texts.at(static_cast<std::uint8_t>(instruction[2])) == name;
  }
  return false;
}

int append(lua_State*, const void* bytes, std::size_t size, void* to) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return 0;
}

bool frame_at(lua_State* L, int level, const char* what, lua_Debug& frame) {
  return lua_getstack(L, level, &frame) != 0 && lua_getinfo(L, what, &frame) != 0;
}

}  // namespace

std::vector<std::uint32_t> lines_of_unread_calls(std::string_view dump, std::string_view name) {
  std::vector<std::uint32_t> unread;
  std::vector<std::uint32_t> read;
  for (const bytecode::prototype& p : bytecode::read(dump)) {
    for (std::size_t i = 0; i < p.size(); ++i) {
      const std::string_view instruction = p.instruction(i);
      const opcode what = p.opcode_of(i);
      if (what < opcode::call_more || what > opcode::call_and_return || !calls_field(p, i, name))
        continue;
      const bool is_unread = what <= opcode::call && instruction[3] == no_results;
      (is_unread ? unread : read).push_back(p.line_of(i));
    }
  }
  std::erase_if(unread, [&](std::uint32_t line) {
    return line == 0 || std::find(read.begin(), read.end(), line) != read.end();
  });
  std::sort(unread.begin(), unread.end());
  return unread;
}

void note_unread_calls(lua_State* L, const char* chunk) {
  if (!is_user_chunk(chunk)) return;
  context& ctx = context::of(L);
  ctx.scratch.clear();
  if (lua_dump(L, append, &ctx.scratch) != 0) return;
  ctx.unread_calls[chunk] = lines_of_unread_calls(ctx.scratch, word);
}

bool is_unread_call(lua_State* L) {
  lua_Debug frame{};
  if (!frame_at(L, 1, "n", frame) || frame.name == nullptr || frame.name != word) return false;
  if (!frame_at(L, 2, "Sl", frame)) return false;
  const auto& known = context::of(L).unread_calls;
  const auto of_file = known.find(std::string_view(frame.source));
  return of_file != known.end() &&
         std::binary_search(of_file->second.begin(), of_file->second.end(),
                            static_cast<std::uint32_t>(frame.currentline));
}

}  // namespace luamig::bindings
