#include "db/transaction.hpp"

#include "base/error.hpp"

namespace luamig::db {

transaction::transaction(connection& on) : on_(on) {
  on_.act_as(authority::host);
  on_.enqueue(on_.kind() == engine::sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
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
  on_.execute("COMMIT");
  open_ = false;
}

void transaction::rollback() {
  if (!open_) return;
  open_ = false;
  on_.act_as(authority::host);
  on_.execute("ROLLBACK");
}

}  // namespace luamig::db
