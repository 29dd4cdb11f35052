#pragma once

#include "db/connection.hpp"

namespace luamig::db {

/// One transaction of the host. Rolls back when it is destroyed before `commit`; a rollback that
/// fails is kept quiet there, because the first error counts (SQLite's next opener, or PostgreSQL's
/// end of session, rolls back).
class transaction {
 public:
  /// BEGIN IMMEDIATE on SQLite, an enqueued BEGIN on PostgreSQL. `within`: a savepoint of the
  /// transaction that is open, which behaves as one of its own.
  explicit transaction(connection& on, bool within = false);
  /// One that is to be rolled back: it takes no lock of SQLite's before something is written.
  struct for_a_look {};
  transaction(connection& on, for_a_look);
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  /// Throws what COMMIT throws; the transaction is then over.
  void commit();
  void rollback();

 private:
  void end_quietly() noexcept;

  connection& on_;
  bool within_ = false;
  bool open_ = true;
};

}  // namespace luamig::db
