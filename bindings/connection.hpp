#pragma once

#include <lua.hpp>

#include "engine/sink.hpp"

namespace luamig::bindings {

/// A statement in pieces at `index`, each a text, or a text with its parameters:
/// { "UPDATE t SET a = 1 WHERE ", { "status = $1", { "new" } } }. It is at the script's line.
[[nodiscard]] engine::statement join_pieces(lua_State* L, int index);

/// core.rewrite_table(schema, table, sql, comment): the stored text of a table of SQLite
int core_rewrite_table(lua_State* L);
/// core.problem(sql) -> why SQLite cannot prepare it, or nil
int core_problem(lua_State* L);
/// core.execute(text | pieces, params?) -> rows affected
int core_execute(lua_State* L);
/// core.emit(sql, comment?) -> rows affected
int core_emit(lua_State* L);
/// core.open(text, params?, opts?, streaming) -> cursor
int core_open(lua_State* L);
/// core.has_unopened_bracket(sql): whether it would reach out of brackets around it
int core_has_unopened_bracket(lua_State* L);
/// core.check_query(text, params?): an error where the statement does more than read
int core_check_query(lua_State* L);
/// core.look(text | pieces, params?) -> cursor: a query of the database's own catalogs
int core_look(lua_State* L);
/// core.knows_schema() -> whether core.look has an answer
int core_knows_schema(lua_State* L);
/// core.quote(value) -> an SQL literal
int core_quote(lua_State* L);
/// core.shown(value, most) -> the same, cut to so many bytes, as messages show it
int core_shown(lua_State* L);
/// core.ident(name) -> the name in double quotes
int core_ident(lua_State* L);
/// core.dialect() -> "sqlite" | "postgresql"
int core_dialect(lua_State* L);
/// core.is_offline(): --sql, where no database can be asked
int core_is_offline(lua_State* L);
/// core.names_operations(): whether anybody wants to know them
int core_names_operations(lua_State* L);
/// core.begin_operation(name, summary, destroys?): the statements from this line are its own
int core_begin_operation(lua_State* L);

}  // namespace luamig::bindings
