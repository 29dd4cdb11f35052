#include "bindings/header_check.hpp"

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace luamig::bindings {
namespace {

// table at index -> the raw field on top
int push_field(lua_State* L, int index, const char* name) {
  lua_pushstring(L, name);
  lua_rawget(L, index);
  return lua_type(L, -1);
}

bool is_text(lua_State* L, int index, std::string_view expected) {
  if (lua_type(L, index) != LUA_TSTRING) return false;
  std::size_t size = 0;
  const char* data = lua_tolstring(L, index, &size);
  return std::string_view(data, size) == expected;
}

// The value on top is nil, one text, or a list of texts.
bool is_list_of(lua_State* L, const std::vector<std::string>& expected) {
  if (lua_isnil(L, -1)) return expected.empty();
  if (lua_type(L, -1) != LUA_TTABLE)
    return expected.size() == 1 && is_text(L, -1, expected.front());
  if (lua_objlen(L, -1) != expected.size()) return false;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    lua_rawgeti(L, -1, static_cast<int>(i + 1));
    const bool same = is_text(L, -1, expected[i]);
    lua_pop(L, 1);
    if (!same) return false;
  }
  return true;
}

bool same_list(lua_State* L, int index, const char* name,
               const std::vector<std::string>& expected) {
  push_field(L, index, name);
  const bool same = is_list_of(L, expected);
  lua_pop(L, 1);
  return same;
}

bool same_text(lua_State* L, int index, const char* name, std::string_view expected) {
  const bool absent = push_field(L, index, name) == LUA_TNIL;
  const bool same = absent ? expected.empty() : is_text(L, -1, expected);
  lua_pop(L, 1);
  return same;
}

bool same_flag(lua_State* L, int index, const char* name, bool expected) {
  const bool absent = push_field(L, index, name) == LUA_TNIL;
  const bool same = absent ? expected : (lua_toboolean(L, -1) != 0) == expected;
  lua_pop(L, 1);
  return same;
}

[[noreturn]] void refuse(const script::script& script, const std::string& message, int line,
                         std::string hint) {
  error e(errc::script, message, std::move(hint));
  e.revision = script.head.revision;
  e.file = script.name;
  e.line = line;
  throw e;
}

void require_same(bool same, const script::script& script, const char* name, int line) {
  if (same) return;
  refuse(script,
         "'" + std::string(name) + "' is another when the file is run than when its text is read",
         line, "write the header as literal values and set each name once");
}

void require_function(lua_State* L, int index, const script::script& script, const char* name,
                      const char* cure) {
  const int type = push_field(L, index, name);
  lua_pop(L, 1);
  if (type == LUA_TFUNCTION) return;
  if (type == LUA_TNIL)
    refuse(script, "the file has no function " + std::string(name) + "()", 0, cure);
  refuse(script, "'" + std::string(name) + "' is a " + lua_typename(L, type) + ", not a function",
         0, "function " + std::string(name) + "() … end");
}

}  // namespace

void compare_header(lua_State* L, int index, const script::script& script) {
  const script::header& head = script.head;
  // Nothing of its own: reading a field makes its name in Lua, which can raise.
  const std::string_view revision = script.is_repeatable() ? "" : std::string_view(head.revision);
  require_same(same_text(L, index, "revision", revision), script, "revision", head.revision_line);
  require_same(same_list(L, index, "down_revision", head.down_revision), script, "down_revision",
               head.down_revision_line);
  require_same(same_list(L, index, "depends_on", head.depends_on), script, "depends_on",
               head.depends_on_line);
  require_same(same_list(L, index, "branch_labels", head.branch_labels), script, "branch_labels",
               head.branch_labels_line);
  require_same(same_list(L, index, "environments", head.environments), script, "environments", 0);
  require_same(same_flag(L, index, "transactional", head.transactional), script, "transactional",
               0);
  require_same(same_text(L, index, "irreversible", head.irreversible), script, "irreversible", 0);
}

void check_functions(lua_State* L, int index, const script::script& script, graph::direction way) {
  if (way == graph::direction::downgrade) {
    if (!script.head.irreversible.empty()) return;
    return require_function(L, index, script, "downgrade",
                            "add function downgrade() … end, or irreversible = \"the reason\"");
  }
  require_function(L, index, script, "upgrade", "function upgrade() … end");
  if (script.head.has_verify)
    require_function(L, index, script, "verify", "function verify() … end");
}

}  // namespace luamig::bindings
