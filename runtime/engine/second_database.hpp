#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "db/connection.hpp"
#include "engine/observer.hpp"
#include "engine/second_place.hpp"
#include "engine/session.hpp"

namespace luamig::engine {

/// A database beside the one that a revision changes. It is only read, in one snapshot that begins
/// when it is opened and ends with this object, so it takes no part in any commit.
class second_database {
 public:
  /// Opens it for a revision that runs on `main`. Throws error{errc::connection} for one that is
  /// not there (a file is not made) or cannot be reached, error{errc::migration} for the database
  /// of `main` itself, where the two would wait for each other's locks.
  second_database(second_place place, session& main, observer& watching);
  ~second_database();
  second_database(const second_database&) = delete;
  second_database& operator=(const second_database&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return place_.name; }
  /// As any session; a query of it is one of `query`.
  [[nodiscard]] session& door() noexcept { return *door_; }
  /// As session::query. Where `main` takes steps, it is one: its rows are kept. Throws
  /// error{errc::migration} for a statement that does more than read; it was not run.
  [[nodiscard]] std::unique_ptr<row_source> query(session& main, const statement& s,
                                                  bool streaming);

 private:
  friend class second_databases;
  class reading_sink;

  second_place place_;
  std::size_t base_;  // how deep in savepoints `main` was when this was opened
  std::unique_ptr<db::connection> on_;
  std::unique_ptr<reading_sink> sink_;
  std::unique_ptr<session> door_;
  std::unique_ptr<second_database> next_;
};

/// Those that a session has opened.
class second_databases {
 public:
  second_databases() = default;
  ~second_databases() { close(); }
  second_databases(const second_databases&) = delete;
  second_databases& operator=(const second_databases&) = delete;

  /// As the constructor of second_database.
  second_database& open(second_place place, session& main, observer& watching);
  /// Null: it is not open.
  [[nodiscard]] second_database* find(std::string_view name) const noexcept;
  /// Ends every snapshot. Results that are open must be closed before.
  void close() noexcept;

  /// What session::enter and leave are to `main`, at the depth that it gave: a failed read that a
  /// pcall has caught leaves the rest readable.
  void enter();
  void leave(std::size_t depth, bool keep);

  /// As db::connection::interrupt, of all.
  void interrupt() noexcept;

 private:
  // A list, so that a signal's handler can go along it; the first owns the others.
  std::atomic<second_database*> first_{nullptr};
};

/// Says which second database an error is about, once; "": it is about the one that is migrated. A
/// lost connection is then one of the script's errors: what is migrated is not touched by it.
void name_second(error& e, std::string_view name);
/// Whether `name_second` has said so.
[[nodiscard]] bool is_of_second(const error& e) noexcept;

}  // namespace luamig::engine
