#include "bindings/core.hpp"

#include <algorithm>
#include <array>

#include "bindings/captured.hpp"
#include "bindings/connection.hpp"
#include "bindings/context.hpp"
#include "bindings/crew.hpp"
#include "bindings/crypto_words.hpp"
#include "bindings/csv_export.hpp"
#include "bindings/csv_file.hpp"
#include "bindings/csv_words.hpp"
#include "bindings/databases.hpp"
#include "bindings/environment.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/json.hpp"
#include "bindings/lazy_row.hpp"
#include "bindings/library.hpp"
#include "bindings/row_work.hpp"
#include "bindings/row_writing.hpp"
#include "bindings/rows.hpp"
#include "bindings/savepoint.hpp"
#include "bindings/steps.hpp"
#include "bindings/text_words.hpp"
#include "bindings/time_words.hpp"
#include "bindings/undo_words.hpp"
#include "bindings/value.hpp"
#include "bindings/words.hpp"

namespace luamig::bindings {
namespace {

// Everything Lua can ask of C++.
constexpr std::array functions{
    // The database
    luaL_Reg{"execute", guarded<core_execute>},
    luaL_Reg{"runs_programs", guarded<core_runs_programs>},
    luaL_Reg{"new_work", guarded<core_new_work>},
    luaL_Reg{"emit", guarded<core_emit>},
    luaL_Reg{"open", guarded<core_open>},
    luaL_Reg{"check_query", guarded<core_check_query>},
    luaL_Reg{"has_unopened_bracket", guarded<core_has_unopened_bracket>},
    luaL_Reg{"look", guarded<core_look>},
    luaL_Reg{"knows_schema", guarded<core_knows_schema>},
    luaL_Reg{"rewrite_table", guarded<core_rewrite_table>},
    luaL_Reg{"rebuild", guarded<core_rebuild>},
    luaL_Reg{"problem", guarded<core_problem>},
    luaL_Reg{"quote", guarded<core_quote>},
    luaL_Reg{"shown", guarded<core_shown>},
    luaL_Reg{"ident", guarded<core_ident>},
    luaL_Reg{"dialect", guarded<core_dialect>},
    luaL_Reg{"is_offline", guarded<core_is_offline>},
    luaL_Reg{"names_operations", guarded<core_names_operations>},
    luaL_Reg{"begin_operation", guarded<core_begin_operation>},
    luaL_Reg{"has_session", guarded<core_has_session>},
    // Second databases
    luaL_Reg{"database", guarded<core_database>},
    luaL_Reg{"within", guarded<core_within>},
    // Savepoints
    luaL_Reg{"pcall", guarded<word_pcall>},
    luaL_Reg{"xpcall", guarded<word_xpcall>},
    luaL_Reg{"try", guarded<core_try>},
    luaL_Reg{"transaction", guarded<core_transaction>},
    // The steps of a durable revision
    luaL_Reg{"takes_steps", guarded<core_takes_steps>},
    luaL_Reg{"begin_step", guarded<core_begin_step>},
    luaL_Reg{"touched", guarded<core_touched>},
    luaL_Reg{"begun_before", guarded<core_begun_before>},
    luaL_Reg{"part_of_step", guarded<core_part_of_step>},
    luaL_Reg{"keep_part", guarded<core_keep_part>},
    luaL_Reg{"try_part", guarded<core_try_part>},
    luaL_Reg{"undo_part", guarded<core_undo_part>},
    luaL_Reg{"keep_ranges", guarded<core_keep_ranges>},
    luaL_Reg{"range_of_step", guarded<core_range_of_step>},
    luaL_Reg{"keep_range", guarded<core_keep_range>},
    luaL_Reg{"why_not_apart", guarded<core_why_not_apart>},
    luaL_Reg{"crew", guarded<core_crew>},
    luaL_Reg{"shared", guarded<core_shared>},
    luaL_Reg{"crew_ends", guarded<core_crew_ends>},
    luaL_Reg{"control", guarded<core_control>},
    luaL_Reg{"reject", guarded<core_reject>},
    luaL_Reg{"run_step", guarded<core_run_step>},
    // Before-images
    luaL_Reg{"undo_table", guarded<core_undo_table>},
    luaL_Reg{"execute_keeping", guarded<core_execute_keeping>},
    luaL_Reg{"write_undo", guarded<core_write_undo>},
    // Values
    luaL_Reg{"is_null", guarded<core_is_null>},
    luaL_Reg{"error", guarded<core_error>},
    luaL_Reg{"exact", guarded<core_exact>},
    luaL_Reg{"blob", guarded<core_blob>},
    luaL_Reg{"array", guarded<core_array>},
    luaL_Reg{"type", guarded<core_type>},
    luaL_Reg{"digits", guarded<core_digits>},
    luaL_Reg{"arithmetic", guarded<core_arithmetic>},
    luaL_Reg{"compare", guarded<core_compare>},
    luaL_Reg{"is_row", guarded<core_is_row>},
    luaL_Reg{"whole", guarded<core_whole>},
    // JSON
    luaL_Reg{"json_decode", guarded<core_json_decode>},
    luaL_Reg{"json_encode", guarded<core_json_encode>},
    luaL_Reg{"json_at", guarded<core_json_at>},
    luaL_Reg{"json_set", guarded<core_json_set>},
    luaL_Reg{"json_kind", guarded<core_json_kind>},
    luaL_Reg{"install_json", guarded<core_install_json>},
    // Texts
    luaL_Reg{"text_lower", guarded<core_text_lower>},
    luaL_Reg{"text_upper", guarded<core_text_upper>},
    luaL_Reg{"text_len", guarded<core_text_len>},
    luaL_Reg{"text_truncate", guarded<core_text_truncate>},
    luaL_Reg{"text_split", guarded<core_text_split>},
    luaL_Reg{"text_of", guarded<core_text_of>},
    // CSV, and rows in bulk
    luaL_Reg{"csv_rows", guarded<core_csv_rows>},
    luaL_Reg{"csv_open", guarded<core_csv_open>},
    luaL_Reg{"csv_create", guarded<core_csv_create>},
    luaL_Reg{"write_rows", guarded<core_write_rows>},
    // Instants
    luaL_Reg{"time_ago", guarded<core_time_ago>},
    luaL_Reg{"time_unix", guarded<core_time_unix>},
    luaL_Reg{"time_iso", guarded<core_time_iso>},
    // Cryptography and UUIDs
    luaL_Reg{"sha256", guarded<core_sha256>},
    luaL_Reg{"hmac", guarded<core_hmac>},
    luaL_Reg{"seal", guarded<core_seal>},
    luaL_Reg{"unseal", guarded<core_unseal>},
    luaL_Reg{"password", guarded<core_password>},
    luaL_Reg{"hex", guarded<core_hex>},
    luaL_Reg{"unhex", guarded<core_unhex>},
    luaL_Reg{"base64", guarded<core_base64>},
    luaL_Reg{"unbase64", guarded<core_unbase64>},
    luaL_Reg{"random", guarded<core_random>},
    luaL_Reg{"uuid4", guarded<core_uuid4>},
    luaL_Reg{"uuid7", guarded<core_uuid7>},
    // The step
    luaL_Reg{"fail", guarded<core_fail>},
    luaL_Reg{"log", guarded<core_log>},
    luaL_Reg{"worked", guarded<core_worked>},
    luaL_Reg{"nearest", guarded<core_nearest>},
    luaL_Reg{"context", guarded<core_context>},
    luaL_Reg{"x", guarded<core_x>},
    luaL_Reg{"now", guarded<core_now>},
    luaL_Reg{"clock", guarded<core_clock>},
    luaL_Reg{"sleep", guarded<core_sleep>},
    luaL_Reg{"secret", guarded<core_secret>},
    luaL_Reg{"getenv", guarded<core_getenv>},
    // Environments
    luaL_Reg{"compile", guarded<core_compile>},
    luaL_Reg{"library", guarded<core_library>},
    luaL_Reg{"source_of", guarded<core_source_of>},
    luaL_Reg{"captured_assignment", guarded<core_captured_assignment>},
    luaL_Reg{"captured_change", guarded<core_captured_change>},
    luaL_Reg{"captured_stream", guarded<core_captured_stream>},
    luaL_Reg{"called", guarded<core_called>},
    luaL_Reg{"counted", guarded<core_counted>},
    luaL_Reg{"counted_resume", guarded<core_counted_resume>},
    luaL_Reg{"caller_environment", guarded<core_caller_environment>},
    luaL_Reg{"current_environment", guarded<core_current_environment>},
    luaL_Reg{"in_main_chunk", guarded<core_in_main_chunk>},
    luaL_Reg{"has_module", guarded<core_has_module>},
    // What the stdlib gives to C++, once
    luaL_Reg{"install_exact", guarded<core_install_exact>},
    luaL_Reg{"install_rows", guarded<core_install_rows>},
    luaL_Reg{"install_environment", guarded<core_install_environment>},
};

// One call may make no longer text: its memory is counted, but not refused. And LuaJIT's own bound,
// past which it gives an empty text.
std::size_t longest_text(const context& ctx) {
  constexpr std::size_t most = 0x7fffff00;
  return ctx.memory.limit == 0 ? most : std::min(most, ctx.memory.limit);
}

}  // namespace

void push_core(lua_State* L) {
  lua_createtable(L, 0, static_cast<int>(functions.size()) + 1);  // core
  for (const luaL_Reg& f : functions) {
    lua_pushcfunction(L, f.func);
    lua_setfield(L, -2, f.name);
  }
  push(L, context::of(L).refs.null);
  lua_setfield(L, -2, "null");
  lua_pushnumber(L, static_cast<double>(longest_text(context::of(L))));
  lua_setfield(L, -2, "longest_text");
}

}  // namespace luamig::bindings
