#include "db/transaction.hpp"

#include "base/error.hpp"

namespace luamig::db {

transaction::transaction(connection& on, bool within) : on_(on), within_(within) {
  on_.act_as(authority::host);
  const std::string_view begin = on_.kind() == engine::sqlite ? "BEGIN IMMEDIATE" : "BEGIN";
  on_.enqueue(within_ ? "SAVEPOINT luamig_within" : begin);
}

transaction::transaction(connection& on, for_a_look) : on_(on), within_(false) {
  on_.act_as(authority::host);
  on_.enqueue("BEGIN");
}

transaction::~transaction() { end_quietly(); }

/// The first error counts; a transaction that nobody ends is rolled back by the database. The one
/// catch here: nothing gets out of a destructor.
void transaction::end_quietly() noexcept {
  try {
    rollback();
  } catch (const std::exception&) {
    open_ = false;
  }
}

void transaction::commit() {
  struct unless_committed {
    transaction& of;
    ~unless_committed() { of.end_quietly(); }
  };
  const unless_committed undo{*this};
  on_.act_as(authority::host);
  on_.execute(within_ ? "RELEASE SAVEPOINT luamig_within" : "COMMIT");
  open_ = false;
}

void transaction::rollback() {
  if (!open_) return;
  open_ = false;
  on_.act_as(authority::host);
  if (!within_) {
    on_.execute("ROLLBACK");
    return;
  }
  on_.enqueue("ROLLBACK TO SAVEPOINT luamig_within");
  on_.execute("RELEASE SAVEPOINT luamig_within");
}

}  // namespace luamig::db
