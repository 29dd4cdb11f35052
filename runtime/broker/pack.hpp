#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "bindings/lua_host.hpp"
#include "db/parameters.hpp"
#include "db/row_target.hpp"
#include "db/rows.hpp"
#include "engine/observer.hpp"
#include "engine/script_host.hpp"
#include "engine/sink.hpp"
#include "engine/step_keeper.hpp"
#include "script/script_directory.hpp"
#include "worker/error_packing.hpp"
#include "worker/jail.hpp"
#include "worker/packing.hpp"

namespace luamig::broker {

using worker::bad_frame;
using worker::get_error;
using worker::packer;
using worker::put;
using worker::unpacker;

// The values of messages. What is taken out of one throws bad_frame where it is none.

void put(packer& to, const value& v);
void put(packer& to, const std::vector<value>& values);
void put(packer& to, const std::vector<std::string>& texts);
void put(packer& to, const db::parameters& given);
void put(packer& to, const db::row_block& rows);
void put(packer& to, const std::vector<db::column>& columns);
void put(packer& to, const db::row_target& target);
/// Without what is the host's to say: `data`, `alone`, `setting`.
void put(packer& to, const engine::statement& s);
void put(packer& to, const engine::observer::rows_done& done);
void put(packer& to, const worker::layers& there);
/// Its limits and -x arguments.
void put(packer& to, const bindings::lua_host_options& options);
void put(packer& to, const script::script& s);
/// Without its script, but for the revision.
void put(packer& to, const engine::step_context& step);

/// The same error as one that a script raises: without what luamig would act on, its exit status
/// among it.
[[nodiscard]] error of_script(error e);
[[nodiscard]] std::vector<value> get_values(unpacker& from);
[[nodiscard]] std::vector<std::string> get_texts(unpacker& from);
[[nodiscard]] db::parameters get_parameters(unpacker& from);
void get_rows(unpacker& from, db::row_block& into);
[[nodiscard]] std::vector<db::column> get_columns(unpacker& from);
[[nodiscard]] db::row_target get_target(unpacker& from);
[[nodiscard]] engine::statement get_statement(unpacker& from);
[[nodiscard]] engine::observer::rows_done get_rows_done(unpacker& from);
[[nodiscard]] worker::layers get_layers(unpacker& from);
[[nodiscard]] bindings::lua_host_options get_options(unpacker& from);
[[nodiscard]] script::script get_script(unpacker& from);
/// The revision of its script goes to `revision`.
[[nodiscard]] engine::step_context get_step(unpacker& from, std::string& revision);

}  // namespace luamig::broker
