#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/url.hpp"

namespace luamig::db {

/// One statement of a script, viewing its text.
struct script_statement {
  std::string_view sql;
  std::optional<std::string_view> data;  ///< what a COPY … FROM stdin reads
  int lines_above = 0;                   ///< in the text
  std::string refusal;  ///< why this is no statement at all, "" for one that may be run
  std::string hint;     ///< and the cure
};

/// Cuts a text into its statements by the database's own parser, without a connection; comments and
/// blanks between them belong to none. A syntax error inside a statement is left for its execution
/// to report.
///
/// PostgreSQL: what pg_dump writes is understood: rows below a COPY … FROM stdin, up to a line of
/// `\.`, and psql's \restrict. Any other command of psql has a refusal.
[[nodiscard]] std::vector<script_statement> split(std::string_view text, engine kind);

/// Whether a statement that sets something does so until the end of its transaction only.
[[nodiscard]] bool sets_locally(std::string_view sql, engine kind);

/// Whether a statement works outside a transaction only, without a connection.
[[nodiscard]] bool needs_autocommit(std::string_view sql, engine kind);

}  // namespace luamig::db
