#pragma once

#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/value.hpp"
#include "db/connection.hpp"
#include "db/sqlite_policy.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace luamig::db {

/// One prepared statement and what is known of it.
struct sqlite_statement {
  /// Statements of the host that the connection itself has to know.
  enum class role { plain, control, rollback, foreign_keys };
  struct finalizer {
    void operator()(sqlite3_stmt* s) const noexcept;
  };

  std::string text;
  authority who = authority::host;
  std::unique_ptr<sqlite3_stmt, finalizer> raw;
  role part = role::plain;
  bool undoes_savepoint = false;  // ROLLBACK TO
  sqlite_policy::record seen;
  bool in_use = false;
};

/// Binds the values, which must live until the statement is reset. Throws error{errc::migration}
/// for a value that SQLite would not give back, error{errc::sql} for a wrong number of them.
void bind_values(const sqlite_statement& to, std::span<const value> values);

/// Binds the cells of a row of a block in the same way.
void bind_row(const sqlite_statement& to, const row_block& block, std::size_t row);

/// The prepared statements of one connection, kept by their text and by who speaks; the least
/// recently used go first.
class sqlite_statements {
 public:
  sqlite_statements(sqlite3* on, sqlite_policy& policy) : on_(on), policy_(policy) {}

  /// A statement that nobody uses, marked as used. Throws what SQLite says of a text that is no
  /// statement, or more than one.
  [[nodiscard]] sqlite_statement& acquire(std::string_view sql, authority who);
  void release(sqlite_statement& s) noexcept;
  /// Forgets scripts' statements: they were allowed under other rules.
  void forget_scripts();

 private:
  using list = std::list<sqlite_statement>;
  [[nodiscard]] list prepare(std::string_view sql, authority who);
  void trim();

  sqlite3* on_;
  sqlite_policy& policy_;
  list all_;  // the most recently used first
  std::unordered_map<std::string_view, list::iterator> by_text_[2];
};

/// One use of a prepared statement: it is reset and free again on every way out.
class sqlite_statement_use {
 public:
  sqlite_statement_use(sqlite_statements& of, std::string_view sql, authority who)
      : statements_(of), statement_(&of.acquire(sql, who)) {}
  ~sqlite_statement_use() { statements_.release(*statement_); }
  sqlite_statement_use(const sqlite_statement_use&) = delete;
  sqlite_statement_use& operator=(const sqlite_statement_use&) = delete;
  [[nodiscard]] const sqlite_statement& operator*() const { return *statement_; }
  [[nodiscard]] const sqlite_statement* operator->() const { return statement_; }

 private:
  sqlite_statements& statements_;
  sqlite_statement* statement_;
};

}  // namespace luamig::db
