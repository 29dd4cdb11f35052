#pragma once

#include <string>
#include <string_view>

#include "db/statement_facts.hpp"
#include "engine/sink.hpp"

namespace luamig::engine {

// What a text of SQL must not be, before any of it runs. Each refusal is error{errc::migration}
// with the statement and its place.

[[noreturn]] void refuse(const statement& s, std::string why, std::string hint);
/// Refuses what the database would cut off or pass over without a word: a NUL, a comment that never
/// ends. `own_lines`: the text is that of a file, from line `s.line` on.
void check_text(std::string_view text, db::engine kind, const statement& s, bool own_lines);
/// Refuses a text of comments and blanks.
void require_statement(std::string_view text, db::engine kind, const statement& s);
/// Whether it can only read. One that is refused anyway has a reason of its own, and so has what
/// SQLite cannot read.
[[nodiscard]] bool only_reads(const db::statement_facts& facts, db::engine kind);

}  // namespace luamig::engine
