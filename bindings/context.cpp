#include "bindings/context.hpp"

#include "bindings/stopping.hpp"

namespace luamig::bindings {

engine::door& context::database() const {
  // The database can only be told to end the statement that is running: a loop of short ones is
  // stopped here.
  if (interrupted.load() != 0) throw reason_to_stop(*this);
  if (asked != nullptr) return *asked;
  if (session != nullptr) return *session;
  throw error{errc::migration, "there is no database here",
              "op and db work inside upgrade(), downgrade() and verify()"};
}

}  // namespace luamig::bindings
