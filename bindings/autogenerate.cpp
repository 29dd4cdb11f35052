#include "bindings/autogenerate.hpp"

#include "bindings/context.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/script_call.hpp"
#include "bindings/stdlib.hpp"

namespace luamig::bindings {
namespace {

void push_text(lua_State* L, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
}

// a list of texts on top
std::vector<std::string> take_texts(lua_State* L) {
  std::vector<std::string> texts;
  const auto count = static_cast<int>(lua_objlen(L, -1));
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, -1, i);
    std::size_t size = 0;
    const char* const data = lua_tolstring(L, -1, &size);
    if (data != nullptr) texts.emplace_back(data, size);
    lua_pop(L, 1);
  }
  return texts;
}

}  // namespace

std::vector<std::string> ask_autogenerate(lua_State* L, int environment, std::string_view function,
                                          const std::vector<std::string>& given) {
  const file_scope scope(context::of(L), environment, nullptr);
  std::vector<std::string> answer;
  auto failure = attempt(L, [&](lua_State* inner) {
    push_module(inner, "luamig.autogenerate");
    push_text(inner, function);
    lua_rawget(inner, -2);
    push(inner, environment);
    for (const std::string& text : given) push_text(inner, text);
    call_script(inner, static_cast<int>(given.size()) + 1, 1);
    answer = take_texts(inner);
  });
  if (failure) throw leaving(std::move(*failure), errc::script, "");
  return answer;
}

}  // namespace luamig::bindings
