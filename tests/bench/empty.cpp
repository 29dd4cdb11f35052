// Linked to SQLite and LuaJIT, and does nothing: the floor under every start.
#include <sqlite3.h>

#include <lua.hpp>

int main(int argc, char**) {
  if (argc < 2) return 0;
  lua_close(luaL_newstate());
  return sqlite3_libversion_number() == 0;
}
