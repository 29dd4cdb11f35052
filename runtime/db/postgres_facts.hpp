#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/statement_facts.hpp"

namespace luamig::db {

/// Reads statements by PostgreSQL's own parser (libpg_query, loaded with the first question).
class postgres_reader {
 public:
  postgres_reader();
  ~postgres_reader();

  struct answer {
    statement_facts facts;
    bool parsed = false;        ///< false: a syntax error, or newer than the parser
    bool can_stream = false;    ///< a SELECT, VALUES or TABLE that a cursor may be declared for
    bool takes_data = false;    ///< a COPY … FROM STDIN that is refused for its missing data only
    bool changes_undo = false;  ///< rows of undo_table, which is no script's to change
    bool may_dirty = false;     ///< may leave temporary tables, LISTEN or advisory locks behind
  };
  /// Kept by text, or by its shape: what is asked of a statement does not hang on its numbers.
  /// Throws error{errc::connection} when the library is missing.
  [[nodiscard]] const answer& read(std::string_view sql);

  /// The text's statements, viewing it, without the comments and blanks between them.
  [[nodiscard]] std::vector<std::string_view> split(std::string_view text);

  /// "schema.table" or "table".
  void protect(const std::vector<std::string>& tables);

 private:
  struct library;
  [[nodiscard]] const library& parser();
  [[nodiscard]] answer analyse(std::string_view sql);

  std::unique_ptr<library> library_;
  std::vector<std::string> protected_;  // table names alone
  std::vector<std::string> schemas_;    // that hold them
  std::map<std::string, answer, std::less<>> known_;
};

}  // namespace luamig::db
